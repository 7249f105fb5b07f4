//! The reference, made from the catalogue and the library's own lists: as Markdown (`docs/reference.md` is this text), as a
//! page with a search field, and as definitions for editors.

mod definitions;
mod html;

pub use definitions::{FILE as DEFINITIONS, definitions};
pub use html::html;

use crate::catalogue::{self, Access, Action, Effect, Field, List, Object};
use crate::script::library::{self, Entry};
use crate::script::testing::{self, TITLE as TESTS};
use std::fmt::Write;

/// The whole reference.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Reference\n\n\
         Made from the catalogue; do not edit. `vitally-script docs NAME` shows the same in the terminal.\n\n\
         *thing* is a record, a Vitally id, or `ext(\"your-id\")`. Keys are Vitally's own. Every example runs against \
         the demo tenant: `vitally-script eval 'CODE' --demo`.\n",
    );
    contents(&mut out);
    for object in catalogue::OBJECTS {
        page(&mut out, object);
    }
    out.push_str("\n# Functions beside Vitally's\n");
    for (title, entries) in library::GROUPS {
        functions(&mut out, title, entries);
    }
    functions(&mut out, "Standard library", library::scripted());
    functions(&mut out, TESTS, testing::ENTRIES);
    out
}

/// What a name means, as Markdown: a function, a list, a trigger or an object; after a dot, a method.
pub fn explain(name: &str, after_dot: bool) -> Option<String> {
    let mut out = String::new();
    if !after_dot {
        if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
            action_entry(&mut out, object, action);
        } else if let Some((_, list)) = catalogue::lists().find(|(_, list)| list.name == name) {
            list_entry(&mut out, list);
        } else if let Some((object, trigger)) =
            catalogue::triggers().find(|(_, trigger)| trigger.name == name)
        {
            let _ = writeln!(
                out,
                "`\"{}\"`: {}. The handler gets one {}.",
                trigger.name, trigger.doc, object.name
            );
        } else if let Some(object) = catalogue::object(name) {
            let _ = writeln!(out, "{}: {}.", object.name, object.doc);
        }
    }
    let of = |entry: &&Entry| {
        let method = entry.signature.split('(').next().is_some_and(|before| before.contains('.'));
        entry.name == name && method == after_dot
    };
    for entry in library::entries().chain(testing::ENTRIES).filter(of) {
        function(&mut out, entry);
    }
    (!out.is_empty()).then(|| out.trim().to_string())
}

/// The actions object by object, as the README shows them.
pub fn action_table() -> String {
    let mut out = String::from("| object | actions |\n| --- | --- |\n");
    for object in catalogue::OBJECTS.iter().filter(|object| !object.actions.is_empty()) {
        let _ = writeln!(
            out,
            "| {} | {} |",
            object.name,
            code_words(object.actions.iter().map(|action| action.name))
        );
    }
    out
}

/// The lists and triggers object by object, as the README shows them.
pub fn list_table() -> String {
    let mut out = String::from("| list | triggers |\n| --- | --- |\n");
    for object in catalogue::OBJECTS.iter().filter(|object| !object.lists.is_empty()) {
        let lists = code_words(object.lists.iter().map(|list| list.name));
        let triggers = code_words(object.triggers.iter().map(|trigger| trigger.name));
        let _ = writeln!(out, "| {lists} | {triggers} |");
    }
    out
}

fn code_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ")
}

fn contents(out: &mut String) {
    let count = |effect| catalogue::actions().filter(|(_, action)| action.effect == effect).count();
    let _ = writeln!(
        out,
        "\n{} objects, {} lists, {} actions ({} read, {} create, {} update, {} delete), {} triggers.\n",
        catalogue::OBJECTS.len(),
        catalogue::lists().count(),
        catalogue::actions().count(),
        count(Effect::Read),
        count(Effect::Create),
        count(Effect::Update),
        count(Effect::Delete),
        catalogue::triggers().count(),
    );
    for object in catalogue::OBJECTS {
        let _ = writeln!(out, "- [{}](#{}): {}", object.name, object.name, object.doc);
    }
}

fn page(out: &mut String, object: &Object) {
    let _ = writeln!(
        out,
        "\n## {}\n\n{}.\n\n| field | value | when | |\n| --- | --- | --- | --- |",
        object.name, object.doc
    );
    for field in object.fields {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            field.name,
            field.kind.words(),
            when(&field.access),
            about(field)
        );
    }
    for list in object.lists {
        list_entry(out, list);
    }
    for action in object.actions {
        action_entry(out, object, action);
    }
    if !object.triggers.is_empty() {
        out.push_str("\n| trigger | happens when |\n| --- | --- |\n");
        for trigger in object.triggers {
            let _ = writeln!(out, "| `{}` | {} |", trigger.name, trigger.doc);
        }
    }
}

/// When a field is read and may be sent, in words.
pub fn when(access: &Access) -> String {
    let mut words = Vec::new();
    if access.read {
        words.push(if access.null { "read, may be empty" } else { "read" });
    }
    if access.create {
        words.push("create");
    }
    if access.update {
        words.push("update");
    }
    words.join(", ")
}

fn about(field: &Field) -> String {
    match field.kind {
        catalogue::Kind::Choice(words) => format!("{} ({})", field.doc, words.join(", ")),
        _ => field.doc.to_string(),
    }
}

fn list_entry(out: &mut String, list: &List) {
    let _ = writeln!(out, "\n### `{}`\n\n{}. Reads, page by page.", list.signature(), list.doc);
    for (key, _) in list.within {
        let _ = writeln!(out, "- `{key}`: only those of one {key}");
    }
    for filter in list.filters {
        let _ = writeln!(out, "- `{}`: {}", filter.name, filter.doc);
    }
    if list.sortable {
        out.push_str("- `sortBy`: updatedAt (the default) or createdAt, newest first\n");
    }
    code(out, list.example);
}

fn action_entry(out: &mut String, object: &Object, action: &Action) {
    let _ = writeln!(
        out,
        "\n### `{}`\n\n{}. {}: `{} {}`.",
        action.signature(object.name),
        action.doc,
        capital(action.effect.word()),
        action.method.as_str(),
        action.path
    );
    if !action.required.is_empty() {
        let _ = writeln!(out, "- needs `{}`", action.required.join("`, `"));
    }
    for group in action.one_of {
        let _ = writeln!(out, "- needs `{}`", group.join("` or `"));
    }
    if action.exactly_one {
        let _ = writeln!(out, "- needs exactly one of `{}`", action.query.join("`, `"));
    } else if !action.query.is_empty() {
        let _ = writeln!(out, "- takes `{}`", action.query.join("`, `"));
    }
    code(out, action.example);
}

fn functions(out: &mut String, title: &str, entries: &[Entry]) {
    let _ = writeln!(out, "\n## {title}");
    for entry in entries {
        function(out, entry);
    }
}

fn function(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "\n### `{}`\n\n{}.", entry.signature, entry.doc);
    code(out, entry.example);
}

fn code(out: &mut String, example: &str) {
    let _ = writeln!(out, "\n```rhai\n{example}\n```");
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
