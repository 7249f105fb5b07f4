//! What would become of changes if they were sent now: their records are read, and nothing is sent.

use super::change::{Change, Fields, Status};
use super::current::{can_be_found, current, found, question};
use super::door::Door;
use super::drift::{Difference, differences, holds, without};
use super::protected;
use super::send::Check;
use crate::catalogue::{Effect, Object};
use crate::client::{Failure, Kind};

/// How many records are read at once.
const AT_ONCE: usize = 200;

/// A change and what would become of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Previewed {
    /// The change.
    pub change: Change,
    /// `Pending` if it would be sent; `Unchanged`, `Drifted`, `Refused` or `Failed` if not.
    pub status: Status,
    /// Why it would not be sent.
    pub reason: Option<String>,
}

/// Looks at the records of changes.
pub fn preview(door: &Door, changes: Vec<Change>, check: Check) -> Vec<Previewed> {
    let mut seen = Vec::with_capacity(changes.len());
    let mut rest = changes.into_iter().peekable();
    while rest.peek().is_some() {
        let piece: Vec<Change> = rest.by_ref().take(AT_ONCE).collect();
        seen.extend(looked_at(door, piece, check));
    }
    seen
}

fn looked_at(door: &Door, changes: Vec<Change>, check: Check) -> Vec<Previewed> {
    let asks: Vec<_> = changes
        .iter()
        .map(|change| {
            let (object, action) = change.row_of_catalogue()?;
            let exists = action.effect != Effect::Create && !is_provisional(change);
            exists.then(|| (object, question(object, change)))
        })
        .collect();
    let plain = asks.iter().flatten().filter(|(_, ask)| ask.query.is_empty());
    let mut answers = door.get_many(plain.map(|(_, ask)| ask.path.clone()).collect()).into_iter();
    changes
        .into_iter()
        .zip(asks)
        .map(|(mut change, ask)| {
            let Some((object, ask)) = ask else {
                let object = change.row_of_catalogue().map(|(object, _)| object);
                let there = object.filter(|_| door.protect().is_some() && can_be_found(&change));
                let there = there.and_then(|object| current(door, object, &change).ok().flatten());
                let refused = object.and_then(|object| refused(door, object, &change, there.as_ref()));
                let status = if refused.is_some() { Status::Refused } else { Status::Pending };
                return Previewed { change, status, reason: refused };
            };
            let record = if ask.query.is_empty() {
                match answers.next() {
                    Some(Ok(answer)) => found(&ask, answer.body(), &change),
                    Some(Err(failure)) if failure.kind == Kind::NotFound => Ok(None),
                    Some(Err(failure)) => Err(failure),
                    None => Ok(None),
                }
            } else {
                current(door, object, &change)
            };
            let known = record.as_ref().ok().cloned().flatten().filter(|_| door.protect().is_some());
            let (status, reason) = fate(object, &mut change, record, check);
            match refused(door, object, &change, known.as_ref()).filter(|_| status == Status::Pending) {
                Some(reason) => Previewed { change, status: Status::Refused, reason: Some(reason) },
                None => Previewed { change, status, reason },
            }
        })
        .collect()
}

/// Why a rule would refuse a change, or could not say.
fn refused(door: &Door, object: &'static Object, change: &Change, record: Option<&Fields>) -> Option<String> {
    protected::reason(door, object, change, record).unwrap_or_else(|failure| Some(failure.message))
}

fn fate(
    object: &Object,
    change: &mut Change,
    record: Result<Option<Fields>, Failure>,
    check: Check,
) -> (Status, Option<String>) {
    let record = match record {
        Ok(Some(record)) => record,
        Ok(None) if change.effect() == Some(Effect::Delete) => return (Status::Unchanged, None),
        Ok(None) => return (Status::Failed, Some("Vitally no longer has this record.".into())),
        Err(failure) => return (Status::Failed, Some(failure.message)),
    };
    let Some(after) = &change.after else { return (Status::Pending, None) };
    if holds(object, &record, after) {
        return (Status::Unchanged, None);
    }
    let drifted = change.before.as_ref().map(|before| differences(object, before, &record));
    match drifted {
        Some(drifted) if !drifted.is_empty() => {
            let reasons: Vec<String> = drifted.iter().map(Difference::reason).collect();
            let reason = Some(format!("{}.", reasons.join("; ")));
            let rest = without(after, &drifted);
            if check != Check::DriftByField || rest.is_empty() || holds(object, &record, &rest) {
                return (Status::Drifted, reason);
            }
            change.after = Some(rest);
            (Status::Pending, reason)
        }
        _ => (Status::Pending, None),
    }
}

/// Whether the record is made by another change of the same plan.
fn is_provisional(change: &Change) -> bool {
    change.id.as_deref().is_some_and(|id| id.starts_with("new-"))
}
