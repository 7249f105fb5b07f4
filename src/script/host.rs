//! What a script may reach outside itself; made by a command, handed to the engine.

use super::hooks::{Cause, Deliveries};
use super::library::report::Growing;
use super::patience::Patience;
use super::schedules::AboutJob;
use super::tenant::Tenant;
use crate::clock::{Clock, Zone};
use crate::error::Message;
use crate::files::Place;
use crate::gate::Mode;
use crate::mail::Mail;
use crate::stop::Stop;
use crate::web::Web;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How loud a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Only with `-v`.
    Debug,
    /// `log` and `info`.
    Info,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Error,
}

/// How far a script is with the rows of an input.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What is done, such as `rows`.
    pub label: &'a str,
    /// Rows that have ended.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
    /// Rows that failed.
    pub failed: u64,
}

/// Where a script's words go.
pub trait Output {
    /// Shows how far a script is.
    fn progress(&self, rows: &Rows);
    /// A result: one line for stdout.
    fn print(&self, text: &str);
    /// A remark: one line for stderr and the log file.
    fn log(&self, level: Level, text: &str);
    /// Whether a person can be asked.
    fn can_ask(&self) -> bool;
    /// What to do so that there is an answer, where that is not to run it in a terminal.
    fn how_to_answer(&self) -> Option<&str> {
        None
    }
    /// Shows some lines, asks, and waits for a line; `None` if nobody answers, or when it is to stop.
    fn ask(&self, lines: &[String], question: &str) -> Option<String>;
    /// How many columns a table on stdout may take; `None` when nobody looks and nothing is cut.
    fn width(&self) -> Option<usize>;
}

/// What kind of thing a script keeps between runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeping {
    /// A value of `state.set`.
    Value,
    /// What `once` has done.
    Once,
}

/// Why something outside the script did not work.
#[derive(Clone, Debug)]
pub struct Unable {
    /// What a script can look at, such as `busy`.
    pub kind: &'static str,
    /// What happened, and what to do.
    pub message: Message,
}

/// What a script keeps between its runs.
pub trait Keeper {
    /// A value that was kept.
    fn read(&self, what: Keeping, key: &str) -> Result<Option<Value>, Unable>;
    /// The keys of all that was kept, in order.
    fn keys(&self, what: Keeping) -> Result<Vec<String>, Unable>;
    /// Keeps a value, or forgets it; it is durable when this returns.
    fn keep(&self, what: Keeping, key: &str, value: Option<Value>) -> Result<(), Unable>;
}

/// Opens another profile by its name.
pub type OpenProfile = Box<dyn Fn(&str) -> Result<Tenant, Message>>;

/// Reads an environment variable by its name.
pub type ReadVariable = Box<dyn Fn(&str) -> Option<String>>;

/// What a script may reach outside itself.
pub struct Host {
    /// The profile the run was started with.
    pub tenant: Tenant,
    /// Opens another profile, for `profile("eu")`; the script layer remembers what it opened.
    pub open_profile: OpenProfile,
    /// The profiles that were opened so.
    pub opened: RefCell<BTreeMap<String, Tenant>>,
    /// What `--arg name=value` gave.
    pub arguments: BTreeMap<String, String>,
    /// Whether `-y` has said yes to every question.
    pub yes: bool,
    /// Reads an environment variable, for `env("NAME")`; never the API key.
    pub environment: ReadVariable,
    /// The files it may use.
    pub files: Rc<Place>,
    /// Where `print` and `log` go.
    pub output: Rc<dyn Output>,
    /// What it keeps between runs.
    pub state: Rc<dyn Keeper>,
    /// The way out for its own requests.
    pub web: Rc<Web>,
    /// The way out for its e-mails.
    pub mail: Mail,
    /// What it reports.
    pub report: RefCell<Growing>,
    /// How long the present call of a hook or a schedule may go on.
    pub patience: Patience,
    /// The job that the present run or call is for.
    pub job: RefCell<Option<AboutJob>>,
    /// Tells `now()` and `today()`.
    pub clock: Rc<dyn Clock>,
    /// The zone of `today()` and of dates without one.
    pub timezone: Zone,
    /// Gives events gates of their own, where hooks can be handled.
    pub deliveries: Option<Box<dyn Deliveries>>,
    /// The wish to stop.
    pub stop: Stop,
}

impl Host {
    /// Gives the call that begins a gate of its own at every profile that is open.
    pub fn begin_call(&self, deliveries: &dyn Deliveries, cause: Cause) -> Result<(), Message> {
        self.tenant.begin_call(deliveries.open(cause)?);
        for (name, tenant) in &*self.opened.borrow() {
            if let Some(gate) = deliveries.open_other(name, &tenant.of_run())? {
                tenant.begin_call(gate);
            }
        }
        Ok(())
    }

    /// Every profile goes through the gate of the run again.
    pub fn end_call(&self) {
        self.tenant.end_call();
        self.opened.borrow().values().for_each(Tenant::end_call);
    }

    /// Refuses changes at every profile, or no longer does.
    pub fn only_look(&self, looking: bool) {
        self.tenant.gate().only_look(looking);
        self.opened.borrow().values().for_each(|tenant| tenant.gate().only_look(looking));
    }

    /// Another mode from now on, at every profile that may be changed at all.
    pub fn set_mode(&self, mode: Mode) {
        let gate = self.tenant.gate();
        gate.set_mode(mode);
        self.opened.borrow().values().for_each(|tenant| tenant.gate().follow(&gate));
        if let Some(deliveries) = &self.deliveries {
            deliveries.set_mode(mode);
        }
    }

    /// Ends the run at every profile that is open, so that what follows is another.
    pub fn next_run(&self) {
        self.tenant.gate().next_run();
        self.opened.borrow().values().for_each(|tenant| tenant.gate().next_run());
    }
}
