//! A delivery: one event for one hook, and where it stands.

use super::Hook;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// The walk that found it is not over.
    Collecting,
    /// Too many came at once; a person has to release them.
    Held,
    /// To be handled.
    Pending,
    /// Being handled.
    Running,
    /// It failed, and is tried again later.
    Retry,
    /// Handled, or not wanted by the hook's own conditions.
    Done,
    /// It failed too often, or in a way that does not heal by itself.
    Dead,
    /// A person said that it need not be handled.
    Discarded,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: &[DeliveryState] = &[
        DeliveryState::Collecting,
        DeliveryState::Held,
        DeliveryState::Pending,
        DeliveryState::Running,
        DeliveryState::Retry,
        DeliveryState::Done,
        DeliveryState::Dead,
        DeliveryState::Discarded,
    ];

    /// The word in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            DeliveryState::Collecting => "collecting",
            DeliveryState::Held => "held",
            DeliveryState::Pending => "pending",
            DeliveryState::Running => "running",
            DeliveryState::Retry => "retry",
            DeliveryState::Done => "done",
            DeliveryState::Dead => "dead",
            DeliveryState::Discarded => "discarded",
        }
    }

    /// The state of that word.
    pub fn of(word: &str) -> Option<DeliveryState> {
        DeliveryState::ALL.iter().copied().find(|state| state.word() == word)
    }
}

/// One event for one hook.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The number that stands for it in the store.
    pub number: i64,
    /// The hook.
    pub hook: Hook,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u64,
    /// The runs that its changes are written down under, one for every profile that it changed something at.
    pub runs: Vec<String>,
    /// The kind of the error it ended with.
    pub kind: Option<String>,
    /// The error it ended with.
    pub error: Option<String>,
    /// The event.
    pub event: Event,
}

/// One happening as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The number that stands for it in the store.
    pub number: i64,
    /// The object of its record.
    pub object: String,
    /// What makes it this one and no other.
    pub key: String,
    /// The trigger's name.
    pub trigger: String,
    /// The record's id.
    pub record: String,
    /// What people call the record.
    pub title: String,
    /// When it happened.
    pub at: Timestamp,
    /// When it was noticed, by Vitally's time.
    pub noticed: Timestamp,
    /// The names of the fields that changed.
    pub changed: Vec<String>,
    /// What they held before.
    pub before: Map<String, Value>,
    /// The record as it was seen.
    pub payload: Value,
}

/// How a try of a delivery ended.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryEnd {
    /// Where it stands now.
    pub state: DeliveryState,
    /// When it is tried again, by this machine's clock.
    pub due: Option<Timestamp>,
    /// Whether the try counts.
    pub counts: bool,
    /// The kind of the error.
    pub kind: Option<String>,
    /// The error.
    pub error: Option<String>,
    /// When, by this machine's clock.
    pub at: Timestamp,
}

/// Which deliveries a person means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Those of this event, by its key or the delivery's number; all if left out.
    pub key: Option<String>,
    /// Only those in these states; all if empty.
    pub states: Vec<DeliveryState>,
    /// Only of hooks with this name.
    pub hook: Option<String>,
    /// The most to answer with, newest first; all if left out.
    pub most: Option<usize>,
}
