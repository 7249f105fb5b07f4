//! How much a run may change. Set by flags and the profile, never by the script; a guard that has tripped stays so.

use super::change::Refusal;
use crate::catalogue::Effect;
use std::cell::{Cell, RefCell};

/// How much a run may change; `None` means any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Changes of any kind.
    pub max_changes: Option<u64>,
    /// Deletes.
    pub max_deletes: Option<u64>,
    /// After so many changes (rows, inside `each`) the run ends as asked for.
    pub limit: Option<u64>,
    /// After so many changes somebody is asked whether to go on.
    pub canary: Option<u64>,
}

/// Why a guard tripped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// What happened, in one sentence.
    pub message: String,
    /// How to go on.
    pub help: String,
    /// Whether the run ends where it was asked to, so that nothing is wrong.
    pub asked: bool,
}

impl From<Trip> for Refusal {
    fn from(trip: Trip) -> Refusal {
        Refusal::Guarded { message: trip.message, help: trip.help }
    }
}

/// Counts what a run lets out.
#[derive(Debug, Default)]
pub struct Guard {
    limits: Limits,
    changes: Cell<u64>,
    deletes: Cell<u64>,
    /// The first few went well, and the rest may follow.
    past_canary: Cell<bool>,
    tripped: RefCell<Option<Trip>>,
}

impl Guard {
    /// A guard with these limits.
    pub fn new(limits: Limits) -> Guard {
        Guard { limits, ..Guard::default() }
    }

    /// The limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Counts one change that is about to be let out, or says why it may not be.
    pub fn admit(&self, effect: Effect, action: &str) -> Result<(), Trip> {
        if let Some(trip) = self.tripped.borrow().clone() {
            return Err(trip);
        }
        let (changes, deletes) = (self.changes.get(), self.deletes.get());
        if effect == Effect::Delete && self.limits.max_deletes.is_some_and(|most| deletes >= most) {
            let most = self.limits.max_deletes.unwrap_or_default();
            return Err(self.trip(
                match most {
                    0 => format!("{action} was not sent: deletes must be allowed by number on this profile"),
                    _ => format!("{action} was not sent: this run may delete {most}, and has"),
                },
                format!("if you mean it, allow them: --max-deletes {}", (most + 1).max(10)),
            ));
        }
        if self.limits.max_changes.is_some_and(|most| changes >= most) {
            let most = self.limits.max_changes.unwrap_or_default();
            return Err(self.trip(
                format!("{action} was not sent: this run may make {most} changes, and has"),
                format!("look at what was done; if more are meant, allow them: --max-changes {}", most * 2),
            ));
        }
        self.changes.set(changes + 1);
        self.deletes.set(deletes + u64::from(effect == Effect::Delete));
        Ok(())
    }

    /// Stops everything that follows.
    pub fn trip(&self, message: impl Into<String>, help: impl Into<String>) -> Trip {
        let trip = Trip { message: message.into(), help: help.into(), asked: false };
        self.stay(trip)
    }

    fn stay(&self, trip: Trip) -> Trip {
        self.tripped.borrow_mut().get_or_insert_with(|| trip.clone());
        trip
    }

    /// Stops a run that has made as many changes as `--limit` asked for.
    pub fn within_limit(&self, action: &str) -> Result<(), Trip> {
        match self.limits.limit {
            Some(limit) if self.changes.get() >= limit => Err(self.stay(Trip {
                message: format!("{action} was not sent: the run was to end after {limit}, as --limit says"),
                help: "leave out --limit to go on".into(),
                asked: true,
            })),
            _ => Ok(()),
        }
    }

    /// Whether the first few are out, and nobody has said yet that the rest may follow.
    pub fn is_at_canary(&self) -> bool {
        !self.past_canary.get() && self.limits.canary.is_some_and(|canary| self.changes.get() >= canary)
    }

    /// Goes on after the first few, or stops there: because somebody said so, or because they did not go well.
    pub fn end_canary(&self, go_on: bool, well: bool) -> Result<(), Trip> {
        if go_on {
            self.past_canary.set(true);
            return Ok(());
        }
        let most = self.limits.canary.unwrap_or_default();
        let (message, help) = if well {
            (format!("stopped after the first {most}, as you said"), "leave out --canary to send all")
        } else {
            (
                format!("stopped after the first {most}: not all of them went well"),
                "vitally-script runs show last says why; correct it and run it again",
            )
        };
        Err(self.stay(Trip { message, help: help.into(), asked: well }))
    }

    /// Counts a change that a dry run would let out.
    pub fn would_admit(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    /// Counts from nothing again, for the next run.
    pub fn renew(&self) {
        self.changes.set(0);
        self.deletes.set(0);
        self.past_canary.set(false);
        self.tripped.replace(None);
    }

    /// Why it tripped, if it did.
    pub fn tripped(&self) -> Option<Trip> {
        self.tripped.borrow().clone()
    }
}
