//! What changes, record by record: what a field holds, and what it will hold.

use super::super::changes::name_of;
use super::super::runs;
use super::talk::Talk;
use crate::catalogue::Effect;
use crate::error::Error;
use crate::gate::before::field_changes;
use crate::gate::{Change, Status};
use crate::show::{self, width_of};

impl Talk {
    /// The changes that are collected, those that one input collected, or those of a run.
    pub(super) fn diff(&mut self, given: &[String]) -> Result<(), Error> {
        let console = &self.context.console;
        let pending = |changes: Vec<Change>| {
            changes.into_iter().map(|change| (change, Status::Pending)).collect::<Vec<_>>()
        };
        let changes = match given {
            [] => pending(self.collected.all()),
            [word] => {
                if let Ok(number) = word.parse() {
                    pending(self.collected_by(number))
                } else {
                    self.of_run(word)?
                }
            }
            _ => return Err(Error::usage(":diff takes one number or run, or nothing", "such as :diff 3")),
        };
        if changes.is_empty() {
            console.say(if given.is_empty() { "nothing is collected" } else { "nothing was changed there" });
            return Ok(());
        }
        let width = console.width();
        let all: Vec<String> = changes.iter().map(|(change, status)| text(change, *status, width)).collect();
        self.paged(&all.join("\n"));
        Ok(())
    }

    /// What a run did.
    fn of_run(&self, word: &str) -> Result<Vec<(Change, Status)>, Error> {
        let store = self.session.shelf.to_read()?;
        let run = runs::found(&*store, word)?;
        let kept = runs::all_changes(&*store, &run.id)?;
        self.session.shelf.close();
        Ok(kept.into_iter().map(|kept| (kept.change, kept.status)).collect())
    }

    /// What one input has collected.
    pub(super) fn collected_by(&self, number: usize) -> Vec<Change> {
        let changes = self.collected.all();
        let lines: Vec<usize> = changes.iter().map(|change| change.line).collect();
        let numbers = self
            .thread
            .with(move |dialogue| lines.into_iter().map(|line| dialogue.number_at(line)).collect::<Vec<_>>());
        changes
            .into_iter()
            .zip(numbers)
            .filter(|(_, of)| *of == Some(number))
            .map(|(change, _)| change)
            .collect()
    }
}

/// One change: its record, and a line for every field.
fn text(change: &Change, status: Status, width: Option<usize>) -> String {
    let effect = change.effect();
    let name = name_of(change).unwrap_or_default();
    let done = match status {
        Status::Pending | Status::Applied => String::new(),
        other => format!("  ({})", other.word()),
    };
    let fit = |line: String| width.map_or(line.clone(), |width| show::cut(&line, width));
    let mut lines = vec![fit(format!("{} {name}{done}", change.action))];
    let fields = field_changes(change);
    let widest = fields.iter().map(|(field, _, _)| width_of(field)).max().unwrap_or_default();
    for (field, before, after) in &fields {
        let gap = " ".repeat(widest - width_of(field));
        let values = match effect {
            Some(Effect::Create) => show::cell(after),
            _ => format!("{} → {}", show::cell(before), show::cell(after)),
        };
        lines.push(fit(format!("  {field}{gap}  {values}")));
    }
    lines.join("\n")
}
