//! The results file of `each`: the input's own columns, then how each row ended and why.

use crate::files::Table as _;
use crate::files::csv::CsvTable;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

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
    pub fn row(&mut self, row: &Value) -> io::Result<()> {
        if let Value::Object(fields) = row {
            let new: Vec<String> = fields.keys().filter(|key| !self.columns.contains(key)).cloned().collect();
            self.columns.extend(new);
        }
        writeln!(self.spool, "{row}")?;
        self.ended.push(None);
        Ok(())
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
        for (line, ended) in BufReader::new(File::open(&spool)?).lines().zip(self.ended) {
            let row: Value = serde_json::from_str(&line?).unwrap_or(Value::Null);
            let (status, reason) = ended.unwrap_or(("not done", None));
            let end = [Value::from(status), Value::from(reason)];
            out.row(&mut self.columns.iter().map(|column| &row[column.as_str()]).chain(&end))?;
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
