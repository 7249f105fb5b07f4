//! What a script stays for: what it gave to `on(…)`, `schedule(…)` and `every(…)`, and what comes back to it.

use super::handler::Handler;
use super::schedules::{ScheduleSpec, Scheduled, Tick};
use crate::catalogue::{Object, Trigger};
use crate::error::{Error, Message, Place};
use crate::gate::{Gate, Mode};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

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
    /// The runs that earlier tries noted their changes under, one a profile.
    pub runs: Vec<String>,
}

/// What a script stays for, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its hooks, in order.
    pub hooks: Vec<HookSpec>,
    /// Its schedules, in order.
    pub schedules: Vec<ScheduleSpec>,
}

/// A call of one of the functions that a script gave.
#[derive(Clone, Debug)]
pub enum Call {
    /// For something that happened.
    Event(Box<Happening>),
    /// For a time that has come.
    Tick(Box<Tick>),
}

/// How a function ended.
#[derive(Debug)]
pub enum End {
    /// It ran to its end.
    Done,
    /// A hook's own conditions did not want the event.
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

/// Where calls come from. It lives on the script's thread; behind it are others.
pub trait Feed: Send {
    /// Begins to listen, for the script of this name.
    fn listen(&mut self, script: &str, wanted: &Wanted) -> Result<(), Error>;
    /// The next call; waits for it. `None` when there will be no more.
    fn next(&mut self) -> Result<Option<Call>, Error>;
    /// Notes how one ended.
    fn ended(&mut self, call: &Call, end: End) -> Result<(), Error>;
}

/// What a function is called for.
#[derive(Clone, Copy)]
pub enum Cause<'a> {
    /// Something happened that a hook wants.
    Event(&'a HookSpec, &'a Happening),
    /// A time has come.
    Tick(&'a Tick),
}

/// Gives every call a gate of its own, with its own limits and its own place in the journal.
pub trait Deliveries {
    /// The gate for one call. The error says why it cannot be made now.
    fn open(&self, cause: Cause) -> Result<Rc<Gate>, Message>;
    /// The gate of the same call to another profile, which the run reaches through `of_run`. `None` if no call is being made.
    fn open_other(&self, profile: &str, of_run: &Gate) -> Result<Option<Rc<Gate>>, Message>;
    /// Notes that it ended, before anything else is done.
    fn close(&self, went_well: bool) -> Result<(), Message>;
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

/// What a run stays for.
#[derive(Default)]
pub struct Hooks {
    /// The hooks that were registered, in order.
    pub list: RefCell<Vec<Hook>>,
    /// The schedules that were registered, in order.
    pub schedules: RefCell<Vec<Scheduled>>,
    /// Why no schedules can be registered here, and what to do.
    pub timeless: Cell<Option<(&'static str, &'static str)>>,
    /// Why no more can be registered, and what to do.
    pub closed: Cell<Option<(&'static str, &'static str)>>,
}

impl Hooks {
    /// Whether there is anything to stay for.
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_empty() && self.schedules.borrow().is_empty()
    }

    /// What there is to stay for.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            hooks: self.list.borrow().iter().map(|hook| hook.spec.clone()).collect(),
            schedules: self.schedules.borrow().iter().map(|one| one.spec.clone()).collect(),
        }
    }
}
