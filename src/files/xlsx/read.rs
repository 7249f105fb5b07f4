//! Reading one sheet of a workbook.

use super::super::{Trouble, check_columns, letter};
use crate::script::words::did_you_mean;
use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use serde_json::{Number, Value};
use std::io::Cursor;

/// A sheet that was read.
pub struct Sheet {
    /// The names of the columns, in the sheet's order.
    pub columns: Vec<String>,
    /// The rows that are not blank, with as many cells as there are columns; an empty cell is empty text.
    pub rows: Vec<Vec<Value>>,
}

/// Reads a sheet by its name, or the first one. The first row that is not blank names the columns.
pub fn sheet(name: &str, bytes: Vec<u8>, wanted: Option<&str>) -> Result<Sheet, Trouble> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| {
        Trouble::file(
            format!("{name} is not an .xlsx workbook"),
            "save it in Excel as \"Excel Workbook (.xlsx)\", without a password; read_csv reads CSV files",
        )
    })?;
    let names = book.sheet_names();
    let wanted = match wanted {
        Some(wanted) if names.iter().any(|name| name == wanted) => wanted.to_string(),
        Some(wanted) => {
            let near = did_you_mean(wanted, names.iter().map(String::as_str));
            return Err(Trouble::file(
                format!("{name} has no sheet \"{wanted}\"{near}"),
                format!("it has: {}", names.join(", ")),
            ));
        }
        None => names.into_iter().next().unwrap_or_default(),
    };
    let range = book.worksheet_range(&wanted).map_err(|cause| {
        Trouble::file(
            format!("the sheet \"{wanted}\" of {name} cannot be read: {cause}"),
            "open it in Excel and save it again",
        )
    })?;
    let (_, left) = range.start().unwrap_or_default();
    let filled = |row: &&[Data]| row.iter().any(|cell| !blank(cell));
    let mut rows = range.rows().filter(filled);
    let Some(header) = rows.next() else {
        return Err(Trouble::file(
            format!("the sheet \"{wanted}\" of {name} is empty"),
            "its first row has to name the columns",
        ));
    };
    let rows: Vec<&[Data]> = rows.collect();
    // A column that holds nothing at all is only formatted.
    let used = |column: &usize| {
        !blank(&header[*column]) || rows.iter().any(|row| row.get(*column).is_some_and(|cell| !blank(cell)))
    };
    let places: Vec<usize> = (0..header.len()).filter(used).collect();
    let columns: Vec<String> = places.iter().map(|place| title(&header[*place])).collect();
    if let Some(nameless) = columns.iter().position(String::is_empty) {
        let place = letter(left as usize + places[nameless] + 1);
        return Err(Trouble::file(
            format!("column {place} of the sheet \"{wanted}\" of {name} has no name"),
            "give every column a name in the first row, or take the column out",
        ));
    }
    check_columns(&format!("the sheet \"{wanted}\" of {name}"), &columns)?;
    let cells = |row: &&[Data]| places.iter().map(|place| row.get(*place).map_or("".into(), value)).collect();
    Ok(Sheet { columns, rows: rows.iter().map(cells).collect() })
}

fn blank(cell: &Data) -> bool {
    match cell {
        Data::Empty => true,
        Data::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn title(cell: &Data) -> String {
    match value(cell) {
        Value::String(text) => text.trim().to_string(),
        other => other.to_string(),
    }
}

/// A cell as data: text stays text, 7.0 is 7, a day is text such as 2026-12-01.
fn value(cell: &Data) -> Value {
    match cell {
        Data::Empty => "".into(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.as_str().into(),
        Data::Bool(value) => (*value).into(),
        Data::Int(number) => (*number).into(),
        Data::Float(number) => number_of(*number),
        Data::DateTime(time) => time_of(time),
        Data::Error(cause) => cause.to_string().into(),
    }
}

/// Excel knows only one kind of number; whole ones are shown without a point.
fn number_of(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "it is a whole number below 2^53")]
        let whole = number as i64;
        return whole.into();
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn time_of(time: &ExcelDateTime) -> Value {
    if time.is_duration() {
        return number_of(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    if (0.0..1.0).contains(&time.as_f64()) {
        return clock.into();
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if clock == "00:00:00" { date.into() } else { format!("{date}T{clock}").into() }
}
