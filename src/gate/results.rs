//! The results file of `each`: the input's own columns, then how each row ended and why.

use crate::files::Table as _;
use crate::files::csv::CsvTable;
use crate::tape::{Key, Node};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write};
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
    /// The rows' own cells one after the other, as they will stand in the file.
    spool: BufWriter<File>,
    columns: Vec<Key<'static>>,
    lines: Vec<Line>,
    /// The cells of the present row.
    text: Vec<u8>,
}

/// What is known of a row.
struct Line {
    /// How many bytes its cells take.
    bytes: usize,
    /// How many there are: later rows may have more columns.
    cells: usize,
    /// How it ended, and why.
    ended: Option<(&'static str, Option<String>)>,
}

impl Results {
    /// Starts a results file in a folder, which is made.
    pub fn start(folder: &Path) -> io::Result<Results> {
        std::fs::create_dir_all(folder)?;
        let spool = BufWriter::new(File::create(folder.join("rows.csv"))?);
        let file = folder.join("results.csv");
        Ok(Results { file, spool, columns: Vec::new(), lines: Vec::new(), text: Vec::new() })
    }

    /// Takes a row of the input.
    pub fn row(&mut self, row: Row) -> io::Result<()> {
        match row {
            Row::Plain(Value::Object(fields)) => self.meet(fields.keys().map(String::as_str)),
            Row::Plain(_) => {}
            Row::Record(record) => self.meet(record.entries().into_iter().flatten().map(|(key, _)| key)),
        }
        let columns = &self.columns;
        if columns.is_empty() {
            self.lines.push(Line { bytes: 0, cells: 0, ended: None });
            return Ok(());
        }
        let bytes = line(&mut self.text, |cells| {
            for column in columns {
                match row {
                    Row::Plain(row) => cells.cell(&row[column.name()])?,
                    Row::Record(record) => match column.find(record) {
                        Some(value) => cells.node(value)?,
                        None => cells.text("")?,
                    },
                }
            }
            Ok(())
        })?;
        self.spool.write_all(&self.text)?;
        self.lines.push(Line { bytes, cells: self.columns.len(), ended: None });
        Ok(())
    }

    /// Adds the columns that are new. Rows mostly have the columns of the rows before, in the same order.
    fn meet<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        for (place, key) in keys.enumerate() {
            if self.columns.get(place).is_none_or(|column| column.name() != key)
                && !self.columns.iter().any(|column| column.name() == key)
            {
                self.columns.push(Key::new(key.to_string()));
            }
        }
    }

    /// Notes how a row ended; rows count from 1.
    pub fn ended(&mut self, row: u64, status: &'static str, reason: Option<String>) {
        let place = usize::try_from(row).ok().and_then(|row| row.checked_sub(1));
        if let Some(line) = place.and_then(|place| self.lines.get_mut(place)) {
            line.ended = Some((status, reason));
        }
    }

    /// Writes the file and answers where it is.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.spool.flush()?;
        let spool = self.file.with_file_name("rows.csv");
        let half = self.file.with_extension("csv.part");
        let mut rows = BufReader::new(File::open(&spool)?);
        let mut out = BufWriter::new(File::create(&half)?);
        let columns: Vec<String> = self.columns.iter().map(|column| column.name().to_string()).collect();
        let header = columns.iter().cloned().chain([free("status", &columns), free("reason", &columns)]);
        let mut head = CsvTable::new(&mut out);
        head.header(&header.collect::<Vec<_>>())?;
        head.finish()?;
        drop(head);
        let mut text = self.text;
        for Line { bytes, cells, ended } in self.lines {
            text.resize(bytes, 0);
            rows.read_exact(&mut text)?;
            out.write_all(&text)?;
            let (status, reason) = ended.unwrap_or(("not done", None));
            line(&mut text, |end| {
                for _ in cells..columns.len() {
                    end.text("")?;
                }
                end.text(status)?;
                end.text(reason.as_deref().unwrap_or_default())
            })?;
            if cells > 0 {
                out.write_all(b",")?;
            }
            out.write_all(&text)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        std::fs::rename(&half, &self.file)?;
        std::fs::remove_file(&spool)?;
        Ok(self.file)
    }
}

/// Puts cells side by side as they stand in a line of CSV, without its end; tells how many bytes they take.
fn line(
    text: &mut Vec<u8>,
    write: impl FnOnce(&mut CsvTable<&mut Vec<u8>>) -> io::Result<()>,
) -> io::Result<usize> {
    text.clear();
    let mut cells = CsvTable::new(&mut *text);
    write(&mut cells)?;
    cells.end_row()?;
    cells.finish()?;
    drop(cells);
    text.pop_if(|end| *end == b'\n');
    // An empty cell by itself would be no line; here more cells follow.
    if text == b"\"\"" {
        text.clear();
    }
    Ok(text.len())
}

/// A column's name that the input does not have.
fn free(name: &str, columns: &[String]) -> String {
    let mut name = name.to_string();
    while columns.contains(&name) {
        name.insert_str(0, "result_");
    }
    name
}
