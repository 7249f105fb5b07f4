//! Goes on with a run that was stopped or broke off: what is pending is sent, and what may have been sent is looked
//! up first, so that nothing is sent twice.

use super::change::{Change, Fields, Outcome, Status};
use super::current::{can_be_found, current};
use super::door::Door;
use super::drift::{Difference, differences, is_comparable};
use super::kept::KeptChanges;
use super::lost::{self, Lost};
use super::send::{Journal, Pipeline, SendOptions, Totals, ended};
use crate::catalogue::{Effect, Object};
use crate::store::{Kept, Store, StoreError};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// How to go on.
pub struct ResumeOptions {
    /// Only what failed, once more; nothing else is touched.
    pub only_failed: bool,
    /// How to send; its check says which records are looked at first.
    pub send: SendOptions,
}

/// Why a run cannot be gone on with.
#[derive(Debug)]
pub enum ResumeError {
    /// The journal cannot be read or written.
    Store(StoreError),
    /// It broke off before its plan was written down whole; nothing of it was sent.
    NotWhole,
}

impl From<StoreError> for ResumeError {
    fn from(error: StoreError) -> Self {
        ResumeError::Store(error)
    }
}

/// Goes on with a run, under its own name. The totals count what was sent or looked up now.
pub fn resume(door: &Arc<Door>, journal: Journal, options: ResumeOptions) -> Result<Totals, ResumeError> {
    let store = Arc::clone(&journal.store);
    let run = journal.run.clone();
    check_whole(&*store, &run)?;
    let ResumeOptions { only_failed, send } = options;
    let (stop, done) = (send.stop.clone(), Arc::clone(&send.done));
    let pipeline = Pipeline::start(Arc::clone(door), journal, send);
    remember_creates(&*store, &run, &pipeline)?;

    let mut claimed = made_ids(&*store, &run)?;
    let mut found = Totals::default();
    for kept in KeptChanges::new(&*store, &run) {
        if stop.is_set() {
            break;
        }
        let kept = kept?;
        let next = match kept.status {
            Status::Failed if only_failed => Next::Send,
            Status::Pending if !only_failed => Next::Send,
            Status::Sending | Status::Unknown if !only_failed => {
                look_up(door, &pipeline, &kept, &mut claimed)
            }
            _ => continue,
        };
        match next {
            Next::Send => {
                if pipeline.put(kept.change).is_err() {
                    break;
                }
            }
            Next::Ended(outcome) => {
                store.settle(&run, std::slice::from_ref(&outcome))?;
                found.count(outcome.status);
                if let (Some(provisional), Effect::Create) =
                    (&kept.change.provisional, kept.change.effect().unwrap_or(Effect::Read))
                {
                    pipeline.remember(provisional.clone(), made(&outcome));
                }
                done(&kept.change, &outcome, None);
            }
        }
    }
    Ok(pipeline.finish().with(&found))
}

/// Looks up what of a run may have been sent, and sends nothing: what was not made is pending then. Answers how many
/// changes stay unclear.
pub fn look_up_unclear(door: &Arc<Door>, journal: Journal, send: SendOptions) -> Result<u64, StoreError> {
    let (store, run) = (Arc::clone(&journal.store), journal.run.clone());
    let pipeline = Pipeline::start(Arc::clone(door), journal, send);
    remember_creates(&*store, &run, &pipeline)?;
    let mut claimed = made_ids(&*store, &run)?;
    let mut unclear = 0;
    for kept in KeptChanges::new(&*store, &run) {
        let kept = kept?;
        if !matches!(kept.status, Status::Sending | Status::Unknown) {
            continue;
        }
        let outcome = match look_up(door, &pipeline, &kept, &mut claimed) {
            Next::Send => ended(&kept.change, Status::Pending, None),
            Next::Ended(outcome) => outcome,
        };
        unclear += u64::from(outcome.status == Status::Unknown);
        store.settle(&run, &[outcome])?;
    }
    Ok(unclear)
}

/// What to do with a change that has not ended.
enum Next {
    Send,
    Ended(Outcome),
}

/// The first changes of a plan are written down last: without them, the rest is not the whole plan.
fn check_whole(store: &dyn Store, run: &str) -> Result<(), ResumeError> {
    let planned = store.run(run)?.is_some_and(|run| matches!(run.about.kind.as_str(), "apply" | "undo"));
    let first = store.changes(run, 0, 1)?;
    if planned && first.first().is_some_and(|kept| kept.change.seq != 1) {
        return Err(ResumeError::NotWhole);
    }
    Ok(())
}

