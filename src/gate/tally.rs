//! What became of a run's changes, counted, with a sample.

use super::change::{Change, Status};
use super::guard::Trip;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many planned changes are kept to be shown.
const SAMPLE: usize = 20;

/// Counts the changes of a run. It is shared, so that a command can read it when the script's thread has ended,
/// however it ended.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<Counts>>);

/// What became of a run's changes.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// How many of each action were applied.
    pub applied: BTreeMap<String, u64>,
    /// How many of each action a dry run collected.
    pub planned: BTreeMap<String, u64>,
    /// How many of each field a dry run would change, by action and field.
    pub fields: BTreeMap<(String, String), u64>,
    /// The first changes of a dry run.
    pub sample: Vec<Change>,
    /// How many held already.
    pub unchanged: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were not sent because their records are protected.
    pub protected: u64,
    /// How many may or may not have been done.
    pub unknown: u64,
    /// How many were not sent because the run was stopped.
    pub pending: u64,
    /// Rows of `each` or of a file that failed.
    pub failed_rows: u64,
    /// Why the first of them failed, such as `row 3: …`.
    pub reasons: Vec<String>,
    /// Reads that were asked for; a list counts once a page.
    pub reads: u64,
    /// The id of the run in the journal, once something was written down.
    pub run: Option<String>,
    /// Why a guard tripped.
    pub tripped: Option<Trip>,
    /// The file with a line for every row of `each`.
    pub results_file: Option<String>,
    /// The page with what the run has reported.
    pub report: Option<String>,
}

impl Tally {
    fn locked(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the counts.
    pub fn note(&self, note: impl FnOnce(&mut Counts)) {
        note(&mut self.locked());
    }

    /// Counts how one change ended.
    pub fn ended(&self, change: &Change, status: Status) {
        let mut counts = self.locked();
        match status {
            Status::Applied => *counts.applied.entry(change.action.clone()).or_default() += 1,
            Status::Unchanged => counts.unchanged += 1,
            Status::Failed | Status::Drifted | Status::Refused => counts.failed += 1,
            Status::Unknown | Status::Sending => counts.unknown += 1,
            Status::Pending => counts.pending += 1,
        }
    }

    /// Counts one change of a dry run.
    pub fn planned(&self, change: &Change) {
        let mut counts = self.locked();
        *counts.planned.entry(change.action.clone()).or_default() += 1;
        for field in super::before::changed_fields(change) {
            *counts.fields.entry((change.action.clone(), field)).or_default() += 1;
        }
        if counts.sample.len() < SAMPLE {
            counts.sample.push(change.clone());
        }
    }

    /// Adds the counts of an event that was handled. A guard that tripped for it does not trip for the others.
    pub fn add(&self, other: &Counts) {
        let mut counts = self.locked();
        for (action, count) in &other.applied {
            *counts.applied.entry(action.clone()).or_default() += count;
        }
        for (action, count) in &other.planned {
            *counts.planned.entry(action.clone()).or_default() += count;
        }
        for (field, count) in &other.fields {
            *counts.fields.entry(field.clone()).or_default() += count;
        }
        let room = SAMPLE.saturating_sub(counts.sample.len());
        counts.sample.extend(other.sample.iter().take(room).cloned());
        counts.unchanged += other.unchanged;
        counts.failed += other.failed;
        counts.unknown += other.unknown;
        counts.pending += other.pending;
        counts.failed_rows += other.failed_rows;
        counts.reads += other.reads;
    }

    /// The counts so far.
    pub fn counts(&self) -> Counts {
        self.locked().clone()
    }
}
