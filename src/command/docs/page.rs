//! The pages of `docs` as people read them.

use super::Entry;
use super::data::accepted;
use crate::catalogue::{self, Action, Answer, Effect, Field, List, Object, Thing, Undo};
use crate::command::fields::kind;
use crate::script::library;
use crate::script::thing::with_article;
use crate::show;

/// Space before the entries of a block.
const INDENT: usize = 2;

/// Every function and trigger in short, object by object.
pub fn overview(width: Option<usize>) -> String {
    let mut parts: Vec<String> = catalogue::OBJECTS
        .iter()
        .map(|object| {
            let triggers =
                object.triggers.iter().map(|trigger| (format!("\"{}\"", trigger.name), trigger.doc));
            let title = format!("{} — {}", object.name, object.doc);
            entries(&title, functions(object).chain(triggers), width)
        })
        .collect();
    for (title, group) in library::GROUPS.iter().copied().chain([("Standard library", library::scripted())]) {
        parts.push(entries(title, group.iter().map(|entry| (entry.signature.to_string(), entry.doc)), width));
    }
    parts.push(prose("vitally-script docs NAME explains one of them, with an example.", width));
    page(&parts)
}

/// One page.
pub fn entry(entry: Entry, width: Option<usize>) -> String {
    match entry {
        Entry::Action(object, action) => page(&self::action(object, action, width)),
        Entry::List(object, list) => page(&self::list(object, list, width)),
        Entry::Trigger(object, trigger) => {
            let (name, record) = (trigger.name, object.name);
            let mut parts = vec![heading(name, "trigger"), prose(trigger.doc, width)];
            let example = format!("on(\"{name}\", |{record}| {{\n    print({record}.id);\n}});");
            parts.push(format!("The handler gets {}.", with_article(record)));
            parts.push(block("Example", &example));
            page(&parts)
        }
        Entry::Function(function) => {
            page(&[function.signature.into(), prose(function.doc, width), block("Example", function.example)])
        }
        Entry::Object(object) => page(&self::object(object, width)),
    }
}

fn page(parts: &[String]) -> String {
    format!("{}\n", parts.join("\n\n"))
}

fn action(object: &'static Object, action: &'static Action, width: Option<usize>) -> Vec<String> {
    let mut parts =
        vec![heading(&action.signature(object.name), action.effect.word()), prose(action.doc, width)];
    if let Some(parent) = action.parent {
        parts.push(format!("First comes {}: the record or its id.", with_article(parent)));
    }
    parts.extend(thing(object, action.thing).map(|text| prose(&text, width)));
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
        let rules = rules.iter().map(|rule| show::hanging("  ", rule, width)).collect::<Vec<_>>();
        parts.push(format!("The map\n{}", rules.join("\n")));
    }
    let fields = accepted(object, action);
    if !fields.is_empty() {
        parts.push(format!("Fields it sets\n{}", field_table(&fields, width)));
    }
    let for_good = match (action.effect, action.undo) {
        (Effect::Read, _) | (_, Undo::Nothing | Undo::Restore | Undo::Remove) => "",
        (_, Undo::Never) => " This cannot be undone.",
    };
    parts.push(prose(&format!("Answers {}.{for_good}", answer(object, action.answer)), width));
    parts.push(block("Example", action.example));
    parts
}

fn list(object: &'static Object, list: &'static List, width: Option<usize>) -> Vec<String> {
    let within = list.within.iter().map(|(key, _)| (*key, format!("only those of {}", with_article(key))));
    let filters = list.filters.iter().map(|filter| (filter.name, filter.doc.to_string()));
    let sorted = list.sortable.then(|| ("sortBy", "createdAt or updatedAt; newest first".to_string()));
    let filters: Vec<(String, String)> =
        within.chain(filters).chain(sorted).map(|(key, doc)| (key.to_string(), doc)).collect();
    let mut parts = vec![heading(&list.signature(), "reads"), prose(list.doc, width)];
    if !filters.is_empty() {
        parts.push(entries("Filters that Vitally knows", filters, width));
    }
    let answer = format!("Answers a lazy list of {} records: pages are read as it is walked.", object.name);
    parts.push(prose(&answer, width));
    parts.push(block("Example", list.example));
    parts
}

fn object(object: &'static Object, width: Option<usize>) -> Vec<String> {
    let fields: Vec<&Field> = object.fields.iter().collect();
    let mut parts = vec![heading(object.name, "object"), prose(object.doc, width)];
    parts.push(format!("Fields\n{}", field_table(&fields, width)));
    let mut functions = functions(object).peekable();
    if functions.peek().is_some() {
        parts.push(entries("Functions", functions, width));
    }
    if !object.triggers.is_empty() {
        let triggers = object.triggers.iter().map(|trigger| (trigger.name.to_string(), trigger.doc));
        parts.push(entries("Triggers", triggers, width));
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

/// Names with what they mean, under a title.
fn entries<S: Into<String>>(
    title: &str,
    entries: impl IntoIterator<Item = (String, S)>,
    width: Option<usize>,
) -> String {
    let rows: Vec<Vec<String>> = entries.into_iter().map(|(name, doc)| vec![name, doc.into()]).collect();
    format!("{}\n{}", prose(title, width), show::listing(&rows, INDENT, width))
}

fn prose(text: &str, width: Option<usize>) -> String {
    show::hanging("", text, width)
}

fn field_table(fields: &[&Field], width: Option<usize>) -> String {
    let heads = ["field", "type", "about"].map(String::from).to_vec();
    let rows = fields.iter().map(|field| vec![field.name.into(), kind(field.kind), field.doc.into()]);
    let rows: Vec<Vec<String>> = [heads].into_iter().chain(rows).collect();
    show::listing(&rows, INDENT, width)
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
