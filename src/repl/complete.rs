//! What a half-typed word can become. Nothing is asked of Vitally: names come from the catalogue and the dialogue.

use super::cursor::Cursor;
use super::meta::METAS;
use super::names::{Function, Names};
use super::paint::KEYWORDS;
use super::receiver::{Receiver, receiver};
use super::records::Wants;
use crate::catalogue::{self, Effect};
use crate::show;

/// What can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where the half-typed word begins, in bytes.
    pub start: usize,
    /// What it can become.
    pub candidates: Vec<Candidate>,
}

/// One thing that a word can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put in place of the word.
    pub text: String,
    /// What is shown: the text, for a function with its values and what it does.
    pub shown: String,
}

/// The columns a line of the list takes.
const WIDE: usize = 78;

/// Finds files whose path begins so; folders end with a slash.
pub type Files<'a> = dyn Fn(&str) -> Vec<String> + 'a;

/// What can stand at the cursor of a line.
pub fn complete(line: &str, at: usize, names: &Names, files: &Files) -> Completion {
    let before = line.get(..at).unwrap_or(line);
    if let Some(rest) = before.strip_prefix(':') {
        return meta(before, rest, names, files);
    }
    if let Some(rest) = before.strip_prefix('?') {
        return completion(before, rest, about());
    }
    let cursor = Cursor::new(before);
    if let Some(text) = cursor.text {
        if let Some((object, wants)) = record_wanted(&cursor) {
            let candidates = names.records.find(object, text, wants);
            return Completion { start: before.len() - text.len(), candidates };
        }
        return completion(before, text, in_text(&cursor, text, names, files));
    }
    completion(before, cursor.word, word(&cursor, names))
}

/// The candidates that begin like the word, each once.
fn completion(before: &str, word: &str, mut candidates: Vec<Candidate>) -> Completion {
    candidates.retain(|candidate| candidate.text.starts_with(word) && candidate.text != word);
    let mut seen = std::collections::HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.text.clone()));
    Completion { start: before.len() - word.len(), candidates }
}

fn meta(before: &str, rest: &str, names: &Names, files: &Files) -> Completion {
    let Some((name, argument)) = rest.split_once(char::is_whitespace) else {
        let all =
            METAS.iter().map(|meta| described(meta.name, &format!("{} {}", meta.name, meta.takes), meta.doc));
        return completion(before, rest, all.collect());
    };
    let word = argument.rsplit(char::is_whitespace).next().unwrap_or(argument);
    let candidates = match name {
        "help" => about(),
        "fields" => catalogue::OBJECTS.iter().map(|object| plain(object.name)).collect(),
        "mode" => ["read-only", "dry-run", "confirm", "live"].map(plain).to_vec(),
        "format" => ["table", "card", "json", "jsonl", "csv", "yaml"].map(plain).to_vec(),
        "set" => ["format", "cols", "page", "time"].map(plain).to_vec(),
        "listen" => ["on", "off"].map(plain).to_vec(),
        "hooks" => vec![plain("drop")],
        "trigger" => catalogue::triggers()
            .map(|(_, trigger)| described(trigger.name, trigger.name, trigger.doc))
            .collect(),
        "names" => ["refresh", "forget"].map(plain).to_vec(),
        "more" | "plan" => vec![plain("all")],
        "profile" => names.profiles.iter().map(plain).collect(),
        "forget" => names.seen.variables.iter().map(|variable| plain(&variable.name)).collect(),
        "load" | "edit" | "save" | "run" | "export" => files(word).iter().map(plain).collect(),
        "apply" => {
            ["--limit", "--canary", "--max-changes", "--max-deletes", "--confirm", "--yes", "--dry-run"]
                .map(plain)
                .to_vec()
        }
        "time" | "type" => return code_after(before, argument, names, files),
        _ => Vec::new(),
    };
    completion(before, word, candidates)
}

/// Completes code that stands after a command.
fn code_after(before: &str, code: &str, names: &Names, files: &Files) -> Completion {
    let inner = complete(code, code.len(), names, files);
    Completion { start: before.len() - code.len() + inner.start, ..inner }
}

