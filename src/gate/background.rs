//! One change of a row, sent in the background while `each` walks on.

use super::afterwards::{Afterwards, Coming};
use super::bulk::State;
use super::change::{Change, Refusal, Status};
use super::send::{self, Check, Pipeline, SendOptions};
use super::whole::Whole;
use super::{Gate, Mode, delivery, live};
use crate::catalogue::{Action, Effect, Object};
use crate::stop::Stop;
use std::sync::Arc;

/// Takes a change of the present row; it answers the record as it will be.
pub(super) fn send(
    gate: &Gate,
    state: &State,
    object: &'static Object,
    action: &'static Action,
    mut change: Change,
    whole: Option<Whole>,
) -> Result<Afterwards, Refusal> {
    let row = state.row.get();
    change.row = Some(state.place_of_row());
    if action.effect == Effect::Create {
        change.provisional = Some(gate.next_provisional());
    }
    if let Some(whole) = &whole {
        live::complete(&mut change, whole);
        live::remember(object, &mut change, whole);
    }
    if live::already_holds(object, &change) {
        gate.policy.tally.ended(&change, Status::Unchanged);
        return Ok(Afterwards::Told(whole.as_ref().map(Whole::body).unwrap_or_default()));
    }
    gate.past_canary()?;
    gate.confirmed(action, &change)?;
    gate.admit(action)?;
    live::forget(gate, &change);
    let pipeline = pipeline(gate, state)?;
    state.book.asked(row);
    let coming = (action.effect != Effect::Delete)
        .then(|| Box::new(Coming::new(change.clone(), whole, gate.policy.clock.now())));
    let put = pipeline.put(change);
    if put.is_err() {
        state.book.ended(row, Status::Refused, Some("it could not be written down first"));
    }
    put.map(|()| coming.map_or_else(|| Afterwards::Told(Vec::new()), Afterwards::Coming))
}

fn pipeline<'a>(gate: &Gate, state: &'a State) -> Result<&'a Pipeline, Refusal> {
    if let Some(pipeline) = state.pipeline.get() {
        return Ok(pipeline);
    }
    let written = live::journal(gate)?.written()?;
    gate.policy.tally.note(|counts| counts.run = Some(written.run.clone()));
    let (tally, book, first) = (gate.policy.tally.clone(), Arc::clone(&state.book), state.first);
    let delivery = gate.policy.delivery.clone();
    let done: send::Done = Arc::new(move |change, outcome, body| {
        tally.ended(change, outcome.status);
        if let Some(delivery) = &delivery
            && let Some(wrote) = delivery::wrote(change, outcome.status, body)
        {
            (delivery.tell)(wrote);
        }
        if let Some(row) = change.row {
            book.ended(row - first, outcome.status, outcome.reason.as_deref());
        }
    });
    let options = SendOptions::new(Check::Known, gate.policy.stop.clone(), Stop::new(), done);
    let journal = send::Journal { store: Arc::clone(&written.store), run: written.run.clone() };
    let started = Pipeline::start(Arc::clone(&gate.door), journal, options);
    Ok(state.pipeline.get_or_init(|| started))
}

/// Whether changes go to the background now.
pub(super) fn is_on(gate: &Gate) -> bool {
    matches!(gate.mode(), Mode::Live | Mode::Confirm)
        && gate.bulk.borrow().as_ref().is_some_and(|state| state.row.get() > 0)
}
