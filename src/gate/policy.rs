//! How a gate treats changes: everything that is decided before the first of them.

use super::delivery::Delivery;
use super::earlier::Earlier;
use super::journal::Journal;
use super::protect::Protect;
use super::{Change, Collected, Counts, Guard, Mode, PlanSink, Tally};
use crate::catalogue::Action;
use crate::clock::{Clock, SystemClock};
use crate::stop::Stop;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// Asks the person whether changes of a kind may be made; given the action and the first of its changes.
pub type AskPerson = Rc<dyn Fn(&'static Action, &Change) -> bool>;

/// Asks the person whether to go on after the first changes; given how they went.
pub type AskOn = Rc<dyn Fn(&Counts) -> bool>;

/// How a gate treats changes.
pub struct Policy {
    /// What happens to them.
    pub mode: Mode,
    /// How many there may be.
    pub guard: Rc<Guard>,
    /// Where they are written down before they are sent; a gate without one sends nothing.
    pub journal: Option<Journal>,
    /// Who is asked in [`Mode::Confirm`].
    pub ask: AskPerson,
    /// Who is asked after the first few, with `canary`.
    pub ask_on: AskOn,
    /// Where they are counted.
    pub tally: Tally,
    /// What an earlier run has done already, if this one resumes it.
    pub earlier: Option<Arc<Earlier>>,
    /// Where a dry run writes its changes down.
    pub plan: Planned,
    /// The event that changes are made for, in a hook.
    pub delivery: Option<Delivery>,
    /// The folder with a folder for every run, for results files.
    pub runs: Option<PathBuf>,
    /// Which records may not be written.
    pub protect: Option<Arc<Protect>>,
    /// The wish to stop.
    pub stop: Stop,
    /// The time that a dry run's records are made at.
    pub clock: Rc<dyn Clock>,
}

impl Policy {
    /// A gate that lets nothing out.
    pub fn reading() -> Policy {
        Policy {
            mode: Mode::ReadOnly,
            guard: Rc::default(),
            journal: None,
            ask: Rc::new(|_, _| false),
            ask_on: Rc::new(|_| false),
            tally: Tally::default(),
            earlier: None,
            plan: Planned::Nowhere,
            delivery: None,
            runs: None,
            protect: None,
            stop: Stop::new(),
            clock: Rc::new(SystemClock),
        }
    }
}

/// Where a dry run writes its changes down.
pub enum Planned {
    /// No plan is wanted.
    Nowhere,
    /// Into this plan.
    Into(PlanSink),
    /// Nowhere yet: they are kept for whoever began the run.
    Kept(Collected),
    /// A plan is for one profile, and this is another.
    Elsewhere,
}
