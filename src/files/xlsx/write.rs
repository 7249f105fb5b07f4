//! Writing workbooks: a bold first row that stays in view, with filters. Text stays text.

use super::super::Table;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::{Number, Value};
use std::io;

/// The widest a column is made by itself, in pixels.
const WIDEST: u32 = 400;
/// Whole numbers beyond this lose digits in Excel.
const EXACT: u64 = 1 << 53;

/// A workbook being written; it is held until it is finished.
#[derive(Default)]
pub struct Book {
    book: Workbook,
}

/// One sheet of it.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    columns: u16,
    rows: u32,
}

impl Book {
    /// Adds a sheet that `fill` writes.
    pub fn add<T, E>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Table) -> Result<T, E>,
        failed: impl Fn(io::Error) -> E,
    ) -> Result<T, E> {
        let sheet = self.book.add_worksheet();
        sheet.set_name(name).map_err(|cause| failed(ill_named(name, &cause)))?;
        let mut page = Page { sheet, columns: 0, rows: 0 };
        let filled = fill(&mut page)?;
        page.finish().map_err(|cause| failed(explained(&cause)))?;
        Ok(filled)
    }

    /// The bytes of the workbook.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.book.save_to_buffer().map_err(|cause| explained(&cause))
    }
}

impl Page<'_> {
    fn finish(self) -> Result<(), XlsxError> {
        if self.columns > 0 {
            self.sheet.set_freeze_panes(1, 0)?;
            self.sheet.autofilter(0, 0, self.rows, self.columns - 1)?;
            self.sheet.set_autofit_max_width(WIDEST).autofit();
        }
        Ok(())
    }

    fn put(&mut self, column: u16, value: &Value) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut *self.sheet, self.rows);
        match value {
            Value::Null => return Ok(()),
            Value::Bool(value) => sheet.write_boolean(row, column, *value)?,
            Value::Number(number) => match number.as_f64().filter(|_| is_exact(number)) {
                Some(float) => sheet.write_number(row, column, float)?,
                None => sheet.write_string(row, column, number.to_string())?,
            },
            Value::String(text) => sheet.write_string(row, column, text)?,
            other => sheet.write_string(row, column, other.to_string())?,
        };
        Ok(())
    }
}

impl Table for Page<'_> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        let bold = Format::new().set_bold();
        for column in columns {
            let place = self.columns;
            self.sheet
                .write_string_with_format(0, place, column, &bold)
                .map_err(|cause| explained(&cause))?;
            self.columns += 1;
        }
        Ok(())
    }

    fn row(&mut self, cells: &mut dyn Iterator<Item = &Value>) -> io::Result<()> {
        self.rows += 1;
        for (column, value) in (0..).zip(cells) {
            self.put(column, value).map_err(|cause| explained(&cause))?;
        }
        Ok(())
    }
}

/// Excel's limits in plain words.
fn explained(cause: &XlsxError) -> io::Error {
    io::Error::other(match cause {
        XlsxError::RowColumnLimitError => {
            "a sheet holds at most 1,048,576 rows and 16,384 columns".to_string()
        }
        XlsxError::MaxStringLengthExceeded => "a cell holds at most 32,767 characters".to_string(),
        other => other.to_string(),
    })
}

/// What Excel has against the name of a sheet.
fn ill_named(name: &str, cause: &XlsxError) -> io::Error {
    io::Error::other(match cause {
        XlsxError::SheetnameCannotBeBlank(_) => "the name of a sheet is empty".to_string(),
        XlsxError::SheetnameLengthExceeded(_) => {
            format!("the name of the sheet \"{name}\" is longer than 31 characters")
        }
        XlsxError::SheetnameReused(_) => format!("two sheets are called \"{name}\""),
        XlsxError::SheetnameContainsInvalidCharacter(_) => {
            format!("the name of the sheet \"{name}\" holds one of [ ] : * ? / \\")
        }
        XlsxError::SheetnameStartsOrEndsWithApostrophe(_) => {
            format!("the name of the sheet \"{name}\" begins or ends with '")
        }
        other => other.to_string(),
    })
}

/// Whether Excel keeps every digit.
fn is_exact(number: &Number) -> bool {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => whole.unsigned_abs() <= EXACT,
        (None, Some(_)) => false,
        (None, None) => true,
    }
}
