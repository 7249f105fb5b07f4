//! Files that scripts read and write: tables as CSV and .xlsx, and JSON. Knows nothing of Rhai.

pub mod csv;
pub mod json;
mod place;
mod read;
pub mod report;
pub mod template;
mod trouble;
mod write;
pub mod xlsx;

pub use place::Place;
pub use read::read;
pub use trouble::Trouble;
pub use write::{Written, replace, write};

use serde_json::Value;
use std::io;

/// What a table is written to, cell by cell.
pub trait Table {
    /// The names of the columns; comes first, once.
    fn header(&mut self, columns: &[String]) -> io::Result<()>;
    /// One row, with as many cells as there are columns.
    fn row(&mut self, cells: &mut dyn Iterator<Item = &Value>) -> io::Result<()>;
}

/// Checks the names of a table's columns: each has one, and no two have the same.
fn check_columns(name: &str, columns: &[String]) -> Result<(), Trouble> {
    let blank: Vec<String> =
        (1..).zip(columns).filter(|(_, c)| c.is_empty()).map(|(n, _)| letter(n)).collect();
    if !blank.is_empty() {
        return Err(Trouble::file(
            format!("{name} has columns without a name: {}", blank.join(", ")),
            "give every column a name in the first line, or take the column out",
        ));
    }
    let mut twice: Vec<&str> = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        if columns[..place].contains(column) && !twice.contains(&column.as_str()) {
            twice.push(column);
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = twice.iter().map(|column| format!("\"{column}\"")).collect();
    Err(Trouble::file(
        format!("{name} has several columns of the same name: {}", names.join(", ")),
        "give every column a name of its own in the first line",
    ))
}

/// A column as spreadsheets letter it: A for 1, AB for 28.
fn letter(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(b'A' + u8::try_from((number - 1) % 26).unwrap_or(0));
        number = (number - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}
