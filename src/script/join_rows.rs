//! Verbs that bring rows together with other rows: what spreadsheets do with VLOOKUP.

use super::group::{EMPTY, key};
use super::raise::{Raised, mistake};
use super::record::Record;
use super::row_pages::RowPages;
use super::rows::{By, Call, Rows};
use super::value;
use super::words::described;
use rhai::{Dynamic, Map};
use serde_json::Value;
use std::collections::HashMap;

/// `lookup(field, value, answer)`: the field `answer` of the first row whose field has that value, or `()`.
pub fn lookup(call: &Call) -> Result<Dynamic, Raised> {
    let by = call.by(0)?;
    let wanted = call.values.get(1).cloned().unwrap_or_default();
    let wanted = key(call, &By::Item, &wanted, 0)?;
    let found = call.rows.find(|item, place| Ok(key(call, &by, item, place)? == wanted))?;
    let Some(found) = found else { return Ok(Dynamic::UNIT) };
    call.by(2)?.value(&found, 0)
}

/// `join_on(rows, field)` and `join_on(rows, field, their_field)`: each row with the fields of the first of the other
/// rows that has the same value. A field that both have keeps the value of the first list.
pub fn join_on(call: &Call) -> Result<Dynamic, Raised> {
    let others = call.other_rows(0)?;
    let ours = call.by(1)?;
    let theirs = call.by(if call.values.len() > 2 { 2 } else { 1 })?;
    let mut found: HashMap<String, Vec<(String, Value)>> = HashMap::new();
    let mut columns: Vec<String> = Vec::new();
    Rows::Array(&others).each(|item, place| {
        let fields = fields(call, item)?;
        for (name, _) in &fields {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        found.entry(key(call, &theirs, item, place)?).or_insert(fields);
        Ok(())
    })?;
    if let By::Field(path) = &theirs {
        columns.retain(|name| name != path.name());
    }
    let mut rows: Vec<Vec<(String, Value)>> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    call.rows.each(|item, place| {
        let mut row = fields(call, item)?;
        let key = key(call, &ours, item, place)?;
        let other = if key == EMPTY { None } else { found.get(&key) };
        for column in &columns {
            if row.iter().all(|(name, _)| name != column) {
                let found = other.and_then(|row| row.iter().find(|(name, _)| name == column));
                row.push((column.clone(), found.map_or(Value::Null, |(_, value)| value.clone())));
            }
        }
        names.extend(
            row.iter()
                .map(|(name, _)| name)
                .filter(|name| !names.contains(name))
                .cloned()
                .collect::<Vec<_>>(),
        );
        rows.push(row);
        Ok(())
    })?;
    let mut pages = RowPages::new(names.iter().map(String::as_str));
    for row in &rows {
        let value_of = |name: &String| row.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        pages.push(names.iter().map(value_of))?;
    }
    Ok(pages.finish()?.into())
}

/// The fields of a row in their order.
fn fields(call: &Call, item: &Dynamic) -> Result<Vec<(String, Value)>, Raised> {
    let is_row = item.is::<Record>() || item.is::<Map>();
    match value::to_json(item)? {
        Value::Object(fields) if is_row => Ok(fields.into_iter().collect()),
        _ => Err(mistake(
            format!("{} needs rows: records or maps, and got {}", call.verb(), described(item)),
            "such as [#{ name: \"Acme\", mrr: 100 }]",
        )),
    }
}
