//! Files: tables as CSV and .xlsx, and JSON.

use super::super::host::{Host, Level};
use super::super::raise::{Raised, mistake};
use super::super::row_pages::RowPages;
use super::super::words::did_you_mean;
use super::super::{table_rows, value};
use super::cells::Type;
use super::options::{Reading, Writing};
use super::{Entry, entry};
use crate::files::csv::{Csv, CsvTable};
use crate::files::{self, Trouble, Written, json, xlsx};
use rhai::{Array, Dynamic, Engine, Map};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "read_csv",
        "read_csv(path, [#{ delimiter, encoding, types, columns }])",
        "The rows of a CSV file, or of standard input for \"-\". The first line names the columns. Every cell is text, \
         unless types says number, date, DMY, MDY, YMD, yes_no or list for its column; columns keeps only some",
        "write_csv(\"plans.csv\", [#{ id: \"007\", mrr: 100 }]);\n\
         for row in read_csv(\"plans.csv\", #{ types: #{ mrr: \"number\" } }) { print(row.id + \": \" + row.mrr); }",
    ),
    entry(
        "write_csv",
        "write_csv(path, rows, [#{ columns, bom }])",
        "Writes records or maps as a CSV file and gives their number. bom: true makes Excel show accents",
        "print(write_csv(\"accounts.csv\", accounts(), #{ columns: [\"name\", \"mrr\", \"traits.plan\"] }));",
    ),
    entry(
        "read_xlsx",
        "read_xlsx(path, [sheet])",
        "The rows of the first sheet of a workbook, or of the one you name. Days are text such as 2026-12-01",
        "write_xlsx(\"plans.xlsx\", [#{ id: \"007\", mrr: 100 }]);\nprint(read_xlsx(\"plans.xlsx\"));",
    ),
    entry(
        "write_xlsx",
        "write_xlsx(path, rows)",
        "Writes records or maps as a workbook and gives their number; #{ Name: rows, … } makes several sheets",
        "print(write_xlsx(\"tenant.xlsx\", #{ Accounts: accounts(), Users: users().take(5) }));",
    ),
    entry(
        "read_json",
        "read_json(path)",
        "The value of a JSON file, or of standard input for \"-\"",
        "write_json(\"plans.json\", [#{ id: \"007\", mrr: 100 }]);\nprint(read_json(\"plans.json\")[0].id);",
    ),
    entry(
        "write_json",
        "write_json(path, value)",
        "Writes a value as JSON and gives the number of its rows",
        "print(write_json(\"accounts.json\", accounts().take(3)));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let at = Rc::clone(host);
    engine.register_fn("read_csv", move |path: &str| read_csv(&at, path, &Map::new()));
    let at = Rc::clone(host);
    engine.register_fn("read_csv", move |path: &str, options: Map| read_csv(&at, path, &options));
    let at = Rc::clone(host);
    engine
        .register_fn("write_csv", move |path: &str, rows: Dynamic| write_csv(&at, path, &rows, &Map::new()));
    let at = Rc::clone(host);
    engine.register_fn("write_csv", move |path: &str, rows: Dynamic, options: Map| {
        write_csv(&at, path, &rows, &options)
    });
    let at = Rc::clone(host);
    engine.register_fn("read_xlsx", move |path: &str| read_xlsx(&at, path, None));
    let at = Rc::clone(host);
    engine.register_fn("read_xlsx", move |path: &str, sheet: &str| read_xlsx(&at, path, Some(sheet)));
    let at = Rc::clone(host);
    engine.register_fn("write_xlsx", move |path: &str, rows: Dynamic| write_xlsx(&at, path, &rows));
    let at = Rc::clone(host);
    engine.register_fn("read_json", move |path: &str| -> Result<Dynamic, Raised> {
        let (name, bytes) = files::read(&at.files, path)?;
        Ok(value::from_json(json::parse(&name, &bytes)?))
    });
    let at = Rc::clone(host);
    engine.register_fn("write_json", move |path: &str, value: Dynamic| write_json(&at, path, &value));
}

