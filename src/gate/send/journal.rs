//! Writes changes down durably before they are sent: everything that is ready goes into one commit, while earlier
//! changes are on their way.

use super::shared::{Shared, linger};
use super::state::Item;
use crate::gate::change::{Change, Status};
use std::time::Duration;

/// How long a few changes wait for more while others are on their way: a commit costs the same for one as for many.
const FOR_MORE: Duration = Duration::from_millis(2);
/// As many times as there are lanes are changes written down ahead of them at most.
const FURTHEST: usize = 8;

/// Writes changes down until there are no more.
pub(super) fn run(shared: &Shared) {
    let lanes = shared.options.lanes.max(1);
    let mut ahead = lanes;
    let mut waited = false;
    let mut state = shared.lock();
    while !state.is_over() {
        shared.heed_stop(&mut state);
        // Little is written down ahead of the lanes: after a crash, all of it counts as perhaps sent.
        let room = ahead.saturating_sub(state.to_send.len()).min(state.to_journal.len());
        if room == 0 {
            state = shared.writes.wait(state);
            continue;
        }
        if room < lanes && state.out > 0 && !waited {
            waited = true;
            state = linger(shared, state, FOR_MORE);
            continue;
        }
        waited = false;
        let batch: Vec<Item> = state.to_journal.drain(..room).collect();
        state.out += batch.len();
        drop(state);
        let (tickets, changes): (Vec<_>, Vec<Change>) =
            batch.into_iter().map(|item| ((item.ticket, item.note), item.change)).unzip();
        let written = shared.journal.store.write_changes(&shared.journal.run, Status::Sending, &changes);
        if let Err(error) = &written {
            shared.break_off(error.words());
        }
        state = shared.lock();
        state.out -= changes.len();
        ahead = further(ahead, lanes, state.to_send.len());
        for ((ticket, note), change) in tickets.into_iter().zip(changes) {
            let item = Item { ticket, change, note };
            if state.halted.is_some() {
                state.end_unsent(item, written.is_ok());
            } else {
                state.to_send.push_back(item);
            }
        }
        shared.wake(&state);
    }
}

/// How far to write ahead from now on: further where the lanes ran out of changes while others were written down, and
/// less far again where enough were left.
fn further(ahead: usize, lanes: usize, left: usize) -> usize {
    match left {
        0 => (ahead * 2).min(lanes * FURTHEST),
        _ if left >= lanes => (ahead / 2).max(lanes),
        _ => ahead,
    }
}
