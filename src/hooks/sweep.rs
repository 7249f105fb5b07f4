//! Walking everything by createdAt, which never changes under the walk: it finds whatever the quick way missed.

use super::poll::Poller;
use super::source::{Purpose, Sort, Trouble};
use super::stream::Stream;
use super::way::Way;
use jiff::Timestamp;

/// A walk over everything, page by page, with other work in between.
#[derive(Clone, Debug)]
pub struct Sweep {
    left: Vec<Stream>,
    way: Way,
    limit: u32,
    /// Vitally's time at the first page.
    started: Option<Timestamp>,
    not_before: Option<Timestamp>,
    /// The hooks that get the past from it.
    backfilled: Vec<i64>,
    /// How often in a row it did not get on.
    failures: u32,
}

/// A walk that fails so often in a row at one place begins anew.
const PATIENCE: u32 = 3;

impl Sweep {
    /// Lets it wait until this time of Vitally's.
    pub(super) fn not_before(&mut self, at: Timestamp) {
        self.not_before = Some(at);
    }
}

impl Poller<'_> {
    /// Asks for a walk over everything, unless one is under way.
    pub fn want_sweep(&mut self) {
        if self.sweep.is_some() {
            return;
        }
        // Another size each time moves the borders between pages, so that nothing stays hidden behind one.
        let less = u32::try_from(self.family.sweeps % 4).unwrap_or(0);
        self.sweep = Some(Sweep {
            left: Vec::new(),
            way: Way::default(),
            limit: self.rules.page.saturating_sub(less).max(1),
            started: None,
            not_before: None,
            backfilled: Vec::new(),
            failures: 0,
        });
    }

    /// Whether a walk over everything is under way.
    pub fn is_sweeping(&self) -> bool {
        self.sweep.is_some()
    }

    /// Walks one page more of everything; false when there is nothing left to do.
    pub fn step_sweep(&mut self) -> Result<bool, Trouble> {
        let Some(mut sweep) = self.sweep.take() else { return Ok(false) };
        match self.sweep_on(&mut sweep) {
            Ok(true) => {
                sweep.failures = 0;
                self.sweep = Some(sweep);
                Ok(true)
            }
            Ok(false) => Ok(false),
            Err(trouble) => {
                // It goes on where it was, unless that place is no good.
                sweep.failures += 1;
                if sweep.failures < PATIENCE {
                    self.sweep = Some(sweep);
                } else {
                    self.want_sweep();
                }
                Err(trouble)
            }
        }
    }

    fn sweep_on(&mut self, sweep: &mut Sweep) -> Result<bool, Trouble> {
        if sweep.started.is_none() {
            self.streams = self.source.lists(self.object)?.streams;
            sweep.left.clone_from(&self.streams);
            let hooks = self.store.hooks(self.family.number)?;
            let wants = hooks.iter().filter(|hook| hook.active && hook.backfill.is_some());
            sweep.backfilled = wants.map(|hook| hook.number).collect();
        }
        let Some(stream) = sweep.left.first().cloned() else { return Ok(false) };
        let state = self.store.stream(self.family.number, &stream.variant)?;
        let page = self.page(&stream, Sort::Created, sweep.limit, sweep.way.cursor(), Purpose::Sweep)?;
        if sweep.started.is_none() && sweep.not_before.is_some_and(|earliest| page.date < earliest) {
            return Ok(false);
        }
        let started = *sweep.started.get_or_insert(page.date);
        let next = page.next.clone();
        self.learn(&stream, &state, vec![page])?;
        if !sweep.way.follow(next)? {
            sweep.way = Way::default();
            sweep.left.remove(0);
        }
        if !sweep.left.is_empty() {
            return Ok(true);
        }
        self.store.swept(self.family.number, started, &sweep.backfilled)?;
        self.family.last_sweep = Some(started);
        self.family.sweeps += 1;
        self.store.forget(self.family.number, started - self.rules.memory)?;
        Ok(false)
    }
}
