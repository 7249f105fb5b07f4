//! Sends changes in the background, several at once: written down before they leave, in order for each record.
//!
//! A change goes from [`order`] (it waits for those it depends on) through [`read`] (what the record holds) and
//! [`journal`] (written down durably, many in one commit) to [`carry`] (sent), comes to the [`journal`] again with its
//! outcome, and ends in [`settle`] (whoever asked is told).

mod carry;
mod journal;
mod order;
mod outcome;
mod read;
pub(super) mod refer;
mod settle;
mod shared;
mod sign;
mod state;
mod watch;

use super::change::{Change, Outcome, Refusal, Status};
use super::door::Door;
use crate::stop::Stop;
use crate::store::{RowOutcome, Store};
use shared::Shared;
use state::Made;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use outcome::EXISTED;
pub(super) use outcome::ended;
pub(super) use refer::replace;

/// Where changes are written down.
#[derive(Clone)]
pub struct Journal {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The run they belong to.
    pub run: String,
}

/// What is looked at before an update or a delete is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A known `before` is trusted; only an unknown one is read.
    Known,
    /// Every record is read; one that no longer holds `before` is left alone.
    Drift,
    /// Every record is read; fields that no longer hold `before` are left alone, and the others are written.
    DriftByField,
}

/// What a failed change does to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Nothing.
    Continue,
    /// Nothing new is sent after it.
    Stop,
}

/// Told once of every change and how it ended, with the body of Vitally's answer if there was one.
pub type Done = Arc<dyn Fn(&Change, &Outcome, Option<&[u8]>) + Send + Sync>;

/// How to send.
#[derive(Clone)]
pub struct SendOptions {
    /// How many changes are on their way at once.
    pub lanes: usize,
    /// How many changes may wait, be on their way or not be told of yet; more wait in `put`.
    pub queue: usize,
    /// What is looked at first.
    pub check: Check,
    /// What a failed change does to the others.
    pub on_error: OnError,
    /// The wish to stop: nothing new is sent, and what is on its way is waited for.
    pub stop: Stop,
    /// What is on its way is given up once this is set: when the grace is over, or before it by whoever else has the flag.
    pub give_up: Stop,
    /// How long is waited for what is on its way after the wish to stop.
    pub grace: Duration,
    /// Who is told.
    pub done: Done,
}

impl SendOptions {
    /// The usual: 16 lanes, a queue of 256, ten seconds of grace, and failures stop nothing.
    pub fn new(check: Check, stop: Stop, give_up: Stop, done: Done) -> SendOptions {
        let grace = Duration::from_secs(10);
        SendOptions { lanes: 16, queue: 256, check, on_error: OnError::Continue, stop, give_up, grace, done }
    }
}

/// How many changes ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Vitally did them.
    pub applied: u64,
    /// Their fields already held.
    pub unchanged: u64,
    /// Somebody else changed their fields.
    pub drifted: u64,
    /// Vitally refused them, or they could not be sent.
    pub failed: u64,
    /// Whether Vitally did them is not known.
    pub unknown: u64,
    /// A guard, the person or a journal that cannot be written stopped them.
    pub refused: u64,
    /// Not tried, because of the wish to stop or an earlier failure.
    pub pending: u64,
    /// What the system said when the journal could not be written.
    pub journal: Option<String>,
}

impl Totals {
    /// How many have ended for good.
    pub fn ended(&self) -> u64 {
        self.applied + self.unchanged + self.drifted + self.failed + self.unknown + self.refused
    }

    /// Both together.
    #[must_use]
    pub(super) fn with(mut self, other: &Totals) -> Totals {
        self.applied += other.applied;
        self.unchanged += other.unchanged;
        self.drifted += other.drifted;
        self.failed += other.failed;
        self.unknown += other.unknown;
        self.refused += other.refused;
        self.pending += other.pending;
        self
    }

    /// Counts one more.
    pub(super) fn count(&mut self, status: Status) {
        *match status {
            Status::Applied => &mut self.applied,
            Status::Unchanged => &mut self.unchanged,
            Status::Drifted => &mut self.drifted,
            Status::Failed => &mut self.failed,
            Status::Unknown | Status::Sending => &mut self.unknown,
            Status::Refused => &mut self.refused,
            Status::Pending => &mut self.pending,
        } += 1;
    }
}

/// Sends changes in the background.
pub struct Pipeline {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Pipeline {
    /// Starts to send whatever will be put in.
    pub fn start(door: Arc<Door>, journal: Journal, options: SendOptions) -> Pipeline {
        let lanes = options.lanes.max(1);
        let shared = Arc::new(Shared::new(door, journal, options));
        shared.options.stop.rings_for(&shared, Shared::hear);
        let mut pipeline = Pipeline { shared, threads: Vec::with_capacity(2 * lanes + 1) };
        let whole = pipeline.spawn("vitally-journal", journal::run)
            & pipeline.spawn("vitally-send", carry::run)
            & pipeline.spawn("vitally-read", read::run);
        if !whole {
            let help = "close some programs and run it again";
            pipeline.shared.break_off(("this computer has no thread to give".into(), help.into()));
        }
        // Fewer lanes are slower, and do no harm.
        for _ in 1..lanes {
            let _ = pipeline.spawn("vitally-send", carry::run) & pipeline.spawn("vitally-read", read::run);
        }
        pipeline
    }

    /// Puts a change in, and waits while the queue is full. Fails once the journal could not be written: then nothing
    /// more is sent. After the wish to stop, a change is taken and ends as `Pending`.
    pub fn put(&self, change: Change) -> Result<(), Refusal> {
        let kind = "refused";
        self.shared.put(change).map_err(|(message, help)| Refusal::NotJournalled { kind, message, help })
    }

    /// Notes how rows of an input ended, without waiting for it; at the latest when this is dropped.
    pub fn note_rows(&self, rows: Vec<RowOutcome>) {
        self.shared.note_rows(rows);
    }

    /// Tells of a record that an earlier run created under a provisional id, or could not create.
    pub fn remember(&self, provisional: String, made: Result<String, Box<Outcome>>) {
        let made = made.map_or_else(Made::Not, Made::Id);
        self.shared.lock().created.insert(provisional, made);
    }

    /// Waits until the create with this provisional id has ended: the record's real id, or how else it ended.
    pub fn wait_for(&self, provisional: &str) -> Result<String, Box<Outcome>> {
        self.shared.wait_for(provisional)
    }

    /// The real id of a created record, if it is known by now.
    pub fn real_id(&self, provisional: &str) -> Option<String> {
        match self.shared.lock().created.get(provisional) {
            Some(Made::Id(id)) => Some(id.clone()),
            _ => None,
        }
    }

    /// Waits until everything put in so far has ended and is told of.
    pub fn drain(&self) {
        self.shared.drain();
    }

    /// How the changes ended that have ended so far.
    pub fn totals(&self) -> Totals {
        self.shared.lock().totals.clone()
    }

    /// Waits until everything has ended.
    pub fn finish(mut self) -> Totals {
        self.close();
        self.totals()
    }

    fn close(&mut self) {
        self.shared.close();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }

    fn spawn(&mut self, name: &str, work: fn(&Shared)) -> bool {
        let shared = Arc::clone(&self.shared);
        let builder = std::thread::Builder::new().name(name.into()).stack_size(512 * 1024);
        let started = builder.spawn(move || work(&shared));
        started.map(|thread| self.threads.push(thread)).is_ok()
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.close();
    }
}
