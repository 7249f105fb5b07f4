//! What a write costs, learned from the answers.

use std::collections::VecDeque;

/// Learns what a write costs from how far `Remaining` drops between two moments at which nothing was out.
pub(super) struct WriteCost {
    units: u32,
    samples: VecDeque<u32>,
    quiet: Option<u32>,
    reads: u32,
    writes: u32,
}

impl Default for WriteCost {
    fn default() -> Self {
        WriteCost { units: 1, samples: VecDeque::new(), quiet: None, reads: 0, writes: 0 }
    }
}

impl WriteCost {
    /// How many samples are kept; the middle one counts, so that others' use of the key seldom misleads.
    const KEPT: usize = 5;
    const ENOUGH: usize = 3;
    const DEAREST: u32 = 20;

    /// What a write costs, as far as is known.
    pub(super) fn units(&self) -> u32 {
        self.units
    }

    /// A request was answered.
    pub(super) fn count(&mut self, write: bool) {
        if write {
            self.writes += 1;
        } else {
            self.reads += 1;
        }
    }

    /// Nothing is out, and this many units are left.
    pub(super) fn quiet_point(&mut self, remaining: u32) {
        let before = self.quiet.replace(remaining);
        let (reads, writes) = (std::mem::take(&mut self.reads), std::mem::take(&mut self.writes));
        let Some(before) = before else { return };
        if writes == 0 {
            return;
        }
        let by_writes = before.saturating_sub(remaining).saturating_sub(reads);
        let each = (by_writes + writes / 2) / writes;
        self.samples.push_back(each.clamp(1, Self::DEAREST));
        if self.samples.len() > Self::KEPT {
            self.samples.pop_front();
        }
        if self.samples.len() >= Self::ENOUGH {
            let mut sorted: Vec<u32> = self.samples.iter().copied().collect();
            sorted.sort_unstable();
            self.units = sorted[sorted.len() / 2];
        }
    }

    /// An old request left the window or a 429 came: the drop since the last quiet point says nothing.
    pub(super) fn forget_quiet_point(&mut self) {
        self.quiet = None;
        self.reads = 0;
        self.writes = 0;
    }
}
