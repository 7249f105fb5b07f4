//! `report`: headings with tables and texts, kept as a page and as a workbook with the run.

use super::super::host::{Host, Level};
use super::super::raise::{Raised, mistake};
use super::super::value;
use super::super::words::described;
use super::super::{list::List, table_rows};
use super::{Entry, entry, say};
use crate::files::report::{Content, Report as Kept, Rows, Section};
use crate::files::{self, Trouble, Written};
use rhai::{Array, Dynamic, Engine, Map};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "report",
        "report",
        "What the run reports to people: report.add adds a section, report.title names it, report.save writes it into a file",
        "report.title(\"This week\");\nreport.add(\"Summary\", plural(tasks().count(), \"open task\"));\n\
         report.save(\"week.html\");",
    ),
    entry(
        "add",
        "report.add(heading, what, [columns])",
        "Adds a section to the report of this run: a list of records or rows as a table, with the columns you name; a map as \
         two columns; or a text. At its end the run keeps it as report.html and report.xlsx, and says where",
        "report.add(\"Largest accounts\", accounts().top(5, \"mrr\"), [\"name\", \"mrr\", \"traits.plan\"]);\n\
         report.add(\"Tasks by person\", tasks().count_by(\"assignedToId\"));\nreport.save(\"accounts.xlsx\");",
    ),
    entry(
        "title",
        "report.title(text)",
        "What the report is called; the script's name if you do not say",
        "report.title(\"Renewals of this week\");\nreport.add(\"Summary\", \"All is well.\");\nreport.save(\"renewals.html\");",
    ),
    entry(
        "save",
        "report.save(path)",
        "Writes the report into a file of the project now, such as weekly.html or weekly.xlsx, which email can attach; the run \
         then keeps none by itself",
        "report.add(\"Accounts\", accounts().take(5), [\"name\", \"mrr\"]);\nreport.save(\"weekly.html\");",
    ),
];

/// The constant `report`.
#[derive(Clone, Copy)]
pub struct Report;

/// The most rows of one section.
const MOST: usize = 100_000;

/// Registers the type of the constant `report`.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<Report>("report");
    engine.register_fn("to_string", |_: Report| "report".to_string());
    engine.register_fn("to_debug", |_: Report| "report".to_string());
}

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let own = Rc::clone(host);
    engine
        .register_fn("title", move |_: Report, text: &str| own.report.borrow_mut().kept.title = text.into());
    let own = Rc::clone(host);
    engine.register_fn("add", move |_: Report, heading: &str, what: Dynamic| add(&own, heading, &what, None));
    let own = Rc::clone(host);
    engine.register_fn("add", move |_: Report, heading: &str, what: Dynamic, columns: Array| {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        add(&own, heading, &what, Some(&columns))
    });
    let own = Rc::clone(host);
    engine.register_fn("save", move |_: Report, path: &str| save(&own, path));
}

/// The report of a run so far.
#[derive(Default)]
pub struct Growing {
    kept: Kept,
    /// Whether the script has written it itself.
    saved: bool,
}

fn add(host: &Host, heading: &str, what: &Dynamic, columns: Option<&[String]>) -> Result<(), Raised> {
    let content = if what.is::<List>() || what.is_array() {
        let mut rows = Rows::default();
        table_rows::write(what, columns, "report.add", &mut rows, &|cause: io::Error| {
            Trouble::file(cause.to_string(), "add less").into()
        })?;
        if rows.rows.len() > MOST {
            return Err(mistake(
                format!("a section of a report holds at most {MOST} rows"),
                "write so many with write_csv, and report what matters",
            ));
        }
        Content::Rows(rows)
    } else if let Some(map) = what.read_lock::<Map>() {
        let rows = map.iter().map(|(name, value)| Ok(vec![name.to_string().into(), value::to_json(value)?]));
        let rows = rows.collect::<Result<_, Raised>>()?;
        Content::Rows(Rows { columns: vec!["name".into(), "value".into()], rows })
    } else if what.is_string() || what.is_int() || what.is_float() {
        Content::Text(say::text_of(what, None)?)
    } else {
        return Err(mistake(
            format!("report.add needs a list, a map or a text, and got {}", described(what)),
            "such as report.add(\"Accounts\", accounts(), [\"name\", \"mrr\"])",
        ));
    };
    let mut report = host.report.borrow_mut();
    report.kept.sections.push(Section { heading: heading.into(), content });
    report.saved = false;
    Ok(())
}

/// The report with everything filled in that the script did not say.
fn finished(host: &Host, script: &str) -> Kept {
    let mut report = host.report.borrow().kept.clone();
    if report.title.is_empty() {
        let name = Path::new(script).file_stem().unwrap_or(OsStr::new(script)).to_string_lossy();
        report.title = if name.is_empty() { "Report".into() } else { name.replace('_', " ") };
    }
    let zone = host.timezone.get().clone();
    let now = host.clock.now().to_zoned_datetime(zone);
    report.made = now.strftime("%A, %-d %B %Y, %H:%M %Z").to_string();
    report
}

fn save(host: &Host, path: &str) -> Result<(), Raised> {
    let report = finished(host, path);
    let ending = Path::new(path).extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    let failed = |cause: io::Error| -> Raised { Trouble::writing(path, &cause).into() };
    let bytes = match ending.as_str() {
        "html" | "htm" => report.html().into_bytes(),
        "xlsx" => report.workbook().map_err(failed)?,
        _ => {
            return Err(mistake(
                format!("the name of the report \"{path}\" does not say what to write"),
                "end it with .html or .xlsx",
            ));
        }
    };
    let ((), written) = files::write(&host.files, path, |out| out.write_all(&bytes).map_err(failed))?;
    match written {
        Written::Kept => {}
        Written::WouldMake | Written::WouldReplace => {
            host.output.log(Level::Info, &format!("dry run: the report {path} would be written"));
        }
    }
    host.report.borrow_mut().saved = true;
    Ok(())
}

/// Keeps what was reported in the folder of the run, when the run ends; says where. Nothing is kept if there is nothing,
/// or the script has saved it.
pub fn keep(host: &Host, script: &str) -> Result<(), Trouble> {
    {
        let report = host.report.borrow();
        if report.saved || report.kept.sections.is_empty() {
            return Ok(());
        }
    }
    let report = finished(host, script);
    let gate = host.tenant.gate();
    let stamp = host.clock.now().strftime("%Y%m%d-%H%M%S").to_string();
    let Some(folder) = gate.folder_of_run(&stamp) else { return Ok(()) };
    let page = folder.join("report.html");
    let written = write(&folder, &page, &report);
    written.map_err(|cause| Trouble::writing(&page.display().to_string(), &cause))?;
    gate.note_report(&page);
    host.output.log(Level::Info, &format!("report: {}, and report.xlsx beside it", page.display()));
    host.report.borrow_mut().saved = true;
    Ok(())
}

fn write(folder: &Path, page: &PathBuf, report: &Kept) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(page, report.html())?;
    std::fs::write(folder.join("report.xlsx"), report.workbook()?)
}
