//! Values and near misses in plain words, for messages.

use super::record::Record;
use super::thing::{External, with_article};
use rhai::{Array, Dynamic, Map};

/// A value as a message names it: `the text "Acme"`, `the number 9`, `an empty value: ()`.
pub fn described(value: &Dynamic) -> String {
    if value.is_unit() {
        return "an empty value: ()".into();
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return format!("the text \"{}\"", shortened(&text));
    }
    if value.is_int() || value.is_float() {
        return format!("the number {value}");
    }
    if value.is_bool() {
        return format!("{value}");
    }
    if let Some(record) = value.read_lock::<Record>() {
        let other = if record.is_row() { "a row" } else { "a record" };
        return record.object().map_or(other.into(), |object| with_article(object.name));
    }
    if let Some(external) = value.read_lock::<External>() {
        return format!("ext(\"{}\")", external.0);
    }
    if value.is::<Array>() {
        return "a list".into();
    }
    if value.is::<Map>() {
        return "a map".into();
    }
    if value.is_fnptr() {
        return "a function".into();
    }
    kind_word(value.type_name()).into()
}

/// What people call a script type.
pub fn kind_word(type_name: &str) -> &str {
    match type_name.rsplit("::").next().unwrap_or(type_name) {
        "string" | "String" | "ImmutableString" | "&str" | "str" => "text",
        "char" => "a single character (use double quotes for text)",
        "i64" | "f64" | "float" | "int" => "a number",
        "bool" => "true or false",
        "()" | "unit" => "an empty value: ()",
        "array" | "Array" => "a list",
        "map" | "Map" => "a map",
        "Fn" | "FnPtr" => "a function",
        "Record" | "record" => "a record",
        "List" | "list" => "a lazy list",
        "Date" => "a date",
        "Moment" => "a date and time",
        "State" | "state" => "state",
        "Report" | "report" => "the report",
        "Job" | "job" => "a job",
        "Secret" | "secret" => "a secret",
        "Profile" | "Tenant" => "a profile",
        "External" => "ext(…)",
        "range" | "range=" => "a range",
        other if other.starts_with("Range") => "a range",
        _ => "another kind of value",
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\n', "\\n")
}

/// The candidate that `word` was probably meant to be, if any is close.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LEAST: f64 = 0.6;
    let lower = word.to_lowercase();
    let plain = |text: &str| text.to_lowercase().replace('_', "");
    let mut best: Option<(f64, &'a str)> = None;
    for candidate in candidates {
        let score = if plain(candidate) == plain(word) {
            1.0
        } else {
            let (one, two) = (lower.chars().count(), candidate.chars().count());
            let score = |distance: usize| 1.0 - distance as f64 / one.max(two).max(1) as f64;
            // What differs in length differs at least by that much.
            let hopeless = score(one.abs_diff(two));
            if hopeless < LEAST || best.is_some_and(|(top, _)| hopeless <= top) {
                continue;
            }
            score(strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()))
        };
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.filter(|(score, _)| *score >= LEAST).map(|(_, candidate)| candidate)
}

/// ` — did you mean "name"?` or nothing, to be appended to a sentence.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or(String::new(), |near| format!("; did you mean \"{near}\"?"))
}
