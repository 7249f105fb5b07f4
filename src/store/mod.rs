//! What is kept between runs: the journal of runs and changes, what hooks have to remember, what jobs did,
//! and the state of scripts. Three traits, one `SQLite` file behind them.

mod commit;
mod connection;
mod error;
pub mod hooks;
pub mod jobs;
mod kept_hooks;
mod kept_jobs;
mod lock;
pub mod names;
mod place;
mod reads;
mod run_id;
mod sqlite;
mod state;
mod writes;

pub use error::StoreError;
pub use sqlite::SqliteStore;
pub use state::Shelfmark;

use crate::gate::{Change, Outcome, Status};
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;

/// What a run is, when it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// `run`, `eval`, `apply`, `undo`, `resume` or `bulk`.
    pub kind: String,
    /// The script's name, or the file's for `bulk` and `apply`.
    pub script: String,
    /// The hash of the script's text with its imports, of the plan, or of the file.
    pub script_hash: String,
    /// The arguments, as a JSON object.
    pub arguments: Value,
    /// The profile's name.
    pub profile: String,
    /// The origin that changes go to; another origin is another tenant.
    pub origin: String,
    /// `live`, `confirm`, …
    pub mode: String,
    /// The run that this one undoes, resumes or applies the plan of.
    pub of: Option<String>,
    /// The script's text, where no file holds it.
    pub code: Option<String>,
    /// The first run that the same start of a script noted, where it is another one: a script that writes to several
    /// profiles has a run for each.
    pub beside: Option<String>,
    /// The profile that the script was started with, where it is another one.
    pub started_with: Option<String>,
    /// When it started.
    pub started: Timestamp,
}

/// One run as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its short id, such as `8F2K`.
    pub id: String,
    /// What it is.
    pub about: NewRun,
    /// When it ended; `None` while it runs, or after a crash.
    pub finished: Option<Timestamp>,
    /// `done`, `failed`, `stopped`, `refused`; `running` without an end (after a crash: `crashed`).
    pub outcome: String,
    /// Changes that were applied.
    pub changes: u64,
    /// Changes that failed.
    pub failed: u64,
}

/// One change as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The run it belongs to.
    pub run: String,
    /// The change; its id is filled in when the answer came.
    pub change: Change,
    /// What became of it.
    pub status: Status,
    /// Why, for everything that is not applied or unchanged.
    pub reason: Option<String>,
    /// When it was written down.
    pub at: Timestamp,
}

/// One row of an input and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RowOutcome {
    /// The row's place in the input, from 1.
    pub row: u64,
    /// The row's own key, if one was named.
    pub key: Option<String>,
    /// The hash of what the row held.
    pub hash: String,
    /// `ok`, `unchanged` or `failed`.
    pub status: String,
    /// Why it failed.
    pub reason: Option<String>,
}

/// Something to write down about a run.
#[derive(Clone, Debug)]
pub enum Note<'a> {
    /// These, with a status: `Pending` for a plan, `Sending` right before they are sent. A change that is already there is
    /// written anew with the new status; an id or a before-image that is known stays known.
    Changes(Status, Cow<'a, [Change]>),
    /// How these ended, which were written down before.
    Outcomes(Cow<'a, [Outcome]>),
    /// How these rows of an input ended.
    Rows(Cow<'a, [RowOutcome]>),
}

impl Note<'_> {
    fn into_owned(self) -> Note<'static> {
        match self {
            Note::Changes(status, changes) => Note::Changes(status, changes.into_owned().into()),
            Note::Outcomes(outcomes) => Note::Outcomes(outcomes.into_owned().into()),
            Note::Rows(rows) => Note::Rows(rows.into_owned().into()),
        }
    }
}

/// What is kept between runs. Every call that writes is durable when it returns: a crash of the machine right after
/// it loses nothing. Calls may come from several threads at once; those that write are grouped into one commit.
pub trait Store: Send + Sync {
    /// Notes a new run and gives it an id.
    fn start_run(&self, about: &NewRun) -> Result<String, StoreError>;
    /// Notes that a run that had ended, or broke off, goes on under its own id.
    fn reopen_run(&self, run: &str) -> Result<(), StoreError>;
    /// Notes how a run ended.
    fn finish_run(&self, run: &str, outcome: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Writes all of this about a run down in one commit, in this order.
    fn note(&self, run: &str, notes: Vec<Note>) -> Result<(), StoreError>;
    /// Writes changes down with a status.
    fn write_changes(&self, run: &str, status: Status, changes: &[Change]) -> Result<(), StoreError> {
        self.note(run, vec![Note::Changes(status, changes.into())])
    }
    /// Writes down how changes ended.
    fn settle(&self, run: &str, outcomes: &[Outcome]) -> Result<(), StoreError> {
        self.note(run, vec![Note::Outcomes(outcomes.into())])
    }
    /// Writes down how rows of an input ended.
    fn write_rows(&self, run: &str, rows: &[RowOutcome]) -> Result<(), StoreError> {
        self.note(run, vec![Note::Rows(rows.into())])
    }
    /// Notes that the plan with this hash was applied by this run: `None` if it was claimed now, else the run that
    /// claimed it before.
    fn claim_plan(&self, hash: &str, run: &str) -> Result<Option<String>, StoreError>;

    /// The latest runs, newest first.
    fn runs(&self, most: usize) -> Result<Vec<Run>, StoreError>;
    /// One run; `last` is the newest that is no undo and changed something.
    fn run(&self, id: &str) -> Result<Option<Run>, StoreError>;
    /// The runs that the same start of a script noted, in order, this one among them.
    fn together(&self, run: &str) -> Result<Vec<Run>, StoreError>;
    /// The changes of a run in order, from a place on, at most so many: for walking long runs in pieces.
    fn changes(&self, run: &str, from_seq: u64, most: usize) -> Result<Vec<Kept>, StoreError>;
    /// How many changes of a run have each status.
    fn count(&self, run: &str) -> Result<Vec<(Status, u64)>, StoreError>;
    /// The rows of a run's input that are written down, in order.
    fn rows(&self, run: &str) -> Result<Vec<RowOutcome>, StoreError>;
    /// Everything this program ever did to one record, by its id or externalId, oldest first.
    fn history(&self, object: &str, key: &str) -> Result<Vec<Kept>, StoreError>;

    /// Keeps a value for a script, or forgets it.
    fn keep_state(&self, mark: &Shelfmark, key: &str, value: Option<&Value>) -> Result<(), StoreError>;
    /// A value that a script has kept.
    fn state(&self, mark: &Shelfmark, key: &str) -> Result<Option<Value>, StoreError>;
    /// The keys of everything that a script has kept, in order.
    fn state_keys(&self, mark: &Shelfmark) -> Result<Vec<String>, StoreError>;
}
