//! Records as cards, and lists of them as tables, through `show`.

use super::record::Record;
use super::value::{self, to_json};
use crate::catalogue::{Field, Kind};
use crate::show;
use rhai::{Dynamic, Map};
use serde_json::Value;

/// A record as a card. `width` is the number of columns it may take; `None` cuts nothing.
pub fn card_of(record: &Record, width: Option<usize>) -> String {
    show::card(&record.title(), &card_fields(record), width)
}

/// The fields of a record that have a value: in the catalogue's order, then what the catalogue does not know.
pub fn card_fields(record: &Record) -> Vec<(String, Value)> {
    let fields = columns(record).into_iter().filter_map(|name| {
        let value = short(record.node().get(&name)?.to_value());
        (!value.is_null()).then_some((name, value))
    });
    fields.collect()
}

/// Records or maps as a table; `None` if there are none, or if other things are among them.
pub fn table_of<'a>(items: impl IntoIterator<Item = &'a Dynamic>, width: Option<usize>) -> Option<String> {
    let (columns, rows) = table_rows(items)?;
    Some(show::table(&columns, &rows, width))
}

/// The columns and rows of such a table. Of records, those columns that have a value somewhere, in the catalogue's
/// order; of maps, every key in the order of its first appearance.
pub fn table_rows<'a>(
    items: impl IntoIterator<Item = &'a Dynamic>,
) -> Option<(Vec<String>, Vec<Vec<Value>>)> {
    let items: Vec<&Dynamic> = items.into_iter().collect();
    let mut names: Vec<String> = Vec::new();
    let mut object = None;
    for item in &items {
        let more = match item.read_lock::<Record>() {
            Some(record) => {
                object = object.or(record.object());
                columns(&record).into_iter().filter(|name| in_table(&record, name)).collect()
            }
            None => item.read_lock::<Map>()?.keys().map(ToString::to_string).collect::<Vec<_>>(),
        };
        names.extend(more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    if let Some(object) = object {
        let place = |name: &String| object.fields.iter().position(|field| field.name == name);
        names.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
        let filled = |name: &String| items.iter().any(|item| !cell_of(item, name).is_null());
        names.retain(filled);
    }
    let rows = items.iter().map(|item| names.iter().map(|name| cell_of(item, name)).collect()).collect();
    (!items.is_empty()).then_some((names, rows))
}

/// The names of a record's fields: the catalogue's first, then the others of the payload.
fn columns(record: &Record) -> Vec<String> {
    let known = record.object().map_or(&[][..], |object| object.fields);
    let mut names: Vec<String> = known.iter().map(|field| field.name.to_string()).collect();
    let keys = record.node().entries().into_iter().flatten().map(|(key, _)| key.to_string());
    let others: Vec<String> = keys.filter(|key| !names.contains(key)).collect();
    names.extend(others);
    names
}

/// Ids, traits and embedded records are left to the card.
fn in_table(record: &Record, name: &str) -> bool {
    let embedded = |field: &Field| {
        matches!(field.kind, Kind::Traits | Kind::One(_) | Kind::Many(_) | Kind::Any) || field.name == "id"
    };
    match record.object() {
        Some(object) => object.field(name).is_some_and(|field| !embedded(field)),
        None => true,
    }
}

fn cell_of(item: &Dynamic, name: &str) -> Value {
    if let Some(record) = item.read_lock::<Record>() {
        return record.node().get(name).map_or(Value::Null, |node| short(node.to_value()));
    }
    let Some(map) = item.read_lock::<Map>() else { return Value::Null };
    let Some(value) = map.get(name) else { return Value::Null };
    match to_json(value) {
        Ok(json) => short(json),
        Err(_) => value::plain(value).unwrap_or_else(|| value.to_string().into()),
    }
}

/// Records inside a record by their names.
fn short(value: Value) -> Value {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(ToString::to_string);
    match &value {
        Value::Object(_) => name(&value).map_or(value, Value::String),
        Value::Array(items) if !items.is_empty() => {
            let names: Option<Vec<String>> = items.iter().map(name).collect();
            names.map_or(value, |names| names.join(", ").into())
        }
        _ => value,
    }
}
