//! A store in memory: what the trait promises, with a log of its writes and a write that fails on order.

use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use vitally_script::gate::{Change, Outcome, Status};
use vitally_script::store::{Kept, NewRun, Note, RowOutcome, Run, Shelfmark, Store, StoreError};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    runs: Vec<Run>,
    changes: BTreeMap<(String, u64), Kept>,
    rows: BTreeMap<(String, u64), RowOutcome>,
    plans: BTreeMap<String, String>,
    state: BTreeMap<(Shelfmark, String), Value>,
    log: Vec<(Status, Vec<u64>)>,
    writes: usize,
    fails_at: Option<usize>,
}

impl Inner {
    fn note_changes(&mut self, run: &str, status: Status, changes: &[Change]) {
        self.log.push((status, changes.iter().map(|change| change.seq).collect()));
        for change in changes {
            let (run, change, at) = (run.to_string(), change.clone(), Timestamp::UNIX_EPOCH);
            let key = (run.clone(), change.seq);
            self.changes.insert(key, Kept { run, change, status, reason: None, at });
        }
    }

    fn note_outcomes(&mut self, run: &str, outcomes: &[Outcome]) {
        for outcome in outcomes {
            let kept = self
                .changes
                .get_mut(&(run.to_string(), outcome.seq))
                .unwrap_or_else(|| panic!("{outcome:?} was never written down"));
            kept.status = outcome.status;
            kept.reason.clone_from(&outcome.reason);
            if outcome.id.is_some() {
                kept.change.id.clone_from(&outcome.id);
            }
            if outcome.before.is_some() {
                kept.change.before.clone_from(&outcome.before);
            }
        }
    }
}

impl MemoryStore {
    /// A store that cannot write from the k-th call of `note` on, counted from 1.
    pub fn failing_at(write: usize) -> MemoryStore {
        let store = MemoryStore::default();
        store.lock().fails_at = Some(write);
        store
    }

    /// The changes that were noted, in order: the status and the places of those that came together.
    pub fn log(&self) -> Vec<(Status, Vec<u64>)> {
        self.lock().log.clone()
    }

    /// A run to write to.
    pub fn new_run(&self) -> String {
        self.start_run(&about()).expect("memory can be written")
    }

    /// What is kept of one change.
    pub fn kept(&self, run: &str, seq: u64) -> Option<Kept> {
        self.lock().changes.get(&(run.to_string(), seq)).cloned()
    }

    /// Everything that is kept of a run.
    pub fn all(&self, run: &str) -> Vec<Kept> {
        self.changes(run, 0, usize::MAX).expect("memory can be read")
    }

    /// What a crash or a failure leaves.
    pub fn set_status(&self, run: &str, seq: u64, status: Status) {
        if let Some(kept) = self.lock().changes.get_mut(&(run.to_string(), seq)) {
            kept.status = status;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no test panicked here")
    }

    fn write(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let mut inner = self.lock();
        inner.writes += 1;
        if inner.fails_at.is_some_and(|at| inner.writes >= at) {
            return Err(StoreError::Failed { doing: "write the journal", reason: "the disk is full".into() });
        }
        Ok(inner)
    }
}

/// A run of no particular kind.
pub fn about() -> NewRun {
    NewRun {
        kind: "run".into(),
        script: "job.rhai".into(),
        script_hash: "1".into(),
        arguments: serde_json::json!({}),
        profile: "acme".into(),
        origin: "http://127.0.0.1".into(),
        mode: "live".into(),
        of: None,
        code: None,
        beside: None,
        started_with: None,
        started: Timestamp::UNIX_EPOCH,
    }
}

impl Store for MemoryStore {
    fn start_run(&self, about: &NewRun) -> Result<String, StoreError> {
        let mut inner = self.lock();
        let id = format!("RUN{}", inner.runs.len() + 1);
        let (about, outcome) = (about.clone(), "running".into());
        inner.runs.push(Run { id: id.clone(), about, finished: None, outcome, changes: 0, failed: 0 });
        Ok(id)
    }

