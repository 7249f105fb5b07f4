//! The hooks of a script: what it gave to `on(…)`, and what comes back to it.

use super::handler::Handler;
use crate::catalogue::{Object, Trigger};
use crate::error::{Error, Message, Place};
use crate::gate::{Gate, Mode};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A hook as a script gave it, as plain data.
#[derive(Clone, Debug)]
pub struct HookSpec {
    /// The object of its records.
    pub object: &'static Object,
    /// What it listens to.
    pub trigger: &'static Trigger,
    /// Its name, the only one of its kind in the script.
    pub name: String,
    /// How often to look.
    pub every: Option<Duration>,
    /// Only if one of these fields changed; any change if empty.
    pub changed: Vec<String>,
    /// Happenings of the past are wanted from this moment on.
    pub backfill: Option<Timestamp>,
    /// Whether changes of the script itself fire it.
    pub own_changes: bool,
    /// Where it was given.
    pub place: Option<Place>,
}

/// One event for one hook, as plain data.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What stands for it where it came from.
    pub number: i64,
    /// The hook's place among those that were listened for.
    pub hook: usize,
    /// What makes the event this one and no other.
    pub key: String,
    /// When it happened.
    pub at: Timestamp,
    /// Which try this is, from 1.
    pub attempt: u64,
    /// The fields that changed.
    pub changed: Vec<String>,
    /// What they held before, where it is known.
    pub before: Map<String, Value>,
    /// The record as it was seen.
    pub record: Value,
    /// When it was noticed, by Vitally's time.
    pub noticed: Timestamp,
    /// The run that an earlier try noted its changes under.
    pub run: Option<String>,
}

/// How a hook's function ended.
#[derive(Debug)]
pub enum End {
    /// It ran to its end.
    Done,
    /// The hook's own conditions did not want the event.
    NotWanted,
    /// It threw, or a request failed; `healing` if it may go well another time.
    Failed {
        /// The error.
        error: Box<Error>,
        /// Whether it may go well another time.
        healing: bool,
    },
    /// The run is to stop.
    Stopped,
}

/// Where events come from. It lives on the script's thread; behind it are others.
pub trait Feed: Send {
    /// Begins to listen for these hooks, from the script of this name.
    fn listen(&mut self, script: &str, hooks: &[HookSpec]) -> Result<(), Error>;
    /// The next event; waits for it. `None` when there will be no more.
    fn next(&mut self) -> Result<Option<Happening>, Error>;
    /// Notes how one was handled.
    fn ended(&mut self, happening: &Happening, end: End) -> Result<(), Error>;
}

/// Gives every event a gate of its own, with its own limits and its own place in the journal.
pub trait Deliveries {
    /// The gate for one event. The error says why it cannot be handled now.
    fn open(&self, hook: &HookSpec, happening: &Happening) -> Result<Rc<Gate>, Message>;
    /// Notes that it was handled, before anything else is.
    fn close(&self, happening: &Happening, went_well: bool) -> Result<(), Message>;
    /// What happens to changes from now on: a dialogue can change its mind.
    fn set_mode(&self, mode: Mode);
}

/// A hook with its functions.
pub struct Hook {
    /// What was asked for.
    pub spec: HookSpec,
    /// The function of the record, and perhaps of the event.
    pub handler: Handler,
    /// Only records for which this says true.
    pub condition: Option<Handler>,
}

/// The hooks of a run.
#[derive(Default)]
pub struct Hooks {
    /// Those that were registered, in order.
    pub list: RefCell<Vec<Hook>>,
    /// Why no more can be registered, and what to do.
    pub closed: Cell<Option<(&'static str, &'static str)>>,
    /// When the present event must be handled.
    pub deadline: Cell<Option<Instant>>,
}
