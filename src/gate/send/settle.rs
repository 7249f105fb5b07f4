//! Writes down how changes ended, many in one commit, and tells whoever asked. Also watches for the wish to stop.

use super::shared::{Guard, LOOK, Shared, linger};
use super::state::Ended;
use crate::gate::change::{Change, Outcome, Status};
use crate::store::StoreError;
use std::time::Duration;

/// How long a few outcomes wait for more while other changes are under way: a commit costs the same for one as for
/// many, and until then the journal says no more than that they were sent.
const FOR_MORE: Duration = Duration::from_millis(5);
/// So many wait no longer.
const MANY: usize = 64;

/// Settles changes until there are no more.
pub(super) fn run(shared: &Shared) {
    let mut waited = false;
    let mut state = shared.lock();
    while !state.is_over() {
        let rest = watch(shared, &mut state);
        if state.ended.is_empty() {
            state = shared.ends.wait_at_most(state, rest);
            continue;
        }
        let others = state.open() > state.ended.len();
        if others && state.ended.len() < MANY && !waited {
            waited = true;
            state = linger(shared, state, FOR_MORE);
            continue;
        }
        waited = false;
        let ended = std::mem::take(&mut state.ended);
        drop(state);
        if let Err(error) = write_down(shared, &ended) {
            shared.break_off(error.words());
        }
        for Ended { item, outcome, answer, .. } in &ended {
            let body = answer.as_ref().map(|page| page.source().as_bytes());
            (shared.options.done)(&item.change, outcome, body);
        }
        state = shared.lock();
        for Ended { item, .. } in &ended {
            state.forget(item.ticket);
        }
        shared.moved.to_all(&state);
    }
    drop(state);
    // The others look whether it is over.
    shared.close();
}

/// After the wish to stop nothing leaves; what is out is given up when the grace is over. Answers when to look again.
fn watch(shared: &Shared, state: &mut Guard) -> Duration {
    let options = &shared.options;
    shared.heed_stop(state);
    if state.halted.is_some() {
        state.drop_unsent();
    }
    let (Some(reason), Some((_, since))) = (options.stop.reason(), &state.halted) else { return LOOK };
    let left = options.grace.saturating_sub(since.elapsed());
    if state.out > 0 && left.is_zero() {
        options.give_up.set(reason);
    }
    if left.is_zero() { LOOK } else { left.min(LOOK) }
}

fn write_down(shared: &Shared, ended: &[Ended]) -> Result<(), StoreError> {
    let journal = &shared.journal;
    // Those that never left are not in the journal yet, except as parts of a plan.
    for status in [Status::Unchanged, Status::Drifted, Status::Failed, Status::Refused, Status::Unknown] {
        let unsent = ended.iter().filter(|ended| !ended.journalled && ended.outcome.status == status);
        let unsent: Vec<Change> = unsent.map(|ended| ended.item.change.clone()).collect();
        if !unsent.is_empty() {
            journal.store.write_changes(&journal.run, status, &unsent)?;
        }
    }
    let told = |ended: &&Ended| {
        ended.journalled || (ended.outcome.reason.is_some() && ended.outcome.status != Status::Pending)
    };
    let outcomes: Vec<Outcome> = ended.iter().filter(told).map(news).collect();
    if outcomes.is_empty() { Ok(()) } else { journal.store.settle(&journal.run, &outcomes) }
}

/// What the journal does not know yet of how a change ended.
fn news(ended: &Ended) -> Outcome {
    let Ended { item, outcome, journalled, .. } = ended;
    let known = *journalled && outcome.id == item.change.id;
    Outcome { id: outcome.id.clone().filter(|_| !known), ..outcome.clone() }
}
