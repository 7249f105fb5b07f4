//! Carries changes to Vitally, one at a time in each lane.

use super::Check;
use super::outcome::{Names, applied, ended, missing, of_failure};
use super::shared::Shared;
use super::sign::Sign;
use super::state::Ended;
use crate::catalogue::Effect;
use crate::client::{Failure, Kind};
use crate::gate::change::{Change, Outcome, Status};
use crate::tape::Page;
use std::sync::Arc;

/// Sends changes until there are no more.
pub(super) fn run(shared: &Shared) {
    let mut state = shared.lock();
    while !state.is_over() {
        let Some(item) = state.to_send.pop_front() else {
            state = shared.sends.wait(state);
            continue;
        };
        shared.heed_stop(&mut state);
        if state.halted.is_some() {
            state.end_unsent(item, true);
            shared.wake(state);
            state = shared.lock();
            continue;
        }
        state.out += 1;
        // Each lane wakes the next: no more of them than there are changes.
        let signs =
            [(&shared.notes, !state.to_journal.is_empty()), (&shared.sends, !state.to_send.is_empty())];
        Sign::to_one(state, signs);
        let (mut outcome, names, answer) = send(shared, &item.change);
        if outcome.status == Status::Applied {
            outcome.reason = outcome.reason.or_else(|| item.note.clone());
        }
        state = shared.lock();
        state.out -= 1;
        if let Some(names) = names.filter(|_| item.change.effect() == Some(Effect::Create)) {
            let provisional = item.change.provisional.as_deref();
            let names = [names.id.as_deref(), names.external_id.as_deref(), provisional];
            state.learn(&item.change.object, names);
        }
        let creates = item.change.provisional.is_some();
        state.end(Ended { item, outcome, answer, journalled: true });
        if creates {
            shared.moved.to_all(state);
            state = shared.lock();
        }
        shared.wake(state);
        state = shared.lock();
    }
}

fn send(shared: &Shared, change: &Change) -> (Outcome, Option<Names>, Option<Arc<Page>>) {
    let Some((_, action)) = change.row_of_catalogue() else { return (missing(change), None, None) };
    match shared.door.send_patiently(&change.request(action), &shared.options.give_up) {
        Ok(answer) => {
            let (outcome, names) = applied(change, &answer);
            (outcome, Some(names), answer.page)
        }
        Err(failure) if is_gone(shared, change, &failure) => {
            (ended(change, Status::Unchanged, None), None, None)
        }
        Err(failure) => (of_failure(change, failure), None, None),
    }
}

/// What a plan wanted gone went after it was read: a record goes with the one it belongs to.
fn is_gone(shared: &Shared, change: &Change, failure: &Failure) -> bool {
    shared.options.check != Check::Known
        && change.effect() == Some(Effect::Delete)
        && failure.kind == Kind::NotFound
        && !failure.maybe_applied
}
