//! What hooks keep: how far every list was walked, what was seen, what happened, and what is still to be handled.

mod deliveries;
mod delivery;
mod reads;
mod short;
mod writes;

pub use delivery::{Choice, Delivery, DeliveryEnd, DeliveryState, Event};
pub(super) use reads::HookReads;
pub use short::Short;

use super::StoreError;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

pub(super) use deliveries::{also_under, claim, discard, recover, release, replay, settle};
pub(super) use writes::{
    baseline, family, forget, observe, promote, register, start_hooks, stream, swept, troubled, walked, wrote,
};

/// One kind of record of one tenant, as it is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The number that stands for it in the store.
    pub number: i64,
    /// Nothing before it fires by itself; `None` until Vitally told the time for the first time.
    pub baseline: Option<Timestamp>,
    /// When the last walk over everything began, by Vitally's time.
    pub last_sweep: Option<Timestamp>,
    /// How many there were.
    pub sweeps: u64,
}

/// How far one list of a family was walked.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamState {
    /// The number that stands for it in the store.
    pub number: i64,
    /// Everything that changed until shortly before is known; `None` until it was walked whole.
    pub watermark: Option<Timestamp>,
    /// Vitally's time when the last whole walk began.
    pub polled: Option<Timestamp>,
    /// How far below the watermark the latest arrival lay.
    pub lateness: SignedDuration,
}

/// What a record held when it was last seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Vitally's id.
    pub id: String,
    /// Its `updatedAt`.
    pub updated: Timestamp,
    /// Its fields in short form.
    pub content: Short,
}

/// One happening.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// What makes it this one and no other: `task_completed:ID:VALUE`.
    pub key: String,
    /// The trigger's name.
    pub trigger: &'static str,
    /// The record's id.
    pub record: String,
    /// What people call the record.
    pub title: String,
    /// When it happened, by Vitally's time, as nearly as it can be told.
    pub at: Timestamp,
    /// The names of the fields that changed, traits as `traits.KEY`.
    pub changed: Vec<String>,
    /// What they held before, where it is known.
    pub before: Map<String, Value>,
    /// The record as it was seen.
    pub payload: Value,
    /// The script whose change it was, if this program made it.
    pub own: Option<String>,
    /// Only this hook gets it: it asked for happenings of the past.
    pub only: Option<i64>,
}

/// What pages of a list taught that were taken in together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// How many pages it is from.
    pub pages: u64,
    /// Records that are new or hold something else than before.
    pub seen: Vec<Seen>,
    /// What happened.
    pub events: Vec<NewEvent>,
    /// How many came later than the watermark allows for.
    pub late: u64,
    /// How far below the watermark the latest of them lay.
    pub lateness: SignedDuration,
}

/// A change that this program made, until it is seen in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnWrite {
    /// The record's id.
    pub record: String,
    /// The `updatedAt` that Vitally answered.
    pub at: Timestamp,
    /// The script that made it.
    pub script: String,
    /// The hook that made it.
    pub hook: String,
    /// Whether it made the record.
    pub made: bool,
    /// What it wrote; empty if the record only noticed, as an account does of a new note.
    pub fields: Map<String, Value>,
}

/// A hook as a script registers it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewHook {
    /// The family it listens to.
    pub family: i64,
    /// The script's name.
    pub script: String,
    /// Its own name, one of its kind in the script.
    pub name: String,
    /// The trigger's name.
    pub trigger: &'static str,
    /// Whether changes of its own script fire it.
    pub own: bool,
    /// Happenings of the past are wanted from this moment on.
    pub backfill: Option<Timestamp>,
}

/// A hook as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// The number that stands for it in the store.
    pub number: i64,
    /// The family it listens to.
    pub family: i64,
    /// The script's name.
    pub script: String,
    /// Its own name.
    pub name: String,
    /// The trigger's name.
    pub trigger: String,
    /// Whether changes of its own script fire it.
    pub own: bool,
    /// From when on it gets what happens; `None` until Vitally told the time.
    pub since: Option<Timestamp>,
    /// Happenings of the past that are still to be looked for begin here.
    pub backfill: Option<Timestamp>,
    /// Whether its script still registers it.
    pub active: bool,
}

/// What became of the deliveries that one round of walks found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promoted {
    /// So many can be handled.
    pub pending: u64,
    /// So many are held.
    pub held: u64,
}

/// How one poller is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct PollerRow {
    /// The profile.
    pub profile: String,
    /// The object.
    pub object: String,
    /// Which list of it.
    pub variant: String,
    /// Everything until shortly before is known.
    pub watermark: Option<Timestamp>,
    /// Vitally's time when the last whole walk began.
    pub polled: Option<Timestamp>,
    /// How far below the watermark the latest arrival lay.
    pub lateness: SignedDuration,
    /// When the last walk over everything began.
    pub last_sweep: Option<Timestamp>,
    /// Records that came later than the watermark.
    pub late_arrivals: u64,
    /// Requests used.
    pub requests: u64,
    /// Since when it fails, by this machine's clock.
    pub failing_since: Option<Timestamp>,
    /// Why.
    pub trouble: Option<String>,
}