/// Everything that has a page.
fn about() -> Vec<Candidate> {
    let functions = Names::default();
    let functions: Vec<Candidate> = functions.functions().map(function).collect();
    let objects = catalogue::OBJECTS.iter().map(|object| described(object.name, object.name, object.doc));
    let triggers =
        catalogue::triggers().map(|(_, trigger)| described(trigger.name, trigger.name, trigger.doc));
    functions.into_iter().chain(objects).chain(triggers).collect()
}

/// What a text can be, by the function that it is given to.
fn in_text(cursor: &Cursor, text: &str, names: &Names, files: &Files) -> Vec<Candidate> {
    let inner = cursor.open.last();
    let call = inner.and_then(|inner| inner.call).unwrap_or_default();
    let of_import = cursor.back(0).is_some_and(|piece| piece.text == "import");
    if of_import || is_about_files(call) {
        return files(text).iter().map(plain).collect();
    }
    match call {
        "on" => catalogue::triggers()
            .map(|(_, trigger)| described(trigger.name, trigger.name, trigger.doc))
            .collect(),
        "profile" => names.profiles.iter().map(plain).collect(),
        _ if inner.is_some_and(|inner| inner.sign == '[' || takes_field(inner.call.unwrap_or_default())) => {
            fields(cursor, names)
        }
        _ => filter_values(cursor),
    }
}

/// The kind of record whose id a text is, and which id: by the function it is given to, or by the key it stands at.
fn record_wanted(cursor: &Cursor) -> Option<(&'static str, Wants)> {
    let (inner, outer) = match &cursor.open[..] {
        [.., outer, inner] if inner.call == Some("ext") => (outer, Wants::External),
        [.., inner] => (inner, Wants::Id),
        [] => return None,
    };
    if inner.sign == '#' && !inner.wants_key {
        return Some((of_key(inner.keys.last()?)?, outer));
    }
    let call = inner.call.filter(|_| inner.sign == '(' && inner.commas == 0)?;
    let takes_id = |action: &catalogue::Action| action.name == call && action.path.contains("{id}");
    let (object, _) = catalogue::actions().find(|(_, action)| takes_id(action))?;
    Some((object.name, outer))
}

/// The kind of record that a key such as `accountId` names; `csmId` and its like name admins.
fn of_key(key: &str) -> Option<&'static str> {
    let kind = key.strip_suffix("Ids").or_else(|| key.strip_suffix("Id"))?;
    if let Some(object) = catalogue::object(kind) {
        return Some(object.name);
    }
    let fields = || catalogue::OBJECTS.iter().flat_map(|object| object.fields);
    let names_admin = fields().any(|field| field.name == key && field.doc.contains("admin"));
    names_admin.then_some("admin")
}

fn is_about_files(call: &str) -> bool {
    ["read_", "write_", "append_"].iter().any(|start| call.starts_with(start))
}

/// Verbs whose first value names a field.
fn takes_field(call: &str) -> bool {
    let verbs = [
        "where",
        "filter",
        "find",
        "any",
        "all",
        "none",
        "count",
        "pluck",
        "map",
        "sort_by",
        "group_by",
        "count_by",
        "index_by",
        "unique_by",
        "sum",
        "avg",
        "min",
        "max",
        "min_by",
        "max_by",
        "get",
        "contains",
    ];
    verbs.contains(&call)
}

/// The fields of what stands before the verb or the bracket.
fn fields(cursor: &Cursor, names: &Names) -> Vec<Candidate> {
    let opened = cursor.done.len().saturating_sub(1);
    let is_index = cursor.open.last().is_some_and(|inner| inner.sign == '[');
    // Before `rows.sort_by(` stand the verb and its dot.
    let end = opened.saturating_sub(if is_index { 0 } else { 2 });
    match receiver(&cursor.done[..end.min(cursor.done.len())], names) {
        Receiver::Items { keys, traits, .. } | Receiver::Fields { keys, traits } => {
            let traits = traits.iter().map(|key| plain(format!("traits.{key}")));
            keys.iter().map(plain).chain(traits).collect()
        }
        Receiver::Traits(keys) => keys.iter().map(plain).collect(),
        Receiver::Text | Receiver::Unknown => Vec::new(),
    }
}

