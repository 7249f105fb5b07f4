//! Records as cards, and lists of them as tables, through `show`.

use super::record::Record;
use super::value::{self, to_json};
use crate::show;
use crate::tape::Node;
use rhai::{Dynamic, Map};
use serde_json::Value;

/// A record as a card. `width` is the number of columns it may take; `None` cuts nothing.
pub fn card_of(record: &Record, width: Option<usize>) -> String {
    let fields = columns(record).into_iter().filter_map(|name| {
        let value = record.node().get(&name)?.to_value();
        Some((name, value))
    });
    show::record_card(&record.title(), fields.collect(), width)
}

/// Records or maps as a table; `None` if there are none, or if other things are among them.
pub fn table_of<'a>(items: impl IntoIterator<Item = &'a Dynamic>, width: Option<usize>) -> Option<String> {
    let (columns, rows) = table_rows(items)?;
    Some(show::table(&columns, &rows, width))
}

/// The columns and rows of such a table. Of records, those columns that have a value somewhere, names first; of maps,
/// every key in the order of its first appearance.
pub fn table_rows<'a>(
    items: impl IntoIterator<Item = &'a Dynamic>,
) -> Option<(Vec<String>, Vec<Vec<Value>>)> {
    let items: Vec<&Dynamic> = items.into_iter().collect();
    let mut names: Vec<String> = Vec::new();
    let mut records = false;
    for item in &items {
        let more = match item.read_lock::<Record>() {
            Some(record) => {
                records = true;
                columns(&record)
            }
            None => item.read_lock::<Map>()?.keys().map(ToString::to_string).collect::<Vec<_>>(),
        };
        names.extend(more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    let row = |item: &&Dynamic| names.iter().map(|name| cell_of(item, name)).collect();
    let rows: Vec<Vec<Value>> = items.iter().map(row).collect();
    if items.is_empty() {
        return None;
    }
    Some(if records { show::arrange(&names, rows) } else { (names, rows) })
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

fn cell_of(item: &Dynamic, name: &str) -> Value {
    if let Some(record) = item.read_lock::<Record>() {
        return record.node().get(name).map_or(Value::Null, Node::to_value);
    }
    let Some(map) = item.read_lock::<Map>() else { return Value::Null };
    let Some(value) = map.get(name) else { return Value::Null };
    match to_json(value) {
        Ok(json) => show::brief(json),
        Err(_) => value::plain(value).unwrap_or_else(|| value.to_string().into()),
    }
}
