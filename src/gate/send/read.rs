//! What the record holds before it is changed: known, or read now.

use super::Check;
use super::outcome::{drifted, ended, failed, missing, of_failure};
use super::shared::Shared;
use super::state::Ended;
use crate::catalogue::{Effect, Object};
use crate::client::{Failure, Kind};
use crate::gate::change::{Change, Fields, Outcome, Status};
use crate::gate::current::{can_be_found, current};
use crate::gate::drift::{covers, differences, holds, touched_of, without};
use crate::gate::protected;

/// What a change needs next.
pub(super) enum Look {
    /// The record must be read.
    Read,
    /// It can be sent.
    Send,
    /// It has ended.
    Ended(Outcome),
}

/// Looks at a change without reading anything.
pub(super) fn look(change: &Change, check: Check) -> Look {
    let Some((object, action)) = change.row_of_catalogue() else {
        let reason = format!("there is no action {} on {}", change.action, change.object);
        return Look::Ended(failed(change, Status::Failed, Kind::Invalid.word(), reason));
    };
    let read = check != Check::Known;
    match (action.effect, &change.before, &change.after) {
        (Effect::Create, ..) => Look::Send,
        (Effect::Read, ..) => {
            let reason = format!("{} changes nothing", change.action);
            Look::Ended(failed(change, Status::Failed, Kind::Invalid.word(), reason))
        }
        (Effect::Update, Some(before), Some(after)) if !read && covers(object, before, after) => {
            if holds(object, before, after) {
                Look::Ended(ended(change, Status::Unchanged, None))
            } else {
                Look::Send
            }
        }
        (Effect::Delete, Some(_), _) if !read => Look::Send,
        (Effect::Update | Effect::Delete, ..) => Look::Read,
    }
}

/// Looks at a change with its record. What was there before is filled in; `note` says which fields are left alone.
pub(super) fn compare(
    object: &Object,
    change: &mut Change,
    record: Option<Fields>,
    check: Check,
    note: &mut Option<String>,
) -> Option<Outcome> {
    let deletes = change.effect() == Some(Effect::Delete);
    let Some(record) = record else {
        // What a plan wanted gone may be gone by now.
        let gone = deletes && check != Check::Known;
        return Some(if gone { ended(change, Status::Unchanged, None) } else { missing(change) });
    };
    if deletes && record.get("archivedAt").is_some_and(|at| !at.is_null()) {
        return Some(ended(change, Status::Unchanged, None));
    }
    if let Some(after) = change.after.as_ref().filter(|after| holds(object, &record, after)) {
        change.before.get_or_insert_with(|| touched_of(object, &record, after));
        return Some(ended(change, Status::Unchanged, None));
    }
    if let (Check::Drift | Check::DriftByField, Some(before)) = (check, &change.before) {
        let expected = if deletes { settable(object, before) } else { before.clone() };
        let found = differences(object, &expected, &record);
        if !found.is_empty() {
            let outcome = drifted(change, &found);
            let rest = change.after.as_ref().map(|after| without(after, &found)).unwrap_or_default();
            if check == Check::Drift || rest.is_empty() {
                return Some(outcome);
            }
            if holds(object, &record, &rest) {
                return Some(outcome);
            }
            *note = outcome.reason;
            change.after = Some(rest);
        }
    }
    change.before = Some(match &change.after {
        Some(after) if !deletes => touched_of(object, &record, after),
        _ => record,
    });
    None
}

/// The fields that people set; others change by themselves, and do not speak against a delete.
fn settable(object: &Object, record: &Fields) -> Fields {
    let set = |name: &str| {
        name == "archivedAt"
            || object.field(name).is_some_and(|field| field.access.create || field.access.update)
    };
    record.iter().filter(|(name, _)| set(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// How a change ended, if it did, with the id and externalId of its record.
type Looked = (Option<Outcome>, Option<String>, Option<String>);

fn looked_at(
    shared: &Shared,
    object: &'static Object,
    change: &mut Change,
    note: &mut Option<String>,
) -> Result<Looked, Failure> {
    let creates = change.effect() == Some(Effect::Create);
    let record = if creates && !can_be_found(change) { None } else { current(&shared.door, object, change)? };
    let protected = refused(shared, object, change, record.as_ref())?;
    if creates {
        return Ok((protected, None, None));
    }
    let text = |name: &str| Some(record.as_ref()?.get(name)?.as_str()?.to_string());
    let (id, external) = (text("id"), text("externalId"));
    let outcome = compare(object, change, record, shared.options.check, note);
    Ok((outcome.or(protected), id, external))
}

/// The end of a change whose record may not be written.
fn refused(
    shared: &Shared,
    object: &'static Object,
    change: &Change,
    record: Option<&Fields>,
) -> Result<Option<Outcome>, Failure> {
    let reason = protected::reason(&shared.door, object, change, record)?;
    Ok(reason.map(|reason| failed(change, Status::Refused, "refused", protected::sentence(change, &reason))))
}

/// Reads records until there is nothing more to read.
pub(super) fn run(shared: &Shared) {
    let mut state = shared.lock();
    while !state.is_over() {
        let Some(mut item) = state.to_read.pop_front() else {
            state = shared.reads.wait(state);
            continue;
        };
        state.out += 1;
        shared.wake(state);
        let (outcome, id, external) = match item.change.row_of_catalogue() {
            Some((object, _)) => looked_at(shared, object, &mut item.change, &mut item.note)
                .unwrap_or_else(|failure| (Some(of_failure(&item.change, failure)), None, None)),
            None => (Some(missing(&item.change)), None, None),
        };
        state = shared.lock();
        state.out -= 1;
        state.learn(&item.change.object, [id.as_deref(), external.as_deref(), item.change.key()]);
        match outcome {
            Some(mut outcome) => {
                outcome.before.clone_from(&item.change.before);
                outcome.id = outcome.id.or(id);
                state.end(Ended { item, outcome, answer: None, journalled: false });
            }
            None if state.halted.is_some() => state.end_unsent(item, false),
            None => state.to_journal.push_back(item),
        }
        shared.wake(state);
        state = shared.lock();
    }
}