fn read_csv(host: &Host, path: &str, options: &Map) -> Result<Array, Raised> {
    let reading = Reading::of(options)?;
    let (name, bytes) = files::read(&host.files, path)?;
    let mut csv = Csv::open(&name, bytes, &reading.csv)?;
    let columns = csv.columns().to_vec();
    let place = |column: &str| {
        columns.iter().position(|known| known == column).ok_or_else(|| {
            let near = did_you_mean(column, columns.iter().map(String::as_str));
            mistake(
                format!("{name} has no column \"{column}\"{near}"),
                format!("it has: {}", columns.join(", ")),
            )
        })
    };
    let mut types = vec![Type::Text; columns.len()];
    for (column, kind) in &reading.types {
        types[place(column)?] = *kind;
    }
    let kept: Vec<usize> = match &reading.columns {
        Some(names) => names.iter().map(|column| place(column)).collect::<Result<_, _>>()?,
        None => (0..columns.len()).collect(),
    };
    let mut pages = RowPages::new(kept.iter().map(|column| columns[*column].as_str()));
    while let Some(row) = csv.next_row()? {
        let cells = kept.iter().map(|column| {
            let read = types[*column].read(row.cell(*column), host.timezone.get());
            read.map_err(|(what, help)| row.trouble(*column, &what, help))
        });
        pages.push(cells.collect::<Result<Vec<_>, Trouble>>()?.into_iter())?;
    }
    pages.finish()
}

fn write_csv(host: &Host, path: &str, rows: &Dynamic, options: &Map) -> Result<i64, Raised> {
    let writing = Writing::of(options)?;
    let failed = unwritten(path);
    write(host, path, |out| {
        let table = if writing.mark { CsvTable::with_mark(out) } else { Ok(CsvTable::new(out)) };
        let mut table = table.map_err(&failed)?;
        let count = table_rows::write(rows, writing.columns.as_deref(), "write_csv", &mut table, &failed)?;
        table.finish().map_err(&failed)?;
        Ok(count)
    })
}

fn read_xlsx(host: &Host, path: &str, sheet: Option<&str>) -> Result<Array, Raised> {
    let (name, bytes) = files::read(&host.files, path)?;
    let sheet = xlsx::sheet(&name, bytes, sheet)?;
    let mut pages = RowPages::new(sheet.columns.iter().map(String::as_str));
    for row in sheet.rows {
        pages.push(row.into_iter())?;
    }
    pages.finish()
}

fn write_xlsx(host: &Host, path: &str, rows: &Dynamic) -> Result<i64, Raised> {
    let failed = unwritten(path);
    write(host, path, |out| {
        let mut book = xlsx::Book::default();
        let mut add = |name: &str, rows: &Dynamic| {
            let fill =
                |table: &mut dyn files::Table| table_rows::write(rows, None, "write_xlsx", table, &failed);
            book.add(name, fill, &failed)
        };
        let count = match rows.read_lock::<Map>() {
            Some(sheets) if sheets.is_empty() => {
                return Err(mistake("a workbook needs a sheet", "such as #{ Accounts: accounts() }"));
            }
            Some(sheets) => sheets.iter().map(|(name, rows)| add(name, rows)).sum::<Result<i64, Raised>>()?,
            None => add("Sheet1", rows)?,
        };
        let bytes = book.finish().map_err(&failed)?;
        out.write_all(&bytes).map_err(&failed)?;
        Ok(count)
    })
}

fn write_json(host: &Host, path: &str, value: &Dynamic) -> Result<i64, Raised> {
    write(host, path, |out| table_rows::write_json(value, out, &unwritten(path)))
}

/// Writes a value to a file whose ending says how; answers the number of rows.
pub fn export(host: &Host, path: &str, value: &Dynamic) -> Result<i64, Raised> {
    let ending = Path::new(path).extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "csv" => write_csv(host, path, value, &Map::new()),
        "xlsx" => write_xlsx(host, path, value),
        "json" => write_json(host, path, value),
        _ => Err(mistake(
            format!("the name of the file \"{path}\" does not say what to write"),
            "end it with .csv, .xlsx or .json",
        )),
    }
}

/// Writes a file of so many rows; a dry run says what it would have written.
fn write(
    host: &Host,
    path: &str,
    fill: impl FnOnce(&mut dyn Write) -> Result<i64, Raised>,
) -> Result<i64, Raised> {
    let (count, written) = files::write(&host.files, path, fill)?;
    let rows = format!("{count} row{}", if count == 1 { "" } else { "s" });
    match written {
        Written::Kept => {}
        Written::WouldMake => {
            host.output.log(Level::Info, &format!("dry run: the file {path} would be written, {rows}"));
        }
        Written::WouldReplace => {
            host.output.log(Level::Info, &format!("dry run: the file {path} would be replaced, {rows}"));
        }
    }
    Ok(count)
}

/// What a script hears when the system does not take what is written.
fn unwritten(path: &str) -> impl Fn(io::Error) -> Raised {
    move |cause| Trouble::writing(path, &cause).into()
}
