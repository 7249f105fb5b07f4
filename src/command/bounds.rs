//! What a run may do to a profile: its mode and its limits, from flags, the profile and who is there.

use crate::cli::{Repl, Safety, Sending};
use crate::gate::{Limits, Mode};
use crate::settings::{Environment, Profile};

/// What a command line says about changes, and whether a person is there to be asked.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, named at every use")]
pub struct Bounds {
    /// `--read-only`.
    pub read_only: bool,
    /// `--dry-run`.
    pub dry_run: bool,
    /// Changes of production are collected until somebody sends them.
    pub collects: bool,
    /// `--yes`.
    pub yes: bool,
    /// Somebody can be asked.
    pub terminal: bool,
    /// `--limit`.
    pub limit: Option<u64>,
    /// `--canary`.
    pub canary: Option<u64>,
    /// `--max-changes`.
    pub max_changes: Option<u64>,
    /// `--max-deletes`.
    pub max_deletes: Option<u64>,
}

impl Bounds {
    /// For commands that only read.
    pub fn reading() -> Bounds {
        Bounds { read_only: true, ..Bounds::default() }
    }

    /// What was typed for a run.
    pub fn of(safety: &Safety, terminal: bool) -> Bounds {
        Bounds {
            read_only: safety.read_only,
            dry_run: safety.dry_run || safety.plan_out.is_some(),
            collects: false,
            yes: safety.yes,
            terminal,
            limit: safety.limit,
            canary: safety.canary,
            max_changes: safety.max_changes,
            max_deletes: safety.max_deletes,
        }
    }

    /// What was typed for sending what is written down.
    pub fn sending(sending: &Sending, terminal: bool) -> Bounds {
        Bounds {
            dry_run: sending.dry_run,
            yes: sending.yes,
            terminal,
            max_changes: sending.max_changes,
            max_deletes: sending.max_deletes,
            ..Bounds::default()
        }
    }

    /// What was typed for a dialogue.
    pub fn dialogue(repl: &Repl, terminal: bool) -> Bounds {
        Bounds {
            read_only: repl.read_only,
            dry_run: repl.dry_run,
            collects: true,
            terminal,
            max_changes: repl.max_changes,
            max_deletes: repl.max_deletes,
            ..Bounds::default()
        }
    }

    /// What happens to changes of a profile. Production asks where somebody can answer; without anybody, a run is
    /// meant as it is, and the limits hold.
    pub fn mode(&self, profile: &Profile) -> Mode {
        let is_production = profile.environment.value == Environment::Production;
        if self.read_only || profile.read_only.value {
            Mode::ReadOnly
        } else if self.dry_run || is_production && self.collects {
            Mode::DryRun
        } else if is_production && self.terminal && !self.yes {
            Mode::Confirm
        } else {
            Mode::Live
        }
    }

    /// How many changes a profile allows.
    pub fn limits(&self, profile: &Profile) -> Limits {
        Limits {
            max_changes: self.max_changes.or(profile.max_changes.value),
            max_deletes: self.max_deletes.or(profile.max_deletes.value),
            limit: self.limit,
            canary: self.canary,
        }
    }
}