/// The words that a filter of a list knows.
fn filter_values(cursor: &Cursor) -> Vec<Candidate> {
    let [.., outer, inner] = &cursor.open[..] else { return Vec::new() };
    let (Some(call), Some(key)) = (outer.call, inner.keys.last()) else { return Vec::new() };
    let list = catalogue::lists().find(|(_, list)| list.name == call);
    let filter = list.and_then(|(_, list)| list.filters.iter().find(|filter| filter.name == *key));
    filter.map_or(Vec::new(), |filter| filter.values.iter().copied().map(plain).collect())
}

fn word(cursor: &Cursor, names: &Names) -> Vec<Candidate> {
    if cursor.sign() == Some(".") {
        return after_dot(cursor, names);
    }
    if let Some(inner) = cursor.open.last().filter(|inner| inner.wants_key) {
        let call = cursor.open.iter().rev().find_map(|open| open.call);
        return keys(call, inner.key, &inner.keys, names);
    }
    // Many names are no reason to write many descriptions.
    let begins = |name: &str| name.starts_with(cursor.word);
    let variables = names.seen.variables.iter().filter(|variable| begins(&variable.name));
    let variables = variables.map(|variable| described(&variable.name, &variable.name, &variable.kind));
    let functions =
        names.functions().filter(|function| !function.is_method && begins(&function.name)).map(function);
    let modules = names.seen.modules.iter().map(plain);
    variables.chain(functions).chain(modules).chain(KEYWORDS.iter().copied().map(plain)).collect()
}

fn after_dot(cursor: &Cursor, names: &Names) -> Vec<Candidate> {
    let before = &cursor.done[..cursor.done.len() - 1];
    let known = names.functions().filter(|function| function.is_method).map(function);
    let methods = known.chain(names.of_language().map(plain));
    match receiver(before, names) {
        Receiver::Fields { keys, .. } | Receiver::Traits(keys) => keys.iter().map(plain).collect(),
        Receiver::Items { .. } | Receiver::Text => methods.collect(),
        Receiver::Unknown => {
            let all = catalogue::OBJECTS.iter().flat_map(|object| object.fields);
            methods.chain(all.map(|field| plain(field.name))).collect()
        }
    }
}

/// The keys of a map that is given to a function.
fn keys(call: Option<&str>, inside: Option<&str>, there: &[&str], names: &Names) -> Vec<Candidate> {
    let Some(call) = call else { return Vec::new() };
    let all: Vec<Candidate> = if inside == Some("traits") {
        names.traits().iter().map(plain).collect()
    } else if inside.is_some() {
        Vec::new()
    } else if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == call) {
        let may = |field: &&catalogue::Field| match action.effect {
            Effect::Create => field.access.create,
            Effect::Update => field.access.update,
            Effect::Read | Effect::Delete => false,
        };
        object.fields.iter().filter(may).map(|field| described(field.name, field.name, field.doc)).collect()
    } else if let Some((_, list)) = catalogue::lists().find(|(_, list)| list.name == call) {
        list.keys().into_iter().map(plain).collect()
    } else {
        names.functions().filter(|known| known.name == call).flat_map(options).collect()
    };
    all.into_iter().filter(|key| !there.contains(&key.text.as_str())).collect()
}

/// The options that a function names in its signature.
fn options(function: &Function) -> Vec<Candidate> {
    let map = function.signature.split_once("#{").and_then(|(_, rest)| rest.split_once('}'));
    let names = map.map_or("", |(names, _)| names).split(',').map(str::trim);
    names.filter(|name| !["", "…"].contains(name)).map(plain).collect()
}

fn function(function: &Function) -> Candidate {
    described(&function.name, &function.signature, &function.doc)
}

fn plain(text: impl Into<String>) -> Candidate {
    let text = text.into();
    Candidate { shown: text.clone(), text }
}

fn described(text: &str, signature: &str, doc: &str) -> Candidate {
    Candidate { text: text.into(), shown: show::cut(&format!("{signature}  {doc}"), WIDE) }
}