/// The ids of the records that the run is known to have made.
fn made_ids(store: &dyn Store, run: &str) -> Result<HashSet<String>, StoreError> {
    let mut ids = HashSet::new();
    for kept in KeptChanges::new(store, run) {
        let Kept { change, status, .. } = kept?;
        if status == Status::Applied && change.effect() == Some(Effect::Create) {
            ids.extend(change.id);
        }
    }
    Ok(ids)
}

/// Tells the pipeline which records the run created before, and which it could not.
fn remember_creates(store: &dyn Store, run: &str, pipeline: &Pipeline) -> Result<(), StoreError> {
    for kept in KeptChanges::new(store, run) {
        let Kept { change, status, reason, .. } = kept?;
        let Some(provisional) = change.provisional.clone() else { continue };
        if matches!(status, Status::Applied | Status::Failed | Status::Refused) {
            pipeline.remember(provisional, made(&ended(&change, status, reason)));
        }
    }
    Ok(())
}

fn made(outcome: &Outcome) -> Result<String, Box<Outcome>> {
    match (&outcome.id, outcome.status) {
        (Some(id), Status::Applied) => Ok(id.clone()),
        _ => Err(Box::new(outcome.clone())),
    }
}

/// Reads the record of a change that may have been sent.
fn look_up(door: &Door, pipeline: &Pipeline, kept: &Kept, claimed: &mut HashSet<String>) -> Next {
    let change = &kept.change;
    let unknown = |reason: String| Next::Ended(ended(change, Status::Unknown, Some(reason)));
    let Some((object, action)) = change.row_of_catalogue() else {
        return unknown(format!("this version of vitally-script does not know {}", change.action));
    };
    let real = change.id.as_deref().and_then(|id| pipeline.real_id(id));
    let change = &Change { id: real.or_else(|| change.id.clone()), ..change.clone() };
    if !can_be_found(change) {
        return match lost::look(door, object, change, kept.at, claimed) {
            Ok(Lost::Found(id)) => {
                claimed.insert(id.clone());
                Next::Ended(Outcome { id: Some(id), ..ended(change, Status::Applied, None) })
            }
            Ok(Lost::NotThere) => Next::Send,
            Ok(Lost::Similar | Lost::CannotLook) => unknown(how_to_look(object, change)),
            Err(failure) => unknown(format!("It could not be looked up: {}", failure.message)),
        };
    }
    let record = match current(door, object, change) {
        Ok(record) => record,
        Err(failure) => return unknown(format!("It could not be looked up: {}", failure.message)),
    };
    match action.effect {
        Effect::Create => created(change, record.as_ref()),
        Effect::Delete => deleted(change, record.as_ref()),
        Effect::Update | Effect::Read => updated(object, change, record.as_ref()),
    }
}

fn how_to_look(object: &Object, change: &Change) -> String {
    let noun = object.name.replace('_', " ");
    let name = change.name.as_ref().map_or(String::new(), |name| format!(" \"{name}\""));
    format!(
        "It has no externalId, so it cannot be looked up: search Vitally for the {noun}{name}; if it is not there, \
         create it again"
    )
}

fn created(change: &Change, record: Option<&Fields>) -> Next {
    let Some(record) = record else { return Next::Send };
    let id = record.get("id").and_then(Value::as_str).map(ToString::to_string);
    Next::Ended(Outcome { id, ..ended(change, Status::Applied, None) })
}

fn deleted(change: &Change, record: Option<&Fields>) -> Next {
    let archived = |record: &Fields| record.get("archivedAt").is_some_and(|at| !at.is_null());
    if record.is_none_or(archived) { Next::Ended(ended(change, Status::Applied, None)) } else { Next::Send }
}

fn updated(object: &Object, change: &Change, record: Option<&Fields>) -> Next {
    let Some(record) = record else {
        let reason = "Vitally no longer has this record.".to_string();
        return Next::Ended(ended(change, Status::Failed, Some(reason)));
    };
    let after = change.after.clone().unwrap_or_default();
    // Links that Vitally never shows: to send them once more does no harm.
    let nothing_to_see = !after.keys().any(|name| is_comparable(object, name));
    let missing = differences(object, &after, record);
    if missing.is_empty() && !nothing_to_see {
        return Next::Ended(ended(change, Status::Applied, None));
    }
    match &change.before {
        Some(before) => {
            let changed = differences(object, before, record);
            if changed.is_empty() {
                return Next::Send;
            }
            let reasons: Vec<String> = missing.iter().map(Difference::reason).collect();
            Next::Ended(ended(change, Status::Drifted, Some(format!("{}.", reasons.join("; ")))))
        }
        None => Next::Send,
    }
}
