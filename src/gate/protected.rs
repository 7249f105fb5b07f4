//! Asks the rules of a profile before a change leaves: of a gate, and of a door behind which changes wait.

use super::ask::Ask;
use super::change::{Change, Fields, Refusal};
use super::whole::Whole;
use super::{Door, Gate, current};
use crate::catalogue::{Effect, Object};
use crate::client::{Failure, Kind};
use serde_json::Value;

impl Gate {
    /// Refuses a change of a protected record. `whole` is the record, where it is known.
    pub(super) fn unprotected(
        &self,
        object: &'static Object,
        change: &Change,
        whole: Option<&Whole>,
    ) -> Result<(), Refusal> {
        let Some(protect) = self.door.protect() else { return Ok(()) };
        let read = |ask: &Ask| match self.get(ask) {
            Ok(answer) => current::found(ask, answer.body(), change),
            Err(failure) if failure.kind == Kind::NotFound => Ok(None),
            Err(failure) => Err(failure),
        };
        let failed = |failure: Failure| Refusal::Failed(Box::new(failure));
        let existing = match whole {
            None if needs_record(change) => {
                read(&current::question(object, change)).map_err(failed)?.map(Value::Object)
            }
            whole => whole.map(|whole| whole.value().into_owned()),
        };
        let owner = |object: &'static Object, key: &str| {
            if let Some(known) = self.recent.borrow().find(object.name, key) {
                return Ok(Some(known.value().into_owned()));
            }
            Ok(read(&current::about(object, key))?.map(Value::Object))
        };
        match protect.forbids(object, change, existing.as_ref(), &owner).map_err(failed)? {
            None => Ok(()),
            Some(reason) => {
                self.policy.tally.note(|counts| counts.protected += 1);
                let message = sentence(change, &reason);
                Err(Refusal::Guarded { message, help: HELP.into() })
            }
        }
    }
}

/// Whether the record of a change has to be read to be judged; a create with an externalId may meet one.
pub(super) fn needs_record(change: &Change) -> bool {
    matches!(change.effect(), Some(Effect::Update | Effect::Delete)) || current::can_be_found(change)
}

/// What a refused change is told.
pub(super) fn sentence(change: &Change, reason: &str) -> String {
    format!("{} was not sent: {reason}", change.action)
}

/// How to go on.
pub(super) const HELP: &str = "`protect` in vitally.toml says which records scripts leave alone; change it there, or the record in Vitally";

/// Why a change may not be sent through a door; `record` is what it changes, if that exists.
pub(super) fn reason(
    door: &Door,
    object: &'static Object,
    change: &Change,
    record: Option<&Fields>,
) -> Result<Option<String>, Failure> {
    let Some(protect) = door.protect() else { return Ok(None) };
    let read = |object: &'static Object, key: &str| {
        let ask = current::about(object, key);
        match door.get(&ask.path, &ask.query) {
            Ok(answer) => Ok(current::found(&ask, answer.body(), change)?.map(Value::Object)),
            Err(failure) if failure.kind == Kind::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    };
    protect.forbids(object, change, record.cloned().map(Value::Object).as_ref(), &read)
}
