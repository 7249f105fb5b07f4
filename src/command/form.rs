//! A value on stdout, in the form that `-o` asked for.

use super::Console;
use super::rows::{Rows, keys};
use crate::catalogue::Object;
use crate::cli::Format;
use crate::show::{self, pick};
use serde_json::Value;
use std::collections::HashSet;

/// Writes a value; `object` is the kind of records it holds, if known.
pub fn write(console: &Console, value: &Value, object: Option<&'static Object>, format: Format) {
    let text = text(value, object, format, console.width());
    if !text.is_empty() {
        console.line(&text);
    }
}

/// A value as text, without the last line break. An empty value is no text at all in a table.
pub fn text(value: &Value, object: Option<&'static Object>, format: Format, width: Option<usize>) -> String {
    match (format, value) {
        (Format::Json, _) => format!("{value:#}"),
        (Format::Jsonl | Format::Csv, Value::Array(items)) => rows(items, object, format),
        (Format::Jsonl | Format::Csv, _) => rows(std::slice::from_ref(value), object, format),
        (Format::Table, Value::Null) => String::new(),
        (Format::Table, Value::String(text)) => text.clone(),
        (Format::Table, Value::Array(items)) => list(items, object, width),
        (Format::Table, Value::Object(_)) => record(value, object, width),
        (Format::Table, _) => value.to_string(),
    }
}

/// One record as a card, its traits a line each.
fn record(value: &Value, object: Option<&'static Object>, width: Option<usize>) -> String {
    let mut fields = Vec::new();
    for column in columns(std::slice::from_ref(value), object) {
        match (column.as_str(), pick(value, &column)) {
            ("traits", Value::Object(traits)) => {
                fields.extend(traits.iter().map(|(key, value)| (format!("traits.{key}"), value.clone())));
            }
            (_, picked) => fields.push((column.clone(), picked.clone())),
        }
    }
    let kind = object.map_or("", |object| object.name).replace('_', " ");
    let name = ["name", "subject", "label", "email"].iter().find_map(|key| value.get(key)?.as_str());
    let title = format!("{kind} {}", name.unwrap_or_default());
    match title.trim() {
        "" => card_without_title(&fields, width),
        title => show::card(title, &fields, width),
    }
}

fn card_without_title(fields: &[(String, Value)], width: Option<usize>) -> String {
    let card = show::card("", fields, width);
    card.trim_start_matches('\n').to_string()
}

fn list(items: &[Value], object: Option<&'static Object>, width: Option<usize>) -> String {
    if items.is_empty() {
        return "(none)".into();
    }
    if !items.iter().any(Value::is_object) {
        return items.iter().map(show::cell).collect::<Vec<_>>().join("\n");
    }
    // A column that holds nothing, or whole records, says little in one line: those that do come first.
    let (plain, nested): (Vec<_>, Vec<_>) = columns(items, object)
        .into_iter()
        .filter(|column| items.iter().any(|item| !pick(item, column).is_null()))
        .partition(|column| {
            !items.iter().any(|item| pick(item, column).is_object() || pick(item, column).is_array())
        });
    let columns: Vec<String> = plain.into_iter().chain(nested).collect();
    let cells = |item| columns.iter().map(|column| pick(item, column).clone()).collect();
    let rows: Vec<Vec<Value>> = items.iter().map(cells).collect();
    show::table(&columns, &rows, width)
}

fn rows(items: &[Value], object: Option<&'static Object>, format: Format) -> String {
    let columns = if format == Format::Csv { columns(items, object) } else { Vec::new() };
    let mut bytes = Vec::new();
    let mut rows = Rows::new(&mut bytes, format, columns);
    for item in items {
        // Writing to memory does not fail.
        let _ = rows.push(item);
    }
    let _ = rows.finish();
    drop(rows);
    String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_string()
}

/// Every key that any item has: the catalogue's order first, then as they come.
fn columns(items: &[Value], object: Option<&'static Object>) -> Vec<String> {
    let mut present = Vec::new();
    let mut seen = HashSet::new();
    for key in items.iter().flat_map(keys) {
        if seen.insert(key.clone()) {
            present.push(key);
        }
    }
    let known = object.map_or(&[][..], |object| object.fields);
    let order =
        |key: &String| known.iter().position(|field| field.name == key.as_str()).unwrap_or(known.len());
    present.sort_by_key(order);
    present
}