    fn reopen_run(&self, run: &str) -> Result<(), StoreError> {
        let mut inner = self.write()?;
        if let Some(found) = inner.runs.iter_mut().find(|known| known.id == run) {
            found.finished = None;
            found.outcome = "running".into();
        }
        Ok(())
    }

    fn finish_run(&self, run: &str, outcome: &str, at: Timestamp) -> Result<(), StoreError> {
        for kept in self.lock().runs.iter_mut().filter(|kept| kept.id == run) {
            kept.outcome = outcome.into();
            kept.finished = Some(at);
        }
        Ok(())
    }

    fn note(&self, run: &str, notes: Vec<Note>) -> Result<(), StoreError> {
        let mut inner = self.write()?;
        for note in &notes {
            match note {
                Note::Changes(status, changes) => inner.note_changes(run, *status, changes),
                Note::Outcomes(outcomes) => inner.note_outcomes(run, outcomes),
                Note::Rows(rows) => {
                    let rows = rows.iter().map(|row| ((run.to_string(), row.row), row.clone()));
                    inner.rows.extend(rows);
                }
            }
        }
        Ok(())
    }

    fn claim_plan(&self, hash: &str, run: &str) -> Result<Option<String>, StoreError> {
        let mut inner = self.lock();
        let holder = inner.plans.entry(hash.into()).or_insert_with(|| run.into());
        Ok((holder != run).then(|| holder.clone()))
    }

    fn runs(&self, most: usize) -> Result<Vec<Run>, StoreError> {
        Ok(self.lock().runs.iter().rev().take(most).cloned().collect())
    }

    fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        Ok(self.lock().runs.iter().find(|run| run.id == id).cloned())
    }

    fn together(&self, run: &str) -> Result<Vec<Run>, StoreError> {
        Ok(self.run(run)?.into_iter().collect())
    }

    fn changes(&self, run: &str, from_seq: u64, most: usize) -> Result<Vec<Kept>, StoreError> {
        let from = (run.to_string(), from_seq);
        let inner = self.lock();
        let of_run = inner.changes.range(from..).take_while(|((id, _), _)| id == run);
        Ok(of_run.take(most).map(|(_, kept)| kept.clone()).collect())
    }

    fn count(&self, run: &str) -> Result<Vec<(Status, u64)>, StoreError> {
        let all = self.all(run);
        let of = |status: Status| all.iter().filter(|kept| kept.status == status).count() as u64;
        Ok(Status::ALL.iter().map(|status| (*status, of(*status))).filter(|(_, count)| *count > 0).collect())
    }

    fn rows(&self, run: &str) -> Result<Vec<RowOutcome>, StoreError> {
        let inner = self.lock();
        Ok(inner.rows.iter().filter(|((id, _), _)| id == run).map(|(_, row)| row.clone()).collect())
    }

    fn history(&self, object: &str, key: &str) -> Result<Vec<Kept>, StoreError> {
        let inner = self.lock();
        let about = |kept: &&Kept| kept.change.object == object && kept.change.key() == Some(key);
        Ok(inner.changes.values().filter(about).cloned().collect())
    }

    fn keep_state(&self, mark: &Shelfmark, key: &str, value: Option<&Value>) -> Result<(), StoreError> {
        let (mut inner, place) = (self.lock(), (mark.clone(), key.to_string()));
        match value {
            Some(value) => inner.state.insert(place, value.clone()),
            None => inner.state.remove(&place),
        };
        Ok(())
    }

    fn state(&self, mark: &Shelfmark, key: &str) -> Result<Option<Value>, StoreError> {
        Ok(self.lock().state.get(&(mark.clone(), key.to_string())).cloned())
    }

    fn state_keys(&self, mark: &Shelfmark) -> Result<Vec<String>, StoreError> {
        let inner = self.lock();
        let keys = inner.state.keys().filter(|(known, _)| known == mark).map(|(_, key)| key.clone());
        Ok(keys.collect())
    }
}