/// What hooks keep. As with the journal, every call that writes is durable when it returns, and is done whole or not
/// at all.
pub trait HookStore: Send + Sync {
    /// The family of this object for this tenant; made if it is new.
    fn family(&self, profile: &str, origin: &str, object: &str) -> Result<Family, StoreError>;
    /// The state of one list of it; made if it is new.
    fn stream(&self, family: i64, variant: &str) -> Result<StreamState, StoreError>;
    /// Sets the moment before which nothing fires, for the hooks that wait for their first moment too; the first one
    /// stays.
    fn set_baseline(&self, family: i64, at: Timestamp) -> Result<(), StoreError>;
    /// What is known of these records.
    fn seen(&self, family: i64, ids: &[String]) -> Result<Vec<Seen>, StoreError>;
    /// What this program wrote to these records lately.
    fn own_writes(&self, family: i64, ids: &[String]) -> Result<Vec<OwnWrite>, StoreError>;
    /// Keeps what pages taught: records, events, and their deliveries to all hooks, in one transaction. `noticed` is
    /// Vitally's time at the first of them.
    fn observe(&self, stream: i64, noticed: Timestamp, observed: Observed) -> Result<(), StoreError>;
    /// How often pages have taught anything since the store was opened: while it stays the same, so does all that was seen.
    fn lessons(&self) -> u64;
    /// Moves the watermark after a whole walk; it never goes back. `unread` pages of it were not taken in, and are counted
    /// only now.
    fn walked(
        &self,
        stream: i64,
        watermark: Timestamp,
        polled: Timestamp,
        unread: u64,
    ) -> Result<(), StoreError>;
    /// Gives the deliveries of a round free, or holds them if the events are more than `brake`.
    fn promote(&self, family: i64, brake: Option<u64>) -> Result<Promoted, StoreError>;
    /// Notes a walk over everything; hooks that wanted the past have it now.
    fn swept(&self, family: i64, at: Timestamp, backfilled: &[i64]) -> Result<(), StoreError>;
    /// Notes that a list cannot be read, by this machine's clock; `None` once it can.
    fn troubled(&self, family: i64, trouble: Option<(&str, Timestamp)>) -> Result<(), StoreError>;
    /// Forgets handled events and own writes from before a moment.
    fn forget(&self, family: i64, before: Timestamp) -> Result<(), StoreError>;

    /// Notes the hooks of a script; those of it that are not named are no longer active. A hook that takes over the
    /// one of a script that is `gone` goes on where that was.
    fn register(&self, script: &str, hooks: &[NewHook], gone: &[String]) -> Result<(), StoreError>;
    /// Lets hooks that wait for their first moment begin at this one.
    fn start_hooks(&self, family: i64, at: Timestamp) -> Result<(), StoreError>;
    /// Every hook of a family.
    fn hooks(&self, family: i64) -> Result<Vec<Hook>, StoreError>;
    /// The names of all scripts that ever registered a hook.
    fn hook_scripts(&self) -> Result<Vec<String>, StoreError>;

    /// Puts back what an earlier process was handling when it ended.
    fn recover(&self, boot: &str) -> Result<u64, StoreError>;
    /// The next deliveries to these hooks that are due, oldest first, one a record: none whose record has an earlier
    /// one open for the same hook.
    fn due(&self, hooks: &[i64], now: Timestamp, most: usize) -> Result<Vec<Delivery>, StoreError>;
    /// Whether anything to these hooks is still to be handled, and when the next of it is due.
    fn next_due(&self, hooks: &[i64]) -> Result<Option<Timestamp>, StoreError>;
    /// Notes that a delivery is being handled; answers false if it no longer is to be.
    fn claim(&self, delivery: i64, boot: &str) -> Result<bool, StoreError>;
    /// Notes a further run that a delivery's changes are written down under.
    fn delivery_run(&self, delivery: i64, run: &str) -> Result<(), StoreError>;
    /// Notes how a try ended.
    fn settle_delivery(&self, delivery: i64, end: &DeliveryEnd) -> Result<(), StoreError>;
    /// Notes what a delivery wrote.
    fn wrote(&self, profile: &str, origin: &str, writes: &[(String, OwnWrite)]) -> Result<(), StoreError>;

    /// Deliveries, newest first.
    fn deliveries(&self, choice: &Choice) -> Result<Vec<Delivery>, StoreError>;
    /// The number of the last event.
    fn last_event(&self) -> Result<i64, StoreError>;
    /// Events of these triggers after a number, oldest first.
    fn events_after(&self, number: i64, triggers: &[String], most: usize) -> Result<Vec<Event>, StoreError>;
    /// Gives held deliveries free; answers how many.
    fn release(&self, choice: &Choice) -> Result<u64, StoreError>;
    /// Handles deliveries once more, as if they had not been tried; answers how many.
    fn replay(&self, choice: &Choice) -> Result<u64, StoreError>;
    /// Lets deliveries be; answers how many.
    fn discard(&self, choice: &Choice) -> Result<u64, StoreError>;
    /// How every poller is doing.
    fn pollers(&self) -> Result<Vec<PollerRow>, StoreError>;
}
