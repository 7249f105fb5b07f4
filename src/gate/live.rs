//! One change, sent now: before-image, journal, request, outcome.

use super::Gate;
use super::change::{Change, Outcome, Refusal, Status};
use super::current::{found, missing, question};
use super::delivery;
use super::drift;
use super::journal::Journal;
use super::whole::Whole;
use crate::catalogue::{Action, Effect, Object};
use crate::client::{Answer, Failure, Kind};
use serde_json::Value;

/// Sends a change and answers the record; one whose fields already hold costs no request.
pub fn send(
    gate: &Gate,
    object: &'static Object,
    action: &'static Action,
    mut change: Change,
    whole: Option<Whole>,
) -> Result<Vec<u8>, Refusal> {
    let whole = match (action.effect, whole) {
        (Effect::Update | Effect::Delete, None) => Some(read(gate, object, &change)?),
        (_, whole) => whole,
    };
    if let Some(whole) = &whole {
        complete(&mut change, whole);
        remember(object, &mut change, whole);
    }
    if already_holds(object, &change) {
        gate.policy.tally.ended(&change, Status::Unchanged);
        return Ok(whole.as_ref().map(Whole::body).unwrap_or_default());
    }
    gate.unprotected(object, &change, whole.as_ref())?;
    gate.within_limit(action)?;
    gate.past_canary()?;
    gate.confirmed(action, &change)?;
    gate.admit(action)?;
    let journal = journal(gate)?;
    journal.intend(&change)?;
    gate.policy.tally.note(|counts| counts.run = journal.run());
    forget(gate, &change);
    let sent = gate.door.send(&change.request(action));
    let outcome = outcome(&change, sent.as_ref().map(Answer::body));
    gate.policy.tally.ended(&change, outcome.status);
    if let Some(delivery) = &gate.policy.delivery {
        let body = sent.as_ref().ok().map(Answer::body);
        if let Some(wrote) = delivery::wrote(&change, outcome.status, body) {
            (delivery.tell)(wrote);
        }
    }
    journal.settle(&outcome).map_err(|refusal| after_the_fact(action, refusal))?;
    sent.map(|answer| answer.body().to_vec()).map_err(|failure| Refusal::Failed(Box::new(failure)))
}

/// The journal failed when the change was already made.
fn after_the_fact(action: &Action, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotJournalled { kind, message, help } => {
            let message =
                format!("{} was sent, but how it ended could not be written down: {message}", action.name);
            Refusal::NotJournalled { kind, message, help }
        }
        other => other,
    }
}

/// Notes what the record holds before a change: of an update the touched fields, of a delete everything.
pub fn remember(object: &Object, change: &mut Change, whole: &Whole) {
    let before = match &change.after {
        Some(after) => Some(drift::touched(object, after, |name, key| whole.held(name, key))),
        None => match whole.value().into_owned() {
            Value::Object(fields) => Some(fields),
            _ => None,
        },
    };
    change.before = before.or(change.before.take());
}

/// Whether the record holds everything already that an update sends.
pub fn already_holds(object: &Object, change: &Change) -> bool {
    match (change.effect(), &change.before, &change.after) {
        (Some(Effect::Update), Some(before), Some(after)) => drift::holds(object, before, after),
        _ => false,
    }
}

/// The journal of a gate. Without one nothing is sent.
pub fn journal(gate: &Gate) -> Result<&Journal, Refusal> {
    gate.policy.journal.as_ref().ok_or_else(|| Refusal::NotJournalled {
        kind: "refused",
        message: "nothing was sent, because there is no journal to write it down in first".into(),
        help: "run it with `vitally-script run`".into(),
    })
}

/// Reads the record of a change, from what was read lately or from Vitally.
pub fn read(gate: &Gate, object: &'static Object, change: &Change) -> Result<Whole, Refusal> {
    let key = change.key().unwrap_or_default();
    if let Some(known) = gate.recent.borrow().find(object.name, key) {
        return Ok(known);
    }
    let ask = question(object, change);
    let failed = |failure: Failure| Refusal::Failed(Box::new(failure));
    let answer = gate.get(&ask).map_err(failed)?;
    let record = found(&ask, answer.body(), change).map_err(failed)?;
    record.map(|fields| Whole::Fields(Value::Object(fields))).ok_or_else(|| failed(missing(&ask)))
}

/// Fills in what the record says about itself.
pub fn complete(change: &mut Change, whole: &Whole) {
    let text = |key: &str| whole.text(key).map(ToString::to_string);
    change.id = text("id").or(change.id.take());
    change.external_id = text("externalId").or(change.external_id.take());
    change.name = ["name", "subject", "email", "title"].into_iter().find_map(text).or(change.name.take());
}

/// Notes that a record is being changed.
pub fn forget(gate: &Gate, change: &Change) {
    let mut recent = gate.recent.borrow_mut();
    [&change.id, &change.external_id].into_iter().flatten().for_each(|key| recent.changed(key));
}

/// How a change ended, from what came back.
pub fn outcome(change: &Change, sent: Result<&[u8], &Failure>) -> Outcome {
    let base = Outcome {
        seq: change.seq,
        status: Status::Applied,
        id: change.id.clone(),
        before: change.before.clone(),
        reason: None,
        kind: None,
    };
    match sent {
        Ok(body) => {
            let answered = serde_json::from_slice::<Value>(body).ok();
            let id = answered.and_then(|record| record["id"].as_str().map(ToString::to_string));
            Outcome { id: id.or(base.id), ..base }
        }
        Err(failure) => Outcome {
            status: if failure.maybe_applied || failure.kind == Kind::MaybeApplied {
                Status::Unknown
            } else {
                Status::Failed
            },
            reason: Some(failure.message.clone()),
            kind: Some(failure.kind.word().into()),
            ..base
        },
    }
}
