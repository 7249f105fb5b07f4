//! Writing CSV row by row.

use super::super::Table;
use crate::tape::{Node, Read};
use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, Write};

/// What tells spreadsheets that a file is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A CSV file being written.
pub struct CsvTable<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    /// Begins a file.
    pub fn new(out: W) -> CsvTable<W> {
        CsvTable { csv: csv::Writer::from_writer(out) }
    }

    /// Begins a file with a byte order mark: Excel shows accents then.
    pub fn with_mark(mut out: W) -> io::Result<CsvTable<W>> {
        out.write_all(MARK)?;
        Ok(CsvTable::new(out))
    }

    /// Writes one cell of the present row.
    pub fn cell(&mut self, value: &Value) -> io::Result<()> {
        Ok(self.csv.write_field(&*cell(value))?)
    }

    /// Writes one cell of the present row, of a value in a page.
    pub fn node(&mut self, node: Node) -> io::Result<()> {
        match node.read() {
            Read::Null => self.text(""),
            Read::Text(text) => self.text(text),
            _ => Ok(self.csv.write_field(serde_json::to_vec(&node)?)?),
        }
    }

    /// Writes one cell of the present row that is text.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(self.csv.write_field(&*guarded(text))?)
    }

    /// Ends the present row.
    pub fn end_row(&mut self) -> io::Result<()> {
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// Hands everything on.
    pub fn finish(&mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

impl<W: Write> Table for CsvTable<W> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        for column in columns {
            self.text(column)?;
        }
        self.end_row()
    }

    fn row(&mut self, cells: &mut dyn Iterator<Item = &Value>) -> io::Result<()> {
        for value in cells {
            self.cell(value)?;
        }
        self.end_row()
    }
}

/// A value as one cell: nothing for null, lists and maps as JSON.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => guarded(text),
        other => other.to_string().into(),
    }
}

/// Text that a spreadsheet would run as a formula gets a `'` before it.
fn guarded(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula { format!("'{text}").into() } else { text.into() }
}
