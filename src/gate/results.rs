//! The results file of `each`: the input's own columns, then how each row ended and why.

use crate::show::spreadsheet_text;
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
        let mut out = csv::Writer::from_path(&half)?;
        let header = self.columns.iter().map(String::as_str).chain(["status", "reason"]);
        out.write_record(header)?;
        for (line, ended) in BufReader::new(File::open(&spool)?).lines().zip(self.ended) {
            let row: Value = serde_json::from_str(&line?).unwrap_or(Value::Null);
            let (status, reason) = ended.unwrap_or(("not done", None));
            let cells = self.columns.iter().map(|column| spreadsheet_text(&row[column.as_str()]));
            let cells: Vec<String> =
                cells.chain([status.to_string(), spreadsheet_text(&reason.into())]).collect();
            out.write_record(&cells)?;
        }
        out.flush()?;
        std::fs::rename(&half, &self.file)?;
        std::fs::remove_file(&spool)?;
        Ok(self.file)
    }
}
