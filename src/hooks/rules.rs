//! The figures that polling goes by.

use jiff::SignedDuration;

/// How far back, how often, how much.
#[derive(Clone, Debug)]
pub struct Rules {
    /// How far below the watermark every walk goes at least: longer than Vitally takes to show a change, and than its
    /// clocks differ.
    pub overlap: SignedDuration,
    /// The overlap grows with what comes late, and not beyond this; the sweep finds the rest.
    pub longest_overlap: SignedDuration,
    /// How many times the latest arrival the overlap covers.
    pub lateness_factor: i32,
    /// How often everything is walked.
    pub sweep_every: SignedDuration,
    /// After so long without a look everything is walked, too.
    pub sweep_after: SignedDuration,
    /// How often everything is walked at most, when a list is out of order.
    pub sweep_at_most: SignedDuration,
    /// Records a page.
    pub page: u32,
    /// How often a walk of several pages is repeated until it teaches nothing new.
    pub passes: u32,
    /// More events than this in one round are held until a person releases them.
    pub brake: Option<u64>,
    /// How long handled events are kept.
    pub memory: SignedDuration,
}

impl Rules {
    /// How far below the watermark a walk goes: farther if changes came late before.
    pub fn overlap_for(&self, lateness: SignedDuration) -> SignedDuration {
        let wanted = lateness.checked_mul(self.lateness_factor).unwrap_or(self.longest_overlap);
        self.overlap.max(wanted.min(self.longest_overlap))
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            overlap: SignedDuration::from_mins(5),
            longest_overlap: SignedDuration::from_hours(1),
            lateness_factor: 4,
            sweep_every: SignedDuration::from_hours(1),
            sweep_after: SignedDuration::from_mins(5),
            sweep_at_most: SignedDuration::from_mins(10),
            page: 100,
            passes: 3,
            brake: Some(500),
            memory: SignedDuration::from_hours(24 * 30),
        }
    }
}
