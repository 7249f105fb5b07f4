//! The file that a bulk change is made from: the names of its columns and its rows, as they stand.

use crate::cli::Bulk;
use crate::error::Error;
use crate::files::csv::{Csv, Options};
use crate::files::{self, Place, Trouble, xlsx};
use serde_json::Value;
use std::path::Path;

/// The rows of a file.
pub struct Sheet {
    /// What messages call the file.
    pub name: String,
    /// The names of the columns, in the file's order.
    pub columns: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<Row>,
}

/// One row.
pub struct Row {
    /// Its number as spreadsheets count, the line of names being 1.
    pub number: u64,
    /// As many cells as there are columns: text, or what a workbook holds.
    pub cells: Vec<Value>,
}

/// Reads the file: a workbook by its name's end, else CSV; `-` is standard input. A path on the command line may lead
/// anywhere.
pub fn read(options: &Bulk, root: &Path) -> Result<Sheet, Error> {
    let mut place = Place::new(root);
    let typed = &options.file;
    let path = if typed == Path::new("-") {
        typed.clone()
    } else {
        std::path::absolute(typed).map_err(|cause| Error::File {
            path: typed.clone(),
            doing: "find",
            cause,
        })?
    };
    if let Some(folder) = path.parent().filter(|folder| folder.is_dir()) {
        place.allow(folder).map_err(Error::Usage)?;
    }
    let (found, bytes) = files::read(&place, &path.display().to_string()).map_err(usage)?;
    let name = typed.file_name().filter(|_| found != "standard input");
    let name = name.map_or(found, |name| name.to_string_lossy().into());
    let is_book = typed.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
    let (columns, cells) = if is_book { book(&name, bytes, options)? } else { text(&name, bytes, options)? };
    let rows = (2..).zip(cells).map(|(number, cells)| Row { number, cells }).collect();
    Ok(Sheet { name, columns, rows })
}

type Cells = (Vec<String>, Vec<Vec<Value>>);

fn book(name: &str, bytes: Vec<u8>, options: &Bulk) -> Result<Cells, Error> {
    let sheet = xlsx::sheet(name, bytes, options.sheet.as_deref()).map_err(usage)?;
    Ok((sheet.columns, sheet.rows))
}

fn text(name: &str, bytes: Vec<u8>, options: &Bulk) -> Result<Cells, Error> {
    if let Some(sheet) = &options.sheet {
        return Err(Error::usage(
            format!("{name} is a CSV file and has no sheet \"{sheet}\""),
            "leave out --sheet, or name an .xlsx file",
        ));
    }
    let mut csv = Csv::open(name, bytes, &Options::default()).map_err(usage)?;
    let columns = csv.columns().to_vec();
    let mut rows = Vec::new();
    while let Some(row) = csv.next_row().map_err(usage)? {
        rows.push((0..columns.len()).map(|column| unguarded(row.cell(column)).into()).collect());
    }
    Ok((columns, rows))
}

/// Our own files have a `'` before text that a spreadsheet would run as a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

fn usage(trouble: Trouble) -> Error {
    Error::Usage(trouble.message)
}
