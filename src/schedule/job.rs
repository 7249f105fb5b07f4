//! A job: a schedule and the rules by which it runs.

use super::crontab::Crontab;
use super::mix::mixed;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What to do when a tick is due while the run before it goes on. A run goes on until its retries end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// Leave the tick out.
    #[default]
    Skip,
    /// Keep one tick waiting, leave further ones out.
    QueueOne,
    /// Keep up to [`MOST_WAITING`] ticks waiting.
    QueueAll,
    /// Run beside it, up to the job's `max_running`.
    Allow,
    /// Stop the run before, then run.
    CancelPrevious,
}

impl Overlap {
    /// Every rule, with its word in settings and scripts.
    pub const WORDS: &[(&str, Overlap)] = &[
        ("skip", Overlap::Skip),
        ("queue_one", Overlap::QueueOne),
        ("queue_all", Overlap::QueueAll),
        ("allow", Overlap::Allow),
        ("cancel_previous", Overlap::CancelPrevious),
    ];
}

/// What to do about ticks that passed while nothing could run: the program was not there, or the machine asleep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Catchup {
    /// Run once, for the newest of them.
    #[default]
    Latest,
    /// Run the newest [`MOST_WAITING`] of them, oldest first.
    All,
    /// Run none.
    None,
}

impl Catchup {
    /// Every rule, with its word in settings and scripts.
    pub const WORDS: &[(&str, Catchup)] =
        &[("latest", Catchup::Latest), ("all", Catchup::All), ("none", Catchup::None)];
}

/// How many ticks of a job wait at most, be it behind a run or to be caught up.
pub const MOST_WAITING: usize = 100;
/// A tick that starts up to this late is late, and not missed.
pub const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// A clock that stands this far before the last tick was set back, and the schedule starts anew from where it stands.
pub const CORRECTION: SignedDuration = SignedDuration::from_hours(3);

/// A schedule and the rules by which it runs.
#[derive(Clone, Debug)]
pub struct Job {
    /// The only one of its name.
    pub name: String,
    /// When it is due.
    pub crontab: Crontab,
    /// The zone of its times of day.
    pub zone: TimeZone,
    /// When the run before still goes on.
    pub overlap: Overlap,
    /// How many runs may go on at once, with [`Overlap::Allow`].
    pub max_running: usize,
    /// When ticks were missed.
    pub catchup: Catchup,
    /// How old a missed tick may be to be caught up.
    pub catchup_window: SignedDuration,
    /// Starts are spread over this time after the tick, the same for the same tick every time.
    pub jitter: Duration,
    /// How long a run may take.
    pub timeout: Duration,
    /// How many times a failed run is tried again.
    pub retries: u32,
    /// After so many failed runs in a row it is paused.
    pub pause_after_failures: Option<u32>,
    /// So long after its time it is expected to have run; as for all jobs if it does not say.
    pub expect_within: Option<SignedDuration>,
}

/// How long a run may take if nobody says.
pub const TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How old a missed tick may be to be caught up if nobody says.
pub const CATCHUP_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// How many runs may go on at once if nobody says.
pub const MAX_RUNNING: usize = 10;

/// How many times a run is tried again at most.
pub const MOST_RETRIES: u32 = 100;

/// The first wait before another try, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

impl Job {
    /// A job with the usual rules.
    pub fn new(name: &str, crontab: Crontab, zone: TimeZone) -> Job {
        Job {
            name: name.into(),
            crontab,
            zone,
            overlap: Overlap::default(),
            max_running: MAX_RUNNING,
            catchup: Catchup::default(),
            catchup_window: CATCHUP_WINDOW,
            jitter: Duration::ZERO,
            timeout: TIMEOUT,
            retries: 0,
            pause_after_failures: None,
            expect_within: None,
        }
    }

    /// The first tick after a moment.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.crontab.next(after, &self.zone)
    }

    /// The zone of its times of day: its schedule's own, or the job's.
    pub fn zone(&self) -> &TimeZone {
        self.crontab.zone.as_ref().unwrap_or(&self.zone)
    }

    /// The name of its zone.
    pub fn zone_name(&self) -> &str {
        self.zone().iana_name().unwrap_or("local")
    }

    /// Whether another job has the same ticks.
    pub fn same_times(&self, other: &Job) -> bool {
        self.crontab.text == other.crontab.text && self.zone() == other.zone()
    }

    /// When a tick starts: the tick itself, or a little later with jitter, but before the next tick.
    pub fn start(&self, tick: Timestamp) -> Timestamp {
        if self.jitter.is_zero() {
            return tick;
        }
        let most = u64::try_from(self.jitter.as_millis()).unwrap_or(u64::MAX);
        let late = mixed(&self.name, tick, 0) % most;
        let late = SignedDuration::from_millis(i64::try_from(late).unwrap_or(i64::MAX));
        let before_next =
            self.next(tick).map(|next| next.duration_since(tick) - SignedDuration::from_millis(1));
        tick.saturating_add(before_next.map_or(late, |most| late.min(most))).unwrap_or(tick)
    }

    /// How long to wait after a failed try, counted from 1: up to one second, then two, four, … five minutes.
    pub fn wait_after(&self, tick: Timestamp, attempt: u32) -> Duration {
        let doubled = FIRST_WAIT.saturating_mul(2u32.saturating_pow(attempt.saturating_sub(1)));
        let most = u64::try_from(doubled.min(LONGEST_WAIT).as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(mixed(&self.name, tick, u64::from(attempt)) % (most + 1))
    }
}
