//! Rows of a file as records: some thousand rows share a page, and a row is a handle to its place there.

use super::raise::{Raised, mistake};
use super::record::Record;
use crate::tape::Page;
use rhai::{Array, Dynamic};
use serde::Serialize;
use std::sync::Arc;

/// Rows of one page.
const ROWS: usize = 4096;

/// Makes pages of rows.
pub struct RowPages {
    /// The columns as JSON keys, with the sign before and after each.
    keys: Vec<String>,
    text: Vec<u8>,
    waiting: usize,
    rows: Array,
}

impl RowPages {
    /// Rows with these columns.
    pub fn new<'a>(columns: impl Iterator<Item = &'a str>) -> RowPages {
        let keys = columns.map(|column| format!("{}:", serde_json::Value::from(column))).collect();
        RowPages { keys, text: Vec::new(), waiting: 0, rows: Array::new() }
    }

    /// Adds a row with as many cells as there are columns.
    pub fn push<T: Serialize>(&mut self, cells: impl Iterator<Item = T>) -> Result<(), Raised> {
        self.text.push(if self.waiting == 0 { b'[' } else { b',' });
        for (place, (key, cell)) in self.keys.iter().zip(cells).enumerate() {
            self.text.push(if place == 0 { b'{' } else { b',' });
            self.text.extend_from_slice(key.as_bytes());
            serde_json::to_writer(&mut self.text, &cell).map_err(|cause| unusable(&cause))?;
        }
        self.text.push(b'}');
        self.waiting += 1;
        if self.waiting == ROWS { self.close() } else { Ok(()) }
    }

    /// All rows.
    pub fn finish(mut self) -> Result<Array, Raised> {
        if self.waiting > 0 {
            self.close()?;
        }
        Ok(self.rows)
    }

    fn close(&mut self) -> Result<(), Raised> {
        self.text.push(b']');
        self.waiting = 0;
        let page = Page::parse(std::mem::take(&mut self.text)).map_err(|cause| unusable(&cause))?;
        let nodes = page.root().range().unwrap_or_default();
        self.rows.extend(nodes.map(|node| Dynamic::from(Record::row(Arc::clone(&page), node))));
        Ok(())
    }
}

fn unusable(cause: &impl std::fmt::Display) -> Raised {
    mistake(format!("the rows cannot be held: {cause}"), "split the file")
}
