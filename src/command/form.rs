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

/// One record, or one map, as a card.
fn record(value: &Value, object: Option<&'static Object>, width: Option<usize>) -> String {
    let fields: Vec<(String, Value)> = columns(std::slice::from_ref(value), object)
        .into_iter()
        .map(|column| {
            let picked = pick(value, &column).clone();
            (column, picked)
        })
        .collect();
    let Some(object) = object else {
        let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, show::brief(value))).collect();
        return show::card("", &fields, width);
    };
    let name = ["name", "subject", "title", "label", "email"].iter().find_map(|key| value.get(key)?.as_str());
    let title = format!("{} {}", object.name.replace('_', " "), name.unwrap_or_default());
    show::record_card(title.trim(), fields, width)
}

fn list(items: &[Value], object: Option<&'static Object>, width: Option<usize>) -> String {
    if items.is_empty() {
        return "(none)".into();
    }
    if !items.iter().any(Value::is_object) {
        return items.iter().map(show::cell).collect::<Vec<_>>().join("\n");
    }
    let columns = columns(items, object);
    let cells = |item| columns.iter().map(|column| pick(item, column).clone()).collect();
    let rows: Vec<Vec<Value>> = items.iter().map(cells).collect();
    let (columns, rows) = if object.is_some() { show::arrange(&columns, rows) } else { (columns, rows) };
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
