//! The reference as one page with a search field. It needs nothing from elsewhere, and without scripts it shows everything.

use super::{about, when};
use crate::catalogue::{self, Action, List, Object, Trigger};
use crate::script::library::html::escaped;
use crate::script::library::{self, Entry};
use crate::script::testing::{self, TITLE as TESTS};
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// One thing on the page.
struct Article {
    /// What links lead to; no two articles share one.
    id: String,
    /// What the list at the side shows.
    name: String,
    body: String,
}

/// The whole page.
pub fn html() -> String {
    let sections: Vec<(String, String, Vec<Article>)> = catalogue::OBJECTS
        .iter()
        .map(|object| (object.name.to_string(), object.doc.to_string(), of_object(object)))
        .chain(groups().map(|(title, entries)| {
            (title.to_string(), String::new(), entries.iter().map(|entry| of_entry(title, entry)).collect())
        }))
        .collect();
    let mut side = String::new();
    let mut main = String::new();
    for (title, doc, articles) in &sections {
        let id = format!("section-{}", slug(title));
        // Writing to a text cannot fail.
        let _ = writeln!(side, "<a href=\"#{id}\">{}</a>", escaped(title));
        let _ = writeln!(main, "<section id=\"{id}\">\n<h2>{}</h2>", escaped(title));
        if !doc.is_empty() {
            let _ = writeln!(main, "<p>{}</p>", prose(doc));
        }
        for article in articles {
            let _ =
                writeln!(side, "<a class=\"inner\" href=\"#{}\">{}</a>", article.id, escaped(&article.name));
            let _ = writeln!(main, "<article id=\"{}\">\n{}</article>", article.id, article.body);
        }
        main.push_str("</section>\n");
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>vitally-script {version}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<nav>\n\
         <input type=\"search\" placeholder=\"Search (press /)\" aria-label=\"Search\">\n{side}</nav>\n<main>\n\
         <h1>vitally-script {version}</h1>\n<p>Every function, list, trigger and field. <i>thing</i> is a record, a Vitally id, \
         or <code>ext(\"your-id\")</code>. Every example runs against the demo tenant: \
         <code>vitally-script eval 'CODE' --demo</code>.</p>\n{main}</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        version = env!("CARGO_PKG_VERSION"),
    )
}

fn groups() -> impl Iterator<Item = (&'static str, &'static [Entry])> {
    let more = [("Standard library", library::scripted()), (TESTS, testing::ENTRIES)];
    library::GROUPS.iter().copied().chain(more)
}

fn of_object(object: &Object) -> Vec<Article> {
    let mut fields = format!("<h3>{}: fields</h3>\n<table>\n", escaped(object.name));
    for field in object.fields {
        let _ = writeln!(
            fields,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(field.name),
            escaped(field.kind.words()),
            escaped(&when(&field.access)),
            prose(&about(field))
        );
    }
    fields.push_str("</table>\n");
    let fields = Article { id: format!("{}-fields", object.name), name: "fields".into(), body: fields };
    let lists = object.lists.iter().map(of_list);
    let actions = object.actions.iter().map(|action| of_action(object, action));
    let triggers = object.triggers.iter().map(of_trigger);
    [fields].into_iter().chain(lists).chain(actions).chain(triggers).collect()
}

fn of_list(list: &List) -> Article {
    let filters =
        list.filters.iter().map(|filter| format!("<code>{}</code>: {}", filter.name, prose(filter.doc)));
    let within = list.within.iter().map(|(key, _)| format!("<code>{key}</code>: only those of one {key}"));
    let rules: Vec<String> = within.chain(filters).collect();
    Article {
        id: list.name.into(),
        name: list.name.into(),
        body: body(&list.signature(), "reads", list.doc, &rules, list.example),
    }
}

fn of_action(object: &Object, action: &Action) -> Article {
    let mut rules = Vec::new();
    if !action.required.is_empty() {
        rules.push(format!("needs <code>{}</code>", action.required.join("</code>, <code>")));
    }
    for group in action.one_of {
        rules.push(format!("needs <code>{}</code>", group.join("</code> or <code>")));
    }
    if !action.query.is_empty() {
        let word = if action.exactly_one { "needs exactly one of" } else { "takes" };
        rules.push(format!("{word} <code>{}</code>", action.query.join("</code>, <code>")));
    }
    Article {
        id: action.name.into(),
        name: action.name.into(),
        body: body(&action.signature(object.name), action.effect.word(), action.doc, &rules, action.example),
    }
}

fn of_trigger(trigger: &Trigger) -> Article {
    let example = format!("on(\"{}\", |record| {{\n    print(record.id);\n}});", trigger.name);
    Article {
        id: trigger.name.into(),
        name: format!("\"{}\"", trigger.name),
        body: body(&format!("\"{}\"", trigger.name), "trigger", trigger.doc, &[], &example),
    }
}

fn of_entry(title: &str, entry: &Entry) -> Article {
    // Several groups have a function of the same name, and some names have several functions.
    let id = format!("{}-{}", slug(title), slug(entry.signature));
    let name = if entry.signature.starts_with('.') { format!(".{}", entry.name) } else { entry.name.into() };
    Article { id, name, body: body(entry.signature, "", entry.doc, &[], entry.example) }
}

fn body(signature: &str, badge: &str, doc: &str, rules: &[String], example: &str) -> String {
    let badge =
        if badge.is_empty() { String::new() } else { format!(" <span class=\"badge\">{badge}</span>") };
    let mut text = format!("<h3>{}{badge}</h3>\n<p>{}.</p>\n", escaped(signature), prose(doc));
    if !rules.is_empty() {
        let _ = writeln!(text, "<ul><li>{}</li></ul>", rules.join("</li><li>"));
    }
    let _ = writeln!(text, "<pre>{}</pre>", escaped(example));
    text
}

/// A text with its `code` marked.
fn prose(text: &str) -> String {
    let mut shown = String::new();
    for (place, part) in text.split('`').enumerate() {
        if place % 2 == 1 {
            let _ = write!(shown, "<code>{}</code>", escaped(part));
        } else {
            shown.push_str(&escaped(part));
        }
    }
    shown
}

/// A text as the end of an address.
fn slug(text: &str) -> String {
    let letters = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .collect::<String>();
    letters.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
