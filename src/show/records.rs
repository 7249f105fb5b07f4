//! Records as people look for them: names and numbers first, ids and times last.

use super::brief::{brief, brief_cell, time};
use super::card::{card, remark};
use super::width::width_of;
use serde_json::Value;

/// Fields that say which record it is.
const NAMES: &[&str] = &["name", "subject", "title", "label"];
/// A text longer than this is read in a card, not in a table.
const LONG: usize = 40;
/// An id of one's own that is longer than this is no shorthand.
const SHORT_ID: usize = 16;

/// The columns and rows of a table of records. Columns without any value and those of nested values are left to the
/// card.
pub fn arrange(columns: &[String], rows: Vec<Vec<Value>>) -> (Vec<String>, Vec<Vec<Value>>) {
    let cells: Vec<Vec<Value>> =
        rows.into_iter().map(|row| row.into_iter().map(brief_cell).collect()).collect();
    let mut places: Vec<(Rank, usize)> = columns
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let values: Vec<&Value> =
                cells.iter().filter_map(|row| row.get(at)).filter(|value| !is_empty(value)).collect();
            Some((rank(name, &values)?, at))
        })
        .collect();
    places.sort_by_key(|(rank, _)| *rank);
    let names = places.iter().map(|(_, at)| columns[*at].clone()).collect();
    let picked =
        |row: &Vec<Value>| places.iter().map(|(_, at)| row.get(*at).cloned().unwrap_or_default()).collect();
    let rows = cells.iter().map(picked).collect();
    (names, rows)
}

/// One record as a card, its traits a line each; the last line names the fields that are empty.
pub fn record_card(title: &str, fields: Vec<(String, Value)>, width: Option<usize>) -> String {
    let mut lines = Vec::new();
    let mut empty = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Object(traits) if name == "traits" => {
                let named = traits.into_iter().map(|(key, value)| (format!("traits.{key}"), brief(value)));
                lines.extend(named);
            }
            value if is_empty(&value) => empty.push(name),
            value => lines.push((name, brief(value))),
        }
    }
    let text = card(title, &lines, width);
    if empty.is_empty() { text } else { format!("{text}\n{}", remark("empty: ", &empty.join(", "), width)) }
}

/// Where a column stands: the first in the list comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    OwnId,
    Plain,
    Long,
    Time,
    Id,
}

fn rank(name: &str, values: &[&Value]) -> Option<Rank> {
    let texts = || values.iter().filter_map(|value| value.as_str());
    let widest = texts().map(width_of).max().unwrap_or_default();
    let nested = name == "traits" || values.iter().any(|value| value.is_object() || value.is_array());
    if values.is_empty() || nested {
        return None;
    }
    let all_texts = texts().count() == values.len();
    Some(if NAMES.contains(&name) {
        Rank::Name
    } else if name == "externalId" && widest <= SHORT_ID {
        Rank::OwnId
    } else if name == "id" || name == "externalId" || all_texts && texts().all(is_uuid) {
        Rank::Id
    } else if all_texts && texts().any(is_minute) {
        Rank::Time
    } else if widest > LONG {
        Rank::Long
    } else {
        Rank::Plain
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::parse_str(text).is_ok()
}

/// A time without its seconds, as `brief_cell` writes it.
fn is_minute(text: &str) -> bool {
    text.len() == 17
        && text.ends_with('Z')
        && time(&text.replacen(' ', "T", 1).replace('Z', ":00Z")).is_some()
}
