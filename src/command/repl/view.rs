//! How a dialogue shows results: in which form, which columns, how many at once.

use super::super::form;
use crate::catalogue::Object;
use crate::cli::Format;
use crate::script::words::did_you_mean;
use crate::show::{brief_cell, pick};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The form of results. Beside those of the command line there are two for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// One of the command line's.
    As(Format),
    /// Every record as a card.
    Card,
    /// YAML.
    Yaml,
}

/// All forms by their names.
pub const LOOKS: &[(&str, Look)] = &[
    ("table", Look::As(Format::Table)),
    ("card", Look::Card),
    ("json", Look::As(Format::Json)),
    ("jsonl", Look::As(Format::Jsonl)),
    ("csv", Look::As(Format::Csv)),
    ("yaml", Look::Yaml),
];

impl Look {
    /// The form of that name.
    pub fn named(name: &str) -> Option<Look> {
        LOOKS.iter().find(|(known, _)| *known == name).map(|(_, look)| *look)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        LOOKS.iter().find(|(_, look)| *look == self).map_or("table", |(name, _)| name)
    }

    /// Whether it is for people, so that texts stand there as they are.
    pub fn is_for_people(self) -> bool {
        matches!(self, Look::As(Format::Table) | Look::Card)
    }
}

/// Which columns are shown, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Only these; all if empty.
    only: Vec<String>,
    /// Not these.
    without: Vec<String>,
}

impl Columns {
    /// The columns of a text such as `name,mrr,-id`; `all` means every one.
    pub fn parsed(text: &str) -> Columns {
        let words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty() && *word != "all");
        let (without, only): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('-'));
        Columns {
            only: only.into_iter().map(String::from).collect(),
            without: without.into_iter().map(|word| word[1..].to_string()).collect(),
        }
    }

    /// As they are typed.
    pub fn written(&self) -> String {
        let without = self.without.iter().map(|name| format!("-{name}"));
        let all: Vec<String> = self.only.iter().cloned().chain(without).collect();
        if all.is_empty() { "all".into() } else { all.join(",") }
    }

    fn is_all(&self) -> bool {
        self.only.is_empty() && self.without.is_empty()
    }

    /// A record, or every record of a list, with these columns only.
    fn narrowed(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.narrowed(item)).collect(),
            Value::Object(_) => self.of_record(value).into(),
            other => other.clone(),
        }
    }

    fn of_record(&self, record: &Value) -> Map<String, Value> {
        let mut fields = match record {
            Value::Object(fields) if self.only.is_empty() => fields.clone(),
            _ => self.only.iter().map(|name| (name.clone(), pick(record, name).clone())).collect(),
        };
        for name in &self.without {
            let inner = name.split_once('.').and_then(|(head, key)| Some((fields.get_mut(head)?, key)));
            match inner {
                Some((Value::Object(inner), key)) => drop(inner.shift_remove(key)),
                _ => drop(fields.shift_remove(name)),
            }
        }
        fields
    }

    /// What to say about chosen columns that nothing has.
    pub fn unknown(&self, value: &Value) -> Vec<String> {
        let items = if let Value::Array(items) = value { &items[..] } else { std::slice::from_ref(value) };
        let records: Vec<&Value> = items.iter().filter(|item| item.is_object()).collect();
        let has = |name: &str| records.iter().any(|record| is_in(record, name));
        let known: BTreeSet<&String> =
            records.iter().filter_map(|record| record.as_object()).flat_map(Map::keys).collect();
        let missing = self.only.iter().chain(&self.without).filter(|name| !has(name));
        let words = |name: &String| {
            let near = did_you_mean(name, known.iter().map(|key| key.as_str()));
            format!("nothing here has a column \"{name}\"{near}")
        };
        if records.is_empty() { Vec::new() } else { missing.map(words).collect() }
    }
}

/// Whether a record has a column, whatever it holds.
fn is_in(record: &Value, name: &str) -> bool {
    let Value::Object(fields) = record else { return false };
    fields.contains_key(name)
        || name.split_once('.').is_some_and(|(head, rest)| {
            fields.get(head).is_some_and(|inner| is_in(inner, rest) || head == "traits")
        })
}

/// How results are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The form.
    pub look: Look,
    /// The columns.
    pub columns: Columns,
    /// How many items of a list are shown at once.
    pub page: usize,
    /// Whether it is said how long an input took.
    pub time: bool,
}

impl View {
    /// A value as it is shown, without the last line break; `object` is the kind of record it holds.
    pub fn text(&self, value: &Value, object: Option<&'static Object>, width: Option<usize>) -> String {
        let narrowed = (!self.columns.is_all()).then(|| self.columns.narrowed(value));
        // Columns that somebody put in order stay so: they are not arranged as those of a record are.
        let object = object.filter(|_| self.columns.only.is_empty());
        let narrowed = narrowed
            .map(|value| if object.is_none() && self.look.is_for_people() { briefly(value) } else { value });
        let value = narrowed.as_ref().unwrap_or(value);
        match (self.look, value) {
            (Look::As(format), _) => form::text(value, object, format, width),
            (Look::Card, Value::Array(items)) if items.iter().any(Value::is_object) => {
                let cards = items.iter().map(|item| form::text(item, object, Format::Table, width));
                cards.collect::<Vec<_>>().join("\n\n")
            }
            (Look::Card, _) => form::text(value, object, Format::Table, width),
            // JSON is YAML, too.
            (Look::Yaml, _) => serde_saphyr::to_string(value)
                .map_or_else(|_| format!("{value:#}"), |text| text.trim_end().to_string()),
        }
    }
}

/// The values of records in few words.
fn briefly(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(briefly).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, brief_cell(value))).collect(),
        other => other,
    }
}
