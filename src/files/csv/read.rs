//! Reading CSV row by row.

use super::super::{Trouble, check_columns};
use super::{decode, delimiter};
use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use std::io::Cursor;

/// What a script says about a file, where it does not leave it to be found out.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// The sign between the cells.
    pub delimiter: Option<u8>,
    /// The encoding of a file without a byte order mark.
    pub encoding: Option<&'static Encoding>,
}

/// A CSV file being read. Only its text and one row are held.
pub struct Csv {
    name: String,
    columns: Vec<String>,
    reader: Reader<Cursor<String>>,
    /// Where the first row that the reader sees begins.
    start: usize,
    record: StringRecord,
}

/// One row: as many cells as there are columns.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    csv: &'a Csv,
}

impl Csv {
    /// Reads the names of the columns from the first line.
    pub fn open(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Csv, Trouble> {
        let text = decode::text(name, bytes, options.encoding)?;
        let stated = delimiter::stated(&text);
        let start = stated.map_or(0, |(_, end)| end);
        let said = options.delimiter.or(stated.map(|(sign, _)| sign));
        let sign = said.unwrap_or_else(|| delimiter::detect(&text[start..]));
        let mut cursor = Cursor::new(text);
        cursor.set_position(start as u64);
        let reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(sign).from_reader(cursor);
        let record = StringRecord::new();
        let mut csv = Csv { name: name.into(), columns: Vec::new(), reader, start, record };
        if !csv.advance()? {
            return Err(Trouble::file(format!("{name} is empty"), "its first line has to name the columns"));
        }
        csv.columns = csv.record.iter().map(|column| column.trim().to_string()).collect();
        check_columns(name, &csv.columns)?;
        Ok(csv)
    }

    /// The names of the columns, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The next row that is not blank.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Trouble> {
        if !self.advance()? {
            return Ok(None);
        }
        let (cells, columns) = (self.record.len(), self.columns.len());
        if cells != columns {
            return Err(self.uneven(cells, columns));
        }
        Ok(Some(Row { csv: self }))
    }

    /// Goes to the next row that is not blank.
    fn advance(&mut self) -> Result<bool, Trouble> {
        loop {
            let more = self.reader.read_record(&mut self.record).map_err(|cause| {
                Trouble::file(format!("{} cannot be read: {cause}", self.name), "check the file in an editor")
            })?;
            if !more || self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(more);
            }
        }
    }

    /// The line at which the present row begins, from 1.
    fn line(&self) -> usize {
        let text = self.reader.get_ref().get_ref();
        let place = self.record.position().map_or(0, csv::Position::byte);
        let place = self.start + usize::try_from(place).unwrap_or(0);
        let (before, rest) = text.split_at_checked(place).unwrap_or((text, ""));
        // The reader counts the blank lines before a row to the row.
        let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
        let before = &text[..before.len() + blank];
        let lone = before.matches('\r').count() - before.matches("\r\n").count();
        1 + before.matches('\n').count() + lone
    }

    fn uneven(&self, cells: usize, columns: usize) -> Trouble {
        let broken = self.record.iter().any(|cell| cell.contains('\n'));
        let help = match cells < columns {
            _ if broken => "a quote mark is opened there and closed in a later line; check the quote marks",
            true => "add what is missing, or an empty cell for it",
            false => "put a cell that holds the sign between cells into quote marks",
        };
        let plural =
            |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        Trouble::file(
            format!(
                "{}, line {}: the row has {}, and there are {}",
                self.name,
                self.line(),
                plural(cells, "cell"),
                plural(columns, "column")
            ),
            help,
        )
    }
}

impl<'a> Row<'a> {
    /// The cell of a column, counted from 0.
    pub fn cell(self, column: usize) -> &'a str {
        self.csv.record.get(column).unwrap_or_default()
    }

    /// Something wrong with the cell of a column.
    pub fn trouble(self, column: usize, what: &str, help: &str) -> Trouble {
        let name = self.csv.columns.get(column).map_or("", String::as_str);
        Trouble::file(format!("{}, line {}, column {name}: {what}", self.csv.name, self.csv.line()), help)
    }
}
