//! Writes changes down durably before they are sent: everything that is ready goes into one commit, while earlier
//! changes are on their way.

use super::shared::{Shared, sleep};
use super::state::Item;
use crate::gate::change::{Change, Status};

/// Writes changes down until there are no more.
pub(super) fn run(shared: &Shared) {
    let ahead = shared.options.lanes.max(1);
    let mut state = shared.lock();
    while !state.is_over() {
        shared.heed_stop(&mut state);
        // Little is written down ahead of the lanes: after a crash, all of it counts as perhaps sent.
        let room = ahead.saturating_sub(state.to_send.len()).min(state.to_journal.len());
        if room == 0 {
            state = sleep(&shared.writes, state);
            continue;
        }
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
        for ((ticket, note), change) in tickets.into_iter().zip(changes) {
            let item = Item { ticket, change, note };
            if state.halted.is_some() {
                state.end_unsent(item, written.is_ok());
            } else {
                state.to_send.push_back(item);
            }
        }
        shared.sends.notify_all();
        shared.wake(&state);
    }
}
