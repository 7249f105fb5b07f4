//! Writes changes down durably before they are sent, and how they ended: everything that is ready goes into one commit, while
//! others are on their way.

use super::settle;
use super::shared::{Shared, linger};
use super::state::{Ended, Item, State};
use super::watch::watch;
use crate::gate::change::{Change, Status};
use crate::store::{Note, RowOutcome};
use std::time::Duration;

/// How long a few changes wait for more while others are on their way: a commit costs the same for one as for many.
const FOR_MORE: Duration = Duration::from_millis(2);
/// The same for a few outcomes by themselves: until then the journal says no more than that they were sent.
const FOR_OTHERS: Duration = Duration::from_millis(5);
/// So many outcomes wait no longer.
const MANY: usize = 64;
/// As many times as there are lanes are changes written down ahead of them at most.
const FURTHEST: usize = 8;

/// Writes down until there is no more.
pub(super) fn run(shared: &Shared) {
    let lanes = shared.options.lanes.max(1);
    let mut ahead = lanes;
    let mut waited = false;
    let mut state = shared.lock();
    while !state.is_over() || !state.rows.is_empty() {
        let rest = watch(shared, &mut state);
        // Little is written down ahead of the lanes: after a crash, all of it counts as perhaps sent.
        let room = ahead.saturating_sub(state.to_send.len()).min(state.to_journal.len());
        if room == 0 && state.ended.is_empty() && state.rows.is_empty() {
            state = shared.notes.wait_at_most(state, rest);
            continue;
        }
        if let Some(time) = for_more(&state, room, lanes).filter(|_| !waited) {
            waited = true;
            state = linger(shared, state, time);
            continue;
        }
        waited = false;
        let batch: Vec<Item> = state.to_journal.drain(..room).collect();
        let (ended, rows) = (std::mem::take(&mut state.ended), std::mem::take(&mut state.rows));
        state.out += batch.len();
        drop(state);
        let left = write(shared, batch, &ended, rows);
        if room > 0 {
            ahead = further(ahead, lanes, left);
        }
        state = settle::tell(shared, &ended);
    }
    drop(state);
    // The others look whether it is over.
    shared.close();
}

/// How long to wait for more; none if there is enough, or nothing more to come.
fn for_more(state: &State, room: usize, lanes: usize) -> Option<Duration> {
    let is_few = state.ended.len() < MANY;
    if room > 0 {
        return (is_few && room < lanes && state.out > 0).then_some(FOR_MORE);
    }
    (is_few && state.open() > state.ended.len()).then_some(FOR_OTHERS)
}

/// Writes down how changes and rows ended and what is to be sent, and hands that to the lanes. Answers how many they had left.
fn write(shared: &Shared, batch: Vec<Item>, ended: &[Ended], rows: Vec<RowOutcome>) -> usize {
    let (tickets, changes): (Vec<_>, Vec<Change>) =
        batch.into_iter().map(|item| ((item.ticket, item.note), item.change)).unzip();
    let mut notes = settle::notes(ended);
    if !rows.is_empty() {
        notes.push(Note::Rows(rows.into()));
    }
    if !changes.is_empty() {
        notes.push(Note::Changes(Status::Sending, changes.as_slice().into()));
    }
    let journal = &shared.journal;
    let written = if notes.is_empty() { Ok(()) } else { journal.store.note(&journal.run, notes) };
    if let Err(error) = &written {
        shared.break_off(error.words());
    }
    let mut state = shared.lock();
    state.out -= changes.len();
    let left = state.to_send.len();
    for ((ticket, note), change) in tickets.into_iter().zip(changes) {
        let item = Item { ticket, change, note };
        if state.halted.is_some() {
            state.end_unsent(item, written.is_ok());
        } else {
            state.to_send.push_back(item);
        }
    }
    shared.wake(state);
    left
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
