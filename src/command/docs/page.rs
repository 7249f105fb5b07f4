//! The pages of `docs` as people read them.

use super::Entry;
use super::data::accepted;
use crate::catalogue::{self, Action, Answer, Effect, Field, List, Object, Thing, Undo};
use crate::command::fields::kind;
use crate::script::thing::with_article;
use crate::show;
use serde_json::Value;

/// Every function and trigger in short, object by object.
pub fn overview(width: Option<usize>) -> String {
    let mut text = String::new();
    for object in catalogue::OBJECTS {
        let lists = object.lists.iter().map(|list| (list.signature(), list.doc));
        let actions = object.actions.iter().map(|action| (action.signature(object.name), action.doc));
        let triggers =
            object.triggers.iter().map(|trigger| (format!("on(\"{}\", …)", trigger.name), trigger.doc));
        let entries: Vec<(String, Value)> =
            lists.chain(actions).chain(triggers).map(|(name, doc)| (name, doc.into())).collect();
        text.push_str(&show::card(&format!("{} — {}", object.name, object.doc), &entries, width));
        text.push_str("\n\n");
    }
    text.push_str("vitally-script docs NAME explains one of them, with an example.\n");
    text
}

/// One page.
pub fn entry(entry: Entry, width: Option<usize>) -> String {
    match entry {
        Entry::Action(object, action) => self::action(object, action, width),
        Entry::List(object, list) => self::list(object, list, width),
        Entry::Trigger(object, trigger) => {
            let example = format!(
                "on(\"{}\", |{}| {{\n    print({}.id);\n}});",
                trigger.name, object.name, object.name
            );
            format!(
                "{}\n{}\n\nThe handler gets {}.\n\n{}",
                heading(trigger.name, "trigger"),
                trigger.doc,
                with_article(object.name),
                block("Example", &example)
            )
        }
        Entry::Object(object) => self::object(object, width),
    }
}

fn action(object: &'static Object, action: &'static Action, width: Option<usize>) -> String {
    let mut text = heading(&action.signature(object.name), action.effect.word());
    text.push_str(&format!("\n{}\n", action.doc));
    if let Some(parent) = action.parent {
        text.push_str(&format!("\nFirst comes {}: the record or its id.\n", with_article(parent)));
    }
    if let Some(line) = thing(object, action.thing) {
        text.push_str(&format!("\n{line}\n"));
    }
    let mut rules: Vec<String> = Vec::new();
    if !action.required.is_empty() {
        rules.push(format!("needs {}", action.required.join(", ")));
    }
    rules.extend(action.one_of.iter().map(|group| format!("needs {}", group.join(" or "))));
    if action.exactly_one {
        rules.push(format!("needs exactly one of: {}", action.query.join(", ")));
    } else if !action.query.is_empty() {
        rules.push(format!("may also say: {}", action.query.join(", ")));
    }
    if !rules.is_empty() {
        text.push_str(&format!("\nThe map\n  {}\n", rules.join("\n  ")));
    }
    let fields = accepted(object, action);
    if !fields.is_empty() {
        text.push_str(&format!("\nFields it sets\n{}\n", field_table(&fields, width)));
    }
    text.push_str(&format!("\nAnswers {}.\n", answer(object, action.answer)));
    let undo = match (action.effect, action.undo) {
        (Effect::Read, _) | (_, Undo::Nothing) => None,
        (_, Undo::Restore) => Some("Undo puts the old values back."),
        (_, Undo::Remove) => Some("Undo deletes what was made, after asking."),
        (_, Undo::Never) => Some("This cannot be undone."),
    };
    if let Some(undo) = undo {
        text.push_str(&format!("{undo}\n"));
    }
    text.push_str(&format!("\n{}", block("Example", action.example)));
    text
}

fn list(object: &'static Object, list: &'static List, width: Option<usize>) -> String {
    let mut text = heading(&list.signature(), "reads");
    text.push_str(&format!("\n{}\n", list.doc));
    let mut entries: Vec<(String, Value)> = Vec::new();
    for (key, _) in list.within {
        entries.push(((*key).into(), format!("only those of {}", with_article(key)).into()));
    }
    entries.extend(list.filters.iter().map(|filter| (filter.name.into(), filter.doc.into())));
    if list.sortable {
        entries.push(("sortBy".into(), "createdAt or updatedAt; newest first".into()));
    }
    if !entries.is_empty() {
        text.push_str(&format!("\n{}\n", show::card("Filters that Vitally knows", &entries, width)));
    }
    text.push_str(&format!(
        "\nAnswers a lazy list of {} records: pages are read as it is walked.\n\n{}",
        object.name,
        block("Example", list.example)
    ));
    text
}

fn object(object: &'static Object, width: Option<usize>) -> String {
    let fields: Vec<&Field> = object.fields.iter().collect();
    let mut text = heading(object.name, "object");
    text.push_str(&format!("\n{}\n\n{}\n", object.doc, field_table(&fields, width)));
    let lists = object.lists.iter().map(|list| (list.signature(), list.doc));
    let actions = object.actions.iter().map(|action| (action.signature(object.name), action.doc));
    let functions: Vec<(String, Value)> =
        lists.chain(actions).map(|(name, doc)| (name, doc.into())).collect();
    if !functions.is_empty() {
        text.push_str(&format!("\n{}\n", show::card("Functions", &functions, width)));
    }
    let triggers = object.triggers.iter().map(|trigger| (trigger.name.to_string(), trigger.doc.into()));
    let triggers: Vec<(String, Value)> = triggers.collect();
    if !triggers.is_empty() {
        text.push_str(&format!("\n{}\n", show::card("Triggers", &triggers, width)));
    }
    text
}

fn heading(signature: &str, badge: &str) -> String {
    format!("{signature}   [{badge}]\n")
}

fn block(title: &str, lines: &str) -> String {
    format!("{title}\n  {}\n", lines.replace('\n', "\n  "))
}

fn field_table(fields: &[&Field], width: Option<usize>) -> String {
    let entries: Vec<Vec<Value>> = fields
        .iter()
        .map(|field| vec![field.name.into(), kind(field.kind).into(), field.doc.into()])
        .collect();
    let columns = ["field", "type", "about"].map(String::from);
    let width = width.map(|width| width.saturating_sub(2));
    format!("  {}", show::table(&columns, &entries, width).replace('\n', "\n  "))
}

fn thing(object: &Object, thing: Thing) -> Option<String> {
    let which = with_article(object.name);
    match thing {
        Thing::None => None,
        Thing::Key => Some(format!("Give {which}, its id, or ext(\"your-id\").")),
        Thing::KeyOrSource => Some(format!(
            "Give {which}, its id, or ext(\"your-id\"); records that an integration made also need source."
        )),
        Thing::Id => Some(format!("Give {which} or Vitally's own id.")),
    }
}

fn answer(object: &Object, answer: Answer) -> String {
    match answer {
        Answer::Record => format!("{}, as Vitally now has it", with_article(object.name)),
        Answer::Records => format!("a list of {} records, empty if there are none", object.name),
        Answer::True => "true".into(),
        Answer::Json => "a value whose shape Vitally does not document".into(),
    }
}
