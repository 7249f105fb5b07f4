//! The rows of the file as changes, each checked before anything is sent.

use super::cell::{Reading, text_of};
use super::columns::{Columns, Target};
use super::sheet::{Row, Sheet};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// One row, ready to be sent if its record is found.
pub struct Ready {
    /// Its number as spreadsheets count.
    pub number: u64,
    /// The cell that says which record it is about; empty where a create looks for nothing.
    pub key: String,
    /// What is written, or what is wrong with the row.
    pub fields: Result<Map<String, Value>, String>,
    /// The cells by column, for the results file.
    pub cells: Value,
}

/// Checks the cells of every row.
pub fn ready(
    sheet: &Sheet,
    columns: &Columns,
    reading: &Reading,
    folded: &dyn Fn(&str) -> String,
) -> Vec<Ready> {
    let key_of = |row: &Row| {
        columns.key_place.map_or_else(String::new, |at| text_of(&row.cells[at]).trim().to_string())
    };
    let mut seen: HashMap<String, Vec<u64>> = HashMap::new();
    for row in &sheet.rows {
        let key = key_of(row);
        if !key.is_empty() {
            seen.entry(folded(&key)).or_default().push(row.number);
        }
    }
    sheet
        .rows
        .iter()
        .map(|row| {
            let key = key_of(row);
            let same = seen.get(&folded(&key)).filter(|rows| rows.len() > 1);
            let fields = match same {
                Some(rows) => Err(format!("{} {key} stands in several rows: {}", columns.key, listed(rows))),
                None if key.is_empty() && columns.needs_key => {
                    Err(format!("the cell of {} is empty", columns.key))
                }
                None => fields(sheet, row, columns, reading),
            };
            Ready { number: row.number, key, fields, cells: cells(sheet, row) }
        })
        .collect()
}

/// The rows whose key stands in another row too, as a sentence.
pub fn doubled(rows: &[Ready]) -> usize {
    let double =
        |row: &&Ready| row.fields.as_ref().is_err_and(|why| why.contains(" stands in several rows: "));
    rows.iter().filter(double).count()
}

fn listed(rows: &[u64]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = rows.iter().take(MOST).map(ToString::to_string).collect();
    let more = if rows.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn fields(
    sheet: &Sheet,
    row: &Row,
    columns: &Columns,
    reading: &Reading,
) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    let mut traits = Map::new();
    for column in &columns.written {
        let named = |why: String| format!("column {}: {why}", sheet.columns[column.place]);
        let Some(value) = reading.value(&column.target, &row.cells[column.place]).map_err(named)? else {
            continue;
        };
        match &column.target {
            Target::Field(field) => drop(fields.insert(field.name.into(), value)),
            Target::Trait(found) => drop(traits.insert(found.key.clone(), value)),
        }
    }
    if !traits.is_empty() {
        fields.insert("traits".into(), traits.into());
    }
    Ok(fields)
}

fn cells(sheet: &Sheet, row: &Row) -> Value {
    sheet.columns.iter().cloned().zip(row.cells.iter().cloned()).collect::<Map<_, _>>().into()
}
