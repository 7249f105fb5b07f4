//! What a person is told of a bulk run: what the columns are used for before it, how the rows ended after it.

use super::super::progress::grouped;
use super::super::session::Session;
use super::super::{Context, ending, form};
use super::columns::{Columns, Target};
use super::send::Ended;
use super::sheet::Sheet;
use super::traits::TraitType;
use crate::catalogue::{Action, Effect};
use crate::cli::Format;
use crate::error::Error;
use crate::gate::{Gate, Mode};
use crate::show;
use serde_json::{Value, json};

/// Says what each column is used for, before anything is sent.
pub fn columns(context: &Context, sheet: &Sheet, columns: &Columns, action: &Action) {
    let count = sheet.rows.len() as u64;
    let noun = if count == 1 { "row" } else { "rows" };
    context.console.say(&format!("{}: {} {noun}", sheet.name, grouped(count)));
    let mut lines: Vec<Vec<Value>> = Vec::new();
    if let Some(at) = columns.key_place {
        let what = if action.effect == Effect::Create { "must be new" } else { "finds the record" };
        lines.push(vec![sheet.columns[at].clone().into(), columns.key.clone().into(), what.into()]);
    }
    for column in &columns.written {
        let what = match &column.target {
            Target::Field(field) => field.kind.words(),
            Target::Trait(found) => match found.kind {
                TraitType::Number => "a number",
                TraitType::YesNo => "yes or no",
                TraitType::Date => "a day or a time",
                TraitType::Text if found.new => "a trait that is not defined yet",
                TraitType::Text => "text",
            },
        };
        lines.push(vec![
            sheet.columns[column.place].clone().into(),
            column.target.name().into(),
            what.into(),
        ]);
    }
    for (name, why) in &columns.unused {
        lines.push(vec![name.clone().into(), "not used".into(), why.clone().into()]);
    }
    let head = ["column", "goes to", "as"].map(String::from);
    context.console.say(&show::table(&head, &lines, context.console.stderr_width()));
}

/// Says how the rows ended; with `-o json`, as one document.
pub fn rows(context: &Context, session: &Session, gate: &Gate, ended: &Ended, error: Option<&Error>) {
    let counts = session.tally.counts();
    let failed = ended.failed + ended.refused;
    ending::tell_failed(&context.console, &ended.reasons, failed);
    ending::tell_rows(&context.console, session, &counts, error, failed);
    let dry = gate.mode() == Mode::DryRun;
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let document = json!({
            "run": counts.run,
            "applied": if dry { 0 } else { ended.applied },
            "unchanged": ended.unchanged,
            "drifted": 0,
            "failed": ended.failed,
            "remaining": ended.remaining + if dry { ended.applied } else { 0 },
            "refused": ended.refused,
        });
        form::write(&context.console, &document, None, format);
    }
}
