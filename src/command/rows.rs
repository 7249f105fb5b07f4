//! Records written one by one as CSV, JSON or JSON lines, without holding them.

use crate::cli::Format;
use crate::files::Table as _;
use crate::files::csv::CsvTable;
use crate::show::{VALUE, pick};
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Writes records as they come.
pub struct Rows<W: Write> {
    sink: Sink<W>,
    columns: Vec<String>,
    count: u64,
}

enum Sink<W: Write> {
    Csv(Box<CsvTable<W>>),
    Json(W),
    Jsonl(W),
}

impl<W: Write> Rows<W> {
    /// A writer. Without columns, JSON holds whole records, and CSV the keys of the first one.
    pub fn new(out: W, format: Format, columns: Vec<String>) -> Rows<W> {
        let sink = match format {
            Format::Csv | Format::Table => Sink::Csv(Box::new(CsvTable::new(out))),
            Format::Json => Sink::Json(out),
            Format::Jsonl => Sink::Jsonl(out),
        };
        Rows { sink, columns, count: 0 }
    }

    /// How many records were written.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Writes one record.
    pub fn push(&mut self, record: &Value) -> io::Result<()> {
        let first = self.count == 0;
        self.count += 1;
        match &mut self.sink {
            Sink::Csv(csv) => {
                if first {
                    if self.columns.is_empty() {
                        self.columns = keys(record);
                    }
                    csv.header(&self.columns)?;
                }
                csv.row(&mut self.columns.iter().map(|column| pick(record, column)))
            }
            Sink::Json(out) => {
                out.write_all(if first { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(out, &narrowed(record, &self.columns)).map_err(io::Error::from)
            }
            Sink::Jsonl(out) => {
                serde_json::to_writer(&mut *out, &narrowed(record, &self.columns))?;
                out.write_all(b"\n")
            }
        }
    }

    /// Ends the document.
    pub fn finish(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => {
                if self.count == 0 && !self.columns.is_empty() {
                    csv.header(&self.columns)?;
                }
                csv.finish()
            }
            Sink::Json(out) => {
                out.write_all(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
                out.flush()
            }
            Sink::Jsonl(out) => out.flush(),
        }
    }
}

/// The keys of a record, in its own order.
pub fn keys(record: &Value) -> Vec<String> {
    match record {
        Value::Object(map) => map.keys().cloned().collect(),
        _ => vec![VALUE.into()],
    }
}

fn narrowed(record: &Value, columns: &[String]) -> Value {
    if columns.is_empty() {
        return record.clone();
    }
    columns.iter().map(|column| (column.clone(), pick(record, column).clone())).collect::<Map<_, _>>().into()
}
