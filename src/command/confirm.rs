//! Questions before changes are made. They name the profile, the action and the first record.

use super::{Console, ending};
use crate::catalogue::{Action, Effect};
use crate::gate::before::field_changes;
use crate::gate::{Change, Counts};
use crate::show;

/// How many fields a question shows.
const FIELDS: usize = 6;

/// Asks before the first change of a kind.
pub fn first_of_its_kind(console: &Console, profile: &str, action: &Action, change: &Change) -> bool {
    let mut lines = vec![format!("{} in {profile}", action.name)];
    let name = change.name.as_deref().or(change.key()).unwrap_or("a new record");
    lines.push(format!("  the first: {name}"));
    for (field, before, after) in field_changes(change).into_iter().take(FIELDS) {
        lines.push(format!("  {field}: {} → {}", show::cell(&before), show::cell(&after)));
    }
    console.notice_lines(&lines);
    let question = match action.effect {
        Effect::Delete => format!("{} cannot be undone. Go on with all of them? Type yes: ", action.name),
        _ => format!("Go on with every {} of this run? Type yes: ", action.name),
    };
    console.ask(&question).is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes"))
}

/// Asks after the first few changes; without anybody to ask, they must have gone well.
pub fn after_the_first(console: &Console, counts: &Counts, yes: bool) -> bool {
    let well = counts.failed + counts.unknown == 0;
    if yes || !console.can_ask() {
        return well;
    }
    console.end_progress();
    let done = ending::summary(&counts.applied, "").unwrap_or_else(|| "nothing was changed".into());
    let trouble = if well { String::new() } else { format!("; {} failed", counts.failed + counts.unknown) };
    console.notice_lines(&[format!("the first are done: {done}{trouble}")]);
    let answer = console.ask("Go on with the rest? Type yes: ");
    answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes"))
}
