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
    let mut parts: Vec<String> = catalogue::OBJECTS
        .iter()
        .map(|object| {
            let triggers =
                object.triggers.iter().map(|trigger| (format!("on(\"{}\", …)", trigger.name), trigger.doc));
            let entries = functions(object).chain(triggers).map(|(name, doc)| (name, doc.into()));
            show::card(&format!("{} — {}", object.name, object.doc), &entries.collect::<Vec<_>>(), width)
        })
        .collect();
    parts.push("vitally-script docs NAME explains one of them, with an example.".into());
    page(&parts)
}

/// One page.
pub fn entry(entry: Entry, width: Option<usize>) -> String {
    match entry {
        Entry::Action(object, action) => page(&self::action(object, action, width)),
        Entry::List(object, list) => page(&self::list(object, list, width)),
        Entry::Trigger(object, trigger) => {
            let (name, record) = (trigger.name, object.name);
            let example = format!("on(\"{name}\", |{record}| {{\n    print({record}.id);\n}});");
            page(&[
                heading(name, "trigger"),
                trigger.doc.into(),
                format!("The handler gets {}.", with_article(record)),
                block("Example", &example),
            ])
        }
        Entry::Object(object) => page(&self::object(object, width)),
    }
}

fn page(parts: &[String]) -> String {
    format!("{}\n", parts.join("\n\n"))
}

fn action(object: &'static Object, action: &'static Action, width: Option<usize>) -> Vec<String> {
    let mut parts = vec![heading(&action.signature(object.name), action.effect.word()), action.doc.into()];
    if let Some(parent) = action.parent {
        parts.push(format!("First comes {}: the record or its id.", with_article(parent)));
    }
    parts.extend(thing(object, action.thing));
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
        parts.push(block("The map", &rules.join("\n")));
    }
    let fields = accepted(object, action);
    if !fields.is_empty() {
        parts.push(block("Fields it sets", &field_table(&fields, width)));
    }
    let undo = match (action.effect, action.undo) {
        (Effect::Read, _) | (_, Undo::Nothing) => "",
        (_, Undo::Restore) => " Undo puts the old values back.",
        (_, Undo::Remove) => " Undo deletes what was made, after asking.",
        (_, Undo::Never) => " This cannot be undone.",
    };
    parts.push(format!("Answers {}.{undo}", answer(object, action.answer)));
    parts.push(block("Example", action.example));
    parts
}

fn list(object: &'static Object, list: &'static List, width: Option<usize>) -> Vec<String> {
    let within = list.within.iter().map(|(key, _)| (*key, format!("only those of {}", with_article(key))));
    let filters = list.filters.iter().map(|filter| (filter.name, filter.doc.to_string()));
    let sorted = list.sortable.then(|| ("sortBy", "createdAt or updatedAt; newest first".to_string()));
    let entries: Vec<(String, Value)> =
        within.chain(filters).chain(sorted).map(|(key, doc)| (key.to_string(), doc.into())).collect();
    let mut parts = vec![heading(&list.signature(), "reads"), list.doc.into()];
    if !entries.is_empty() {
        parts.push(show::card("Filters that Vitally knows", &entries, width));
    }
    parts.push(format!("Answers a lazy list of {} records: pages are read as it is walked.", object.name));
    parts.push(block("Example", list.example));
    parts
}

fn object(object: &'static Object, width: Option<usize>) -> Vec<String> {
    let fields: Vec<&Field> = object.fields.iter().collect();
    let mut parts = vec![heading(object.name, "object"), object.doc.into()];
    parts.push(block("Fields", &field_table(&fields, width)));
    let functions: Vec<(String, Value)> = functions(object).map(|(name, doc)| (name, doc.into())).collect();
    if !functions.is_empty() {
        parts.push(show::card("Functions", &functions, width));
    }
    let triggers = object.triggers.iter().map(|trigger| (trigger.name.to_string(), trigger.doc.into()));
    let triggers: Vec<(String, Value)> = triggers.collect();
    if !triggers.is_empty() {
        parts.push(show::card("Triggers", &triggers, width));
    }
    parts
}

/// The lists and actions of an object, each with its line.
fn functions(object: &'static Object) -> impl Iterator<Item = (String, &'static str)> {
    let lists = object.lists.iter().map(|list| (list.signature(), list.doc));
    lists.chain(object.actions.iter().map(|action| (action.signature(object.name), action.doc)))
}

fn heading(signature: &str, badge: &str) -> String {
    format!("{signature}   [{badge}]")
}

fn block(title: &str, lines: &str) -> String {
    format!("{title}\n  {}", lines.replace('\n', "\n  "))
}

fn field_table(fields: &[&Field], width: Option<usize>) -> String {
    let entries: Vec<Vec<Value>> = fields
        .iter()
        .map(|field| vec![field.name.into(), kind(field.kind).into(), field.doc.into()])
        .collect();
    let columns = ["field", "type", "about"].map(String::from);
    let width = width.map(|width| width.saturating_sub(2));
    show::table(&columns, &entries, width)
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
