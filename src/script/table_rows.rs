//! Rows of a script on their way to a file: which columns there are, and each row's cells.

use super::list::List;
use super::raise::{Raised, mistake};
use super::record::Record;
use super::rows::Rows;
use super::value;
use super::words::{described, did_you_mean};
use crate::files::Table;
use crate::show::pick;
use rhai::{Array, Dynamic, EvalAltResult, Map};
use serde::Serialize as _;
use serde::ser::{SerializeSeq, Serializer as _};
use serde_json::Serializer;
use std::collections::HashSet;
use std::io::{self, Write};

/// Writes rows to a table and answers how many there were. A lazy list is written as it arrives.
pub fn write(
    rows: &Dynamic,
    wanted: Option<&[String]>,
    function: &str,
    table: &mut dyn Table,
    failed: &dyn Fn(io::Error) -> Raised,
) -> Result<i64, Raised> {
    let list = rows.read_lock::<List>();
    let array = rows.read_lock::<Array>();
    let known = match (&list, &array) {
        (Some(list), _) => list.object().map(|object| {
            let readable = object.fields.iter().filter(|field| field.access.read);
            readable.map(|field| field.name.to_string()).collect()
        }),
        (None, Some(items)) => Some(union(items)),
        (None, None) => {
            return Err(mistake(
                format!("{function} needs a list of rows, and got {}", described(rows)),
                "such as accounts(), or [#{ name: \"Acme\", mrr: 100 }]",
            ));
        }
    };
    let mut out = Out { known, wanted, columns: Vec::new(), count: 0, table, failed };
    match (&list, &array) {
        (Some(list), _) => Rows::List(list).each(|item, _| out.row(item))?,
        (None, Some(items)) => Rows::Array(items).each(|item, _| out.row(item))?,
        (None, None) => {}
    }
    out.finish()
}

/// Rows being written.
struct Out<'a> {
    /// The columns that rows can have; if nobody knows them yet, the first row tells.
    known: Option<Vec<String>>,
    wanted: Option<&'a [String]>,
    columns: Vec<String>,
    count: i64,
    table: &'a mut dyn Table,
    failed: &'a dyn Fn(io::Error) -> Raised,
}

impl Out<'_> {
    fn row(&mut self, item: &Dynamic) -> Result<(), Raised> {
        self.count += 1;
        let place = self.count;
        let keys = keys(item).ok_or_else(|| {
            mistake(
                format!("row {place} is {}, and a row must be a record or a map", described(item)),
                "such as #{ name: \"Acme\", mrr: 100 }",
            )
        })?;
        if place == 1 {
            self.begin(&keys)?;
        }
        if let (None, None, Some(new)) =
            (self.wanted, &self.known, keys.iter().find(|key| !self.columns.contains(key)))
        {
            return Err(mistake(
                format!("row {place} has a column \"{new}\", which the first row does not have"),
                "name the columns: #{ columns: [\"name\", …] }; or add .to_array() to the list",
            ));
        }
        let row = value::to_json(item).map_err(|error| in_row(place, error))?;
        let mut cells = self.columns.iter().map(|column| pick(&row, column));
        self.table.row(&mut cells).map_err(self.failed)
    }

    fn begin(&mut self, first: &[String]) -> Result<(), Raised> {
        let known = self.known.as_deref().unwrap_or(first);
        for column in self.wanted.unwrap_or_default() {
            let head = column.split('.').next().unwrap_or_default();
            if !known.iter().any(|key| key == column || key == head) {
                let near = did_you_mean(column, known.iter().map(String::as_str));
                return Err(mistake(
                    format!("the rows have no column \"{column}\"{near}"),
                    format!("they have: {}", known.join(", ")),
                ));
            }
        }
        self.columns = self.wanted.unwrap_or(known).to_vec();
        self.table.header(&self.columns).map_err(self.failed)
    }

    /// A table without rows still has its columns.
    fn finish(self) -> Result<i64, Raised> {
        let columns = self.wanted.or(self.known.as_deref()).unwrap_or_default();
        if self.count == 0 && !columns.is_empty() {
            self.table.header(columns).map_err(self.failed)?;
        }
        Ok(self.count)
    }
}

/// Every key of any row, in the order of their first appearance.
fn union(items: &[Dynamic]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut columns = Vec::new();
    for key in items.iter().filter_map(keys).flatten() {
        if seen.insert(key.clone()) {
            columns.push(key);
        }
    }
    columns
}

fn keys(item: &Dynamic) -> Option<Vec<String>> {
    if let Some(record) = item.read_lock::<Record>() {
        return record.node().entries().map(|entries| entries.map(|(key, _)| key.to_string()).collect());
    }
    item.read_lock::<Map>().map(|map| map.keys().map(ToString::to_string).collect())
}

/// The same mistake, with the row in which it lies.
fn in_row(place: i64, mut error: Raised) -> Raised {
    let EvalAltResult::ErrorRuntime(thrown, _) = &mut *error else { return error };
    if let Some(mut map) = thrown.write_lock::<Map>() {
        let message = format!("row {place}: {}", map.get("message").cloned().unwrap_or_default());
        map.insert("message".into(), message.into());
    }
    error
}

/// Writes any value as JSON and answers how many rows it has. A lazy list is written as it arrives.
pub fn write_json(
    value: &Dynamic,
    out: &mut dyn Write,
    failed: &dyn Fn(io::Error) -> Raised,
) -> Result<i64, Raised> {
    let broken = |cause: serde_json::Error| failed(cause.into());
    let mut json = Serializer::pretty(&mut *out);
    let count = if let Some(list) = value.read_lock::<List>() {
        let mut items = json.serialize_seq(None).map_err(broken)?;
        let mut count = 0;
        for item in list.items() {
            items.serialize_element(&value::to_json(&item?)?).map_err(broken)?;
            count += 1;
        }
        SerializeSeq::end(items).map_err(broken)?;
        count
    } else {
        let plain = value::to_json(value)?;
        plain.serialize(&mut json).map_err(broken)?;
        plain.as_array().map_or(1, Vec::len)
    };
    out.write_all(b"\n").map_err(failed)?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}
