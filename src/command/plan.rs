//! `plan show`: a plan, change by change.

use super::changes::{self, Line};
use super::plan_file::unusable;
use super::{Console, Context, ending, form};
use crate::cli::{Format, Plan, PlanCommand};
use crate::error::Error;
use crate::exit;
use crate::gate::plan::{Header, PlanReader};
use crate::gate::{Change, Status};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read as _, Seek};
use std::path::Path;

/// The columns of the table.
pub const COLUMNS: &[&str] = &["action", "name", "field", "before", "after", "where"];

/// Something a plan can be read from.
pub trait Source: BufRead + Seek {}
impl<T: BufRead + Seek> Source for T {}

/// Shows a plan.
pub fn run(context: &Context, options: &Plan) -> Result<u8, Error> {
    let PlanCommand::Show { plan } = &options.command;
    let mut reader = open(plan)?;
    let header = reader.header().clone();
    let changes = all(plan, &mut reader)?;
    let format = context.console.format_or(Format::Table);
    if format == Format::Json {
        let lines: Vec<Value> = changes.iter().flat_map(|change| line(change).fields()).collect();
        let plan = json!({ "schema": 1, "plan": header, "changes": lines });
        form::write(&context.console, &plan, None, format);
        return Ok(exit::DONE);
    }
    if format == Format::Table {
        introduce(&context.console, &header, &counts(&changes));
    }
    if !changes.is_empty() || format != Format::Table {
        changes::write(&context.console, changes.iter().map(line), COLUMNS, format);
    }
    Ok(exit::DONE)
}

/// Opens a plan's file, or standard input for `-`, and checks it.
pub fn open(path: &Path) -> Result<PlanReader<Box<dyn Source>>, Error> {
    let input: Box<dyn Source> = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let failed = |cause| Error::File { path: "standard input".into(), doing: "read", cause };
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
        Box::new(Cursor::new(bytes))
    } else {
        let failed = |cause| Error::File { path: path.into(), doing: "read the plan", cause };
        Box::new(BufReader::new(File::open(path).map_err(failed)?))
    };
    PlanReader::open(input).map_err(|error| unusable(path, &error))
}

/// All changes of a plan.
pub fn all(path: &Path, reader: &mut PlanReader<Box<dyn Source>>) -> Result<Vec<Change>, Error> {
    reader.collect::<Result<Vec<_>, _>>().map_err(|error| unusable(path, &error))
}

/// How many changes there are of each action.
pub fn counts<'a>(changes: impl IntoIterator<Item = &'a Change>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for change in changes {
        *counts.entry(change.action.clone()).or_default() += 1;
    }
    counts
}

fn introduce(console: &Console, header: &Header, counts: &BTreeMap<String, u64>) {
    console.say(&format!("plan of {} for {} · made {}", header.script, header.profile, header.created));
    console.say(&ending::summary(counts, "to be ").unwrap_or_else(|| "nothing would change".into()));
}

fn line(change: &Change) -> Line<'_> {
    Line { run: None, change, status: Status::Pending, reason: None, at: None }
}
