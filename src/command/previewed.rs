//! What would become of changes that are written down, if they were sent now.

use super::changes::{self, Line};
use super::progress::grouped;
use super::{Context, ending, plan};
use crate::cli::Format;
use crate::gate::Status;
use crate::gate::preview::Previewed;

/// The columns of the table.
const COLUMNS: &[&str] = &["action", "name", "field", "before", "after", "status", "reason"];

/// Writes every change with what would become of it, and the sum of it.
pub fn tell(context: &Context, seen: &[Previewed], would: &str) {
    let line = |seen: &Previewed| -> (Status, Option<String>) { (seen.status, seen.reason.clone()) };
    let states: Vec<(Status, Option<String>)> = seen.iter().map(line).collect();
    let lines = seen.iter().zip(&states).map(|(seen, (status, reason))| Line {
        run: None,
        change: &seen.change,
        status: *status,
        reason: reason.as_deref(),
        at: None,
    });
    changes::write(&context.console, lines, COLUMNS, context.console.format_or(Format::Table));
    let pending = seen.iter().filter(|seen| seen.status == Status::Pending).map(|seen| &seen.change);
    let summary = ending::summary(&plan::counts(pending), "to be ");
    let mut parts = vec![match summary {
        Some(summary) => format!("{would}, nothing was sent: {summary}"),
        None => format!("{would}: nothing"),
    }];
    for (status, what) in [
        (Status::Unchanged, "already right"),
        (Status::Drifted, "changed by someone since, to be left alone"),
        (Status::Refused, "protected, to be left alone"),
        (Status::Failed, "cannot be done"),
    ] {
        let count = seen.iter().filter(|seen| seen.status == status).count() as u64;
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    context.console.say(&parts.join("; "));
}
