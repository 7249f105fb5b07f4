//! The results file of `each`: the input's own columns, then how each row ended and why.

use crate::files::Table as _;
use crate::files::csv::CsvTable;
use crate::tape::{Key, Node, Page};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A row of an input.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// Made by the script, or read from a file.
    Plain(&'a Value),
    /// A record of Vitally, which has an id.
    Record(Node<'a>),
}

/// Gathers rows as they are read, and writes the file when it is known how they ended.
pub struct Results {
    file: PathBuf,
    spool: BufWriter<File>,
    columns: Vec<String>,
    /// How each row ended, by its place from 0, and why.
    ended: Vec<Option<(&'static str, Option<String>)>>,
}

impl Results {
    /// Starts a results file in a folder, which is made.
    pub fn start(folder: &Path) -> io::Result<Results> {
        std::fs::create_dir_all(folder)?;
        let spool = BufWriter::new(File::create(folder.join("rows.jsonl"))?);
        Ok(Results { file: folder.join("results.csv"), spool, columns: Vec::new(), ended: Vec::new() })
    }

    /// Takes a row of the input.
    pub fn row(&mut self, row: Row) -> io::Result<()> {
        match row {
            Row::Plain(Value::Object(fields)) => self.meet(fields.keys().map(String::as_str)),
            Row::Plain(_) => {}
            Row::Record(record) => self.meet(record.entries().into_iter().flatten().map(|(key, _)| key)),
        }
        match row {
            Row::Plain(row) => serde_json::to_writer(&mut self.spool, row)?,
            Row::Record(record) => serde_json::to_writer(&mut self.spool, &record)?,
        }
        writeln!(self.spool)?;
        self.ended.push(None);
        Ok(())
    }

    /// Adds the columns that are new. Rows mostly have the columns of the rows before, in the same order.
    fn meet<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        for (place, key) in keys.enumerate() {
            if self.columns.get(place).is_none_or(|column| column != key)
                && !self.columns.iter().any(|column| column == key)
            {
                self.columns.push(key.to_string());
            }
        }
    }

    /// Notes how a row ended; rows count from 1.
    pub fn ended(&mut self, row: u64, status: &'static str, reason: Option<String>) {
        let place = usize::try_from(row).ok().and_then(|row| row.checked_sub(1));
        if let Some(slot) = place.and_then(|place| self.ended.get_mut(place)) {
            *slot = Some((status, reason));
        }
    }

    /// Writes the file and answers where it is.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.spool.flush()?;
        let spool = self.file.with_file_name("rows.jsonl");
        let half = self.file.with_extension("csv.part");
        let mut out = CsvTable::new(BufWriter::new(File::create(&half)?));
        let mut header = self.columns.clone();
        header.extend([free("status", &self.columns), free("reason", &self.columns)]);
        out.header(&header)?;
        let columns: Vec<Key> = self.columns.iter().map(|column| Key::new(column.as_str())).collect();
        for (line, ended) in BufReader::new(File::open(&spool)?).lines().zip(self.ended) {
            let page = Page::parse(line?.into_bytes()).unwrap_or_default();
            let cell = |column: &Key| column.find(page.root()).map_or(Value::Null, Node::to_value);
            let (status, reason) = ended.unwrap_or(("not done", None));
            let end = [Value::from(status), Value::from(reason)];
            let cells: Vec<Value> = columns.iter().map(cell).chain(end).collect();
            out.row(&mut cells.iter())?;
        }
        out.finish()?;
        std::fs::rename(&half, &self.file)?;
        std::fs::remove_file(&spool)?;
        Ok(self.file)
    }
}

/// A column's name that the input does not have.
fn free(name: &str, columns: &[String]) -> String {
    let mut name = name.to_string();
    while columns.contains(&name) {
        name.insert_str(0, "result_");
    }
    name
}
