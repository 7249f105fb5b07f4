//! What the threads of a pipeline share, and the signs by which they wake each other.

use super::sign::Sign;
use super::state::{Made, State};
use super::{Journal, SendOptions};
use crate::gate::change::{Change, Outcome, Status};
use crate::gate::door::Door;
use crate::store::RowOutcome;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often whoever waits looks around without a sign.
pub(super) const LOOK: Duration = Duration::from_millis(800);

/// The state, locked.
pub(super) type Guard<'a> = MutexGuard<'a, State>;

/// Everything the threads share.
pub(super) struct Shared {
    pub(super) door: Arc<Door>,
    pub(super) journal: Journal,
    pub(super) options: SendOptions,
    state: Mutex<State>,
    /// Somebody waits in `put`, `drain` or `wait_for`.
    pub(super) moved: Sign,
    pub(super) reads: Sign,
    /// There is something to write down.
    pub(super) notes: Sign,
    pub(super) sends: Sign,
}

impl Shared {
    pub(super) fn new(door: Arc<Door>, journal: Journal, options: SendOptions) -> Shared {
        let state = State::new(options.check, door.protect().is_some(), options.on_error);
        Shared {
            door,
            journal,
            options,
            state: Mutex::new(state),
            moved: Sign::default(),
            reads: Sign::default(),
            notes: Sign::default(),
            sends: Sign::default(),
        }
    }

    pub(super) fn lock(&self) -> Guard<'_> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a change in; an error is why the journal cannot be written, and what to do.
    pub(super) fn put(&self, change: Change) -> Result<(), (String, String)> {
        let mut state = self.lock();
        loop {
            if let Some(why) = &state.totals.journal {
                return Err((why.clone(), state.help.clone()));
            }
            if state.open() < self.options.queue.max(1) {
                break;
            }
            state = self.moved.wait_at_most(state, LOOK);
        }
        self.heed_stop(&mut state);
        state.enter(change);
        self.wake(state);
        Ok(())
    }

    /// Takes in how rows ended, to be noted with the next commit.
    pub(super) fn note_rows(&self, rows: Vec<RowOutcome>) {
        let mut state = self.lock();
        state.rows.extend(rows);
        self.wake(state);
    }

    /// Waits until a create has ended.
    pub(super) fn wait_for(&self, provisional: &str) -> Result<String, Box<Outcome>> {
        let mut state = self.lock();
        loop {
            match state.created.get(provisional) {
                Some(Made::Id(id)) => return Ok(id.clone()),
                Some(Made::Not(outcome)) => return Err(outcome.clone()),
                Some(Made::Waits(_)) => state = self.moved.wait_at_most(state, LOOK),
                None => {
                    let reason = Some(format!("this run creates no record {provisional}"));
                    let kind = Some("not_found".into());
                    let status = Status::Failed;
                    return Err(Box::new(Outcome { seq: 0, status, id: None, before: None, reason, kind }));
                }
            }
        }
    }

    /// Waits until everything put in so far is told of.
    pub(super) fn drain(&self) {
        let mut state = self.lock();
        let mark = state.mark();
        while !state.is_done_before(mark) {
            state = self.moved.wait_at_most(state, LOOK);
        }
    }

    /// Nothing more comes in.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        for sign in [&self.reads, &self.notes, &self.sends] {
            sign.to_all(self.lock());
        }
    }

    /// The wish to stop has come.
    pub(super) fn hear(&self) {
        self.notes.to_all(self.lock());
    }

    /// After the wish to stop nothing new is sent.
    pub(super) fn heed_stop(&self, state: &mut State) {
        if self.options.stop.is_set() && state.halted.is_none() {
            state.halt("Stopped before this was sent.");
        }
    }

    /// The journal cannot be written: nothing more is sent.
    pub(super) fn break_off(&self, (message, help): (String, String)) {
        let mut state = self.lock();
        let why = format!("It was not sent, because it could not be written down first: {message}.");
        if state.totals.journal.is_none() {
            state.totals.journal = Some(message);
            state.help = help;
        }
        state.halt(&why);
        self.wake(state);
        self.moved.to_all(self.lock());
    }

    /// Lets go of the lock and wakes whoever has something to do.
    pub(super) fn wake(&self, state: Guard) {
        let signs = [
            (&self.reads, !state.to_read.is_empty()),
            (&self.notes, state.has_notes()),
            (&self.sends, !state.to_send.is_empty()),
        ];
        Sign::to_one(state, signs);
    }
}

/// Lets the others work for a while, so that there is more to do at once.
pub(super) fn linger<'a>(shared: &'a Shared, state: Guard<'a>, time: Duration) -> Guard<'a> {
    drop(state);
    std::thread::sleep(time);
    shared.lock()
}
