//! What is kept of jobs: how far each has come, and a row for every tick.

pub(super) mod reads;
pub mod unkept;
pub(super) mod writes;

use super::StoreError;
use jiff::Timestamp;

/// What a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The only one of its name.
    pub name: String,
    /// Its schedule, as typed.
    pub schedule: String,
    /// The zone of its times of day.
    pub timezone: String,
    /// The script it runs.
    pub script: String,
    /// The script that keeps it itself, with `schedule(…)`; empty for a job of the project.
    pub kept_by: String,
}

/// A job as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// What it is.
    pub about: NewJob,
    /// When it was first seen; it has no ticks before.
    pub first_seen: Timestamp,
    /// Every tick up to here has a row.
    pub seen: Timestamp,
    /// How many of its runs failed in a row.
    pub failures: u32,
    /// Why it is paused.
    pub paused: Option<String>,
}

/// What became of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickOutcome {
    /// It is claimed and waits for its turn.
    Waiting,
    /// It was missed, with too many others, and starts when somebody says so.
    Held,
    /// Its script runs, or waits to be tried again.
    Running,
    /// Its script came to its end.
    Ok,
    /// Its script failed.
    Failed,
    /// It took too long.
    Timeout,
    /// The next tick went before it.
    Cancelled,
    /// The process ended while it ran.
    Interrupted,
    /// The run before still went on.
    SkippedOverlap,
    /// The job was paused.
    SkippedPaused,
    /// Nothing could run when it was due.
    Missed,
}

impl TickOutcome {
    /// All, with their words in the file and in JSON.
    pub const WORDS: &[(&str, TickOutcome)] = &[
        ("waiting", TickOutcome::Waiting),
        ("held", TickOutcome::Held),
        ("running", TickOutcome::Running),
        ("ok", TickOutcome::Ok),
        ("failed", TickOutcome::Failed),
        ("timeout", TickOutcome::Timeout),
        ("cancelled", TickOutcome::Cancelled),
        ("interrupted", TickOutcome::Interrupted),
        ("skipped_overlap", TickOutcome::SkippedOverlap),
        ("skipped_paused", TickOutcome::SkippedPaused),
        ("missed", TickOutcome::Missed),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }

    /// What a word means.
    pub fn of(word: &str) -> Option<TickOutcome> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, outcome)| *outcome)
    }
}

/// A tick, or several in a row that did not run, as they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickRow {
    /// The job's name.
    pub job: String,
    /// The tick, or the first of several.
    pub tick: Timestamp,
    /// The last of several; else the tick itself.
    pub last: Timestamp,
    /// How many ticks it stands for.
    pub count: u64,
    /// What became of it.
    pub outcome: TickOutcome,
    /// Whether it had been missed and was caught up.
    pub caught_up: bool,
    /// The last try; 0 before the first.
    pub attempt: u32,
    /// When the first try began.
    pub started: Option<Timestamp>,
    /// When the last try ended.
    pub finished: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// The runs in the journal that its tries changed something in, oldest first.
    pub runs: Vec<String>,
}

/// What changes of the ticks of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TickChange {
    /// A try begins; the first one claims the tick.
    Start {
        /// The tick.
        tick: Timestamp,
        /// Which try, from 1.
        attempt: u32,
        /// Whether it had been missed.
        caught_up: bool,
        /// When.
        at: Timestamp,
    },
    /// A tick is claimed and waits.
    Wait {
        /// The tick.
        tick: Timestamp,
        /// Whether it had been missed.
        caught_up: bool,
    },
    /// A missed tick is claimed and held.
    Hold {
        /// The tick.
        tick: Timestamp,
    },
    /// Ticks do not run.
    Pass {
        /// The first.
        first: Timestamp,
        /// The last.
        last: Timestamp,
        /// How many.
        count: u64,
        /// Why.
        outcome: TickOutcome,
    },
    /// A tick ended.
    End {
        /// The tick.
        tick: Timestamp,
        /// How.
        outcome: TickOutcome,
        /// Why it failed.
        error: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// A try failed, and another one follows.
    Failed {
        /// The tick.
        tick: Timestamp,
        /// Why.
        error: Option<String>,
    },
    /// The clock was set back: rows after this moment of ticks that never ran are forgotten.
    GoBack {
        /// The moment.
        to: Timestamp,
        /// What is left of the ticks in a row that the moment lies within: their first, last and number.
        cut: Option<(Timestamp, Timestamp, u64)>,
    },
}

/// How far a job has come, and what changes of its ticks: kept together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobChange {
    /// The job's name.
    pub job: String,
    /// Every tick up to here has a row.
    pub seen: Timestamp,
    /// How many of its runs failed in a row.
    pub failures: u32,
    /// Why it is paused.
    pub paused: Option<String>,
    /// What changes of its ticks, in order.
    pub ticks: Vec<TickChange>,
}

/// What is kept of jobs.
pub trait JobStore: Send + Sync {
    /// Notes jobs, or that they have another schedule, zone or script now, which count from this moment on; all or none.
    fn register(&self, jobs: &[NewJob], now: Timestamp) -> Result<(), StoreError>;
    /// Keeps changes of several jobs, all or none. Answers the ticks that could not be claimed, because they have a row
    /// already: by the job's place in the list and the tick.
    fn keep(&self, changes: &[JobChange]) -> Result<Vec<(usize, Timestamp)>, StoreError>;
    /// Notes a run that a tick made changes in.
    fn tick_run(&self, job: &str, tick: Timestamp, run: &str) -> Result<(), StoreError>;
    /// Forgets ticks that ended before a moment, but not the latest hundred of each job.
    fn forget(&self, before: Timestamp) -> Result<(), StoreError>;

    /// All jobs by name.
    fn jobs(&self) -> Result<Vec<JobRow>, StoreError>;
    /// The latest ticks, newest first, of one job or of all.
    fn ticks(&self, job: Option<&str>, most: usize) -> Result<Vec<TickRow>, StoreError>;
    /// The ticks of a job that wait, are held or run, oldest first.
    fn open_ticks(&self, job: &str) -> Result<Vec<TickRow>, StoreError>;
    /// The latest ticks of a job that were started, at most so many.
    fn started_ticks(&self, job: &str, most: usize) -> Result<Vec<Timestamp>, StoreError>;
    /// The tick that a run was a try of.
    fn tick_of(&self, run: &str) -> Result<Option<TickRow>, StoreError>;
    /// The ticks in a row that this moment lies within.
    fn stretch_at(&self, job: &str, at: Timestamp) -> Result<Option<TickRow>, StoreError>;
}
