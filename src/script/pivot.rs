//! The verb that makes a table of two fields: what spreadsheets call a pivot table.

use super::group::key;
use super::raise::Raised;
use super::row_pages::RowPages;
use super::rows::{By, Call};
use super::total::plus;
use super::value;
use rhai::Dynamic;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// `pivot(down, across)` and `pivot(down, across, amount)`: a row for each value of the one field, a column for each of the
/// other, and in each cell how many there are, or the sum of their amounts.
pub fn pivot(call: &Call) -> Result<Dynamic, Raised> {
    let (down, across) = (call.by(0)?, call.by(1)?);
    let amount = if call.values.len() > 2 { Some(call.by(2)?) } else { None };
    let mut rows: BTreeMap<String, HashMap<String, Dynamic>> = BTreeMap::new();
    let mut columns = BTreeSet::new();
    call.rows.each(|item, place| {
        let (row, column) = (key(call, &down, item, place)?, key(call, &across, item, place)?);
        columns.insert(column.clone());
        let sum = rows.entry(row).or_default().entry(column).or_insert(Dynamic::ZERO);
        let more = amount.as_ref().map_or(Ok(Dynamic::ONE), |amount| amount.value(item, place))?;
        *sum = plus(sum, &more, call.verb())?;
        Ok(())
    })?;
    let head = match &down {
        By::Field(path) => path.name(),
        By::Item | By::Function(_) => "row",
    };
    let mut pages = RowPages::new(std::iter::once(head).chain(columns.iter().map(String::as_str)));
    for (name, cells) in rows {
        let mut row = vec![Value::from(name)];
        for column in &columns {
            row.push(cells.get(column).map_or(Ok(Value::from(0)), value::to_json)?);
        }
        pages.push(row.iter())?;
    }
    Ok(pages.finish()?.into())
}
