//! One thread for every object that is listened to: it polls, and between polls walks on over everything.

use super::board::Board;
use super::poll::Poller;
use super::rules::Rules;
use super::source::{Source, Trouble, TroubleKind};
use crate::catalogue::{Object, Trigger};
use crate::stop::Stop;
use crate::store::hooks::{Family, HookStore};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it walks on over everything before it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(200);
/// The longest wait after failures in a row, and the wait after a key was not accepted.
pub const CEILING: Duration = Duration::from_secs(300);
/// After a long walk, a pause so many times as long keeps the budget free for others.
const PAUSE_FACTOR: u32 = 3;

/// What one thread works with.
pub struct Watcher {
    /// Where pages come from.
    pub source: Arc<dyn Source + Send + Sync>,
    /// Where everything is kept.
    pub store: Arc<dyn HookStore>,
    /// The figures.
    pub rules: Rules,
    /// What is watched.
    pub object: &'static Object,
    /// How far that was walked.
    pub family: Family,
    /// Triggers to look for beside those of hooks.
    pub extra: Vec<&'static Trigger>,
    /// How often to look.
    pub every: Duration,
    /// Look once, walk everything if that is due, and leave.
    pub once: bool,
    /// Walk everything first: somebody wants the past.
    pub backfill: bool,
    /// The wish to stop.
    pub stop: Stop,
    /// Who is told.
    pub board: Arc<Board>,
}

impl Watcher {
    /// Watches until the wish to stop.
    pub fn watch(self) {
        let name = self.object.name;
        let mut poller = Poller::new(
            &*self.source,
            &*self.store,
            self.rules.clone(),
            self.object,
            self.family.clone(),
            self.extra.clone(),
        );
        if self.backfill {
            poller.want_sweep();
        }
        let mut failures = 0;
        while !self.stop.is_set() {
            let start = Instant::now();
            let first_sweep = if self.once || self.backfill { Duration::MAX } else { Duration::ZERO };
            let result = poller.round().and_then(|round| {
                self.sweep(&mut poller, first_sweep.saturating_sub(start.elapsed()))?;
                Ok(round)
            });
            let wait = match &result {
                Ok(_) => {
                    failures = 0;
                    self.every.max(start.elapsed() * PAUSE_FACTOR)
                }
                Err(trouble) => {
                    failures += 1;
                    self.backoff(trouble, failures)
                }
            };
            self.keep_trouble(result.as_ref().err());
            if result.as_ref().is_err_and(|trouble| trouble.kind == TroubleKind::Stopped) {
                break;
            }
            self.board.note(name, result);
            if self.once {
                break;
            }
            self.rest(&mut poller, start + wait);
        }
        self.board.over(name);
    }

    /// Walks on over everything for so long.
    fn sweep(&self, poller: &mut Poller, most: Duration) -> Result<(), Trouble> {
        let start = Instant::now();
        let mut swept = false;
        while poller.is_sweeping() && start.elapsed() < most && !self.stop.is_set() {
            poller.step_sweep()?;
            swept = true;
        }
        if swept {
            // What it found can be handled now.
            self.store.promote(self.family.number, self.rules.brake)?;
        }
        Ok(())
    }

    /// Waits until the next poll, with whatever is left to walk in between.
    fn rest(&self, poller: &mut Poller, until: Instant) {
        while !self.stop.is_set() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let stepped = poller.is_sweeping() && self.sweep(poller, LOOK).is_ok();
            if !stepped {
                let more = if poller.is_sweeping() { LOOK } else { left };
                self.stop.rest(left.min(more));
            }
        }
    }

    fn backoff(&self, trouble: &Trouble, failures: u32) -> Duration {
        if trouble.kind == TroubleKind::Login {
            return CEILING.max(self.every);
        }
        let longer = self.every.saturating_mul(1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX));
        longer.min(CEILING).max(self.every)
    }

    /// Keeps what is the matter where `pollers` finds it.
    fn keep_trouble(&self, trouble: Option<&Trouble>) {
        let words = trouble.map(|trouble| (trouble.message.as_str(), Timestamp::now()));
        // Where not even that can be written down, the board tells it all the same.
        let _ = self.store.troubled(self.family.number, words);
    }
}
