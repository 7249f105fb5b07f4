//! What is written down of changes that have ended, and telling whoever asked.

use super::shared::{Guard, Shared};
use super::state::Ended;
use crate::gate::change::{Change, Outcome, Status};
use crate::store::Note;

/// What is to be written down of how these ended.
pub(super) fn notes(ended: &[Ended]) -> Vec<Note<'static>> {
    let mut notes = Vec::new();
    // Those that never left are not in the journal yet, except as parts of a plan.
    for status in [Status::Unchanged, Status::Drifted, Status::Failed, Status::Refused, Status::Unknown] {
        let unsent = ended.iter().filter(|ended| !ended.journalled && ended.outcome.status == status);
        let unsent: Vec<Change> = unsent.map(|ended| ended.item.change.clone()).collect();
        if !unsent.is_empty() {
            notes.push(Note::Changes(status, unsent.into()));
        }
    }
    let told = |ended: &&Ended| {
        ended.journalled || (ended.outcome.reason.is_some() && ended.outcome.status != Status::Pending)
    };
    let outcomes: Vec<Outcome> = ended.iter().filter(told).map(news).collect();
    if !outcomes.is_empty() {
        notes.push(Note::Outcomes(outcomes.into()));
    }
    notes
}

/// What the journal does not know yet of how a change ended.
fn news(ended: &Ended) -> Outcome {
    let Ended { item, outcome, journalled, .. } = ended;
    let known = *journalled && outcome.id == item.change.id;
    Outcome { id: outcome.id.clone().filter(|_| !known), ..outcome.clone() }
}

/// Tells whoever asked, and whoever waits for the end of these.
pub(super) fn tell<'a>(shared: &'a Shared, ended: &[Ended]) -> Guard<'a> {
    for Ended { item, outcome, answer, .. } in ended {
        let body = answer.as_ref().map(|page| page.source().as_bytes());
        (shared.options.done)(&item.change, outcome, body);
    }
    let mut state = shared.lock();
    if ended.is_empty() {
        return state;
    }
    for Ended { item, .. } in ended {
        state.forget(item.ticket);
    }
    shared.moved.to_all(state);
    shared.lock()
}
