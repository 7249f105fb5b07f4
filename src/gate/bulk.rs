//! The gate while `each` walks: changes go to the background, rows are kept account of.

use super::earlier::{Earlier, RowBefore};
use super::results::{Results, Row};
use super::rows::RowBook;
use super::send::Pipeline;
use super::{Gate, Walks};
use crate::error::Message;
use crate::report;
use crate::store::RowOutcome;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// How many rows are noted in the store at once; fewer at the end.
const NOTED_AT_ONCE: usize = 64;

/// How a row ended, for the result of `each`.
#[derive(Clone, Debug)]
pub struct RowEnd {
    /// Its place in the input, from 1.
    pub row: u64,
    /// Its own key, if rows are known by one.
    pub key: Option<String>,
    /// Whether anything was changed for it.
    pub changed: bool,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// It failed because a rule refused its change.
    pub refused: bool,
}

/// What is left when every row has ended.
pub struct RowsEnded {
    /// The rows that were not collected before.
    pub rows: Vec<RowEnd>,
    /// The file with a line for every row.
    pub results_file: Option<PathBuf>,
}

/// What the gate knows while `each` walks.
pub(super) struct State {
    pub(super) book: Arc<RowBook>,
    pub(super) pipeline: OnceCell<Pipeline>,
    /// The row whose function runs now.
    pub(super) row: Cell<u64>,
    /// Where this walk begins among all rows of the run.
    pub(super) first: u64,
    /// Which walk it is, from 0.
    walk: usize,
    /// Whether the rows are an array: their number is known before.
    is_array: bool,
    /// Whether the present row has the same place every time, as those of a file do.
    is_kept: Cell<bool>,
    results: RefCell<Option<Results>>,
    /// Key and hash of the rows that have not ended.
    about: RefCell<HashMap<u64, (Option<String>, String)>>,
    noted: RefCell<Vec<RowOutcome>>,
    earlier: Option<Arc<Earlier>>,
}

impl State {
    /// Notes that the present row would change something; gives its place.
    pub(super) fn changed_in_dry_run(&self) -> Option<u64> {
        let row = Some(self.row.get()).filter(|row| *row > 0)?;
        self.book.changed(row);
        Some(self.place_of_row())
    }

    /// The present row's place, if it has the same one every time.
    pub(super) fn kept_place(&self) -> Option<u64> {
        Some(self.place_of_row()).filter(|place| self.is_kept.get() && *place > 0)
    }

    /// The present row's place among all rows of the run; 0 outside a row.
    pub(super) fn place_of_row(&self) -> u64 {
        match self.row.get() {
            0 => 0,
            row => self.first + row,
        }
    }
}

/// One walk of `each`.
pub struct Bulk {
    gate: Rc<Gate>,
    state: Rc<State>,
    next: Cell<u64>,
}

impl Gate {
    /// Begins a walk over rows. The error says why it cannot.
    pub fn begin_rows(self: &Rc<Gate>, total: Option<u64>) -> Result<Bulk, Message> {
        if self.bulk.borrow().is_some() {
            return Err(Message::new(
                "each cannot stand inside another each",
                "write the inner one as a for loop",
            ));
        }
        let earlier = self.policy.earlier.clone();
        let Walks { count: walk, next: first } = self.walks.get();
        if let (Some(earlier), Some(total)) = (&earlier, total) {
            earlier.check_total(walk, total)?;
        }
        self.walks.set(Walks { count: walk + 1, next: first });
        let state = Rc::new(State {
            book: Arc::default(),
            pipeline: OnceCell::new(),
            row: Cell::new(0),
            first,
            walk,
            is_array: total.is_some(),
            is_kept: Cell::new(false),
            results: RefCell::new(self.new_results()?),
            about: RefCell::default(),
            noted: RefCell::default(),
            earlier,
        });
        *self.bulk.borrow_mut() = Some(Rc::clone(&state));
        let bulk = Bulk { gate: Rc::clone(self), state, next: Cell::new(0) };
        bulk.note(RowOutcome {
            row: first,
            key: None,
            hash: total.map_or(String::new(), |total| total.to_string()),
            status: Earlier::TOTAL.into(),
            reason: None,
        });
        Ok(bulk)
    }

    fn new_results(&self) -> Result<Option<Results>, Message> {
        let Some(folder) = &self.policy.runs else { return Ok(None) };
        let name = format!("rows-{}", std::process::id());
        let started = Results::start(&folder.join(name));
        started.map(Some).map_err(|cause| unwritable(&cause))
    }

    /// The real id of a record that was just created: waits for it. `None` outside `each`, where ids are real already;
    /// the error says why it was not created.
    pub fn wait_for(&self, provisional: &str) -> Result<Option<String>, String> {
        let state = self.bulk.borrow().clone();
        let Some(pipeline) = state.as_ref().and_then(|state| state.pipeline.get()) else { return Ok(None) };
        pipeline
            .wait_for(provisional)
            .map(Some)
            .map_err(|outcome| outcome.reason.unwrap_or_else(|| outcome.status.word().into()))
    }

    /// Why a guard tripped, if one did.
    pub fn tripped(&self) -> Option<super::Trip> {
        self.policy.guard.tripped()
    }

    /// Notes what became of rows for the last words of the run.
    pub fn note_rows(&self, failed: u64, reasons: Vec<String>, results_file: Option<&std::path::Path>) {
        self.policy.tally.note(|counts| {
            counts.failed_rows += failed;
            counts.reasons.extend(reasons);
            counts.results_file = results_file.map(|file| file.display().to_string());
        });
    }
}

impl Bulk {
    /// Whether `--limit` rows were taken.
    pub fn is_at_limit(&self, taken: u64) -> bool {
        self.gate.policy.guard.limits().limit.is_some_and(|limit| taken >= limit)
    }

    /// Begins a row; `None` if an earlier run has done it.
    pub fn begin(&self, row: Row, key: Option<String>) -> Result<Option<u64>, Message> {
        let number = self.next.get() + 1;
        self.next.set(number);
        if let Some(results) = &mut *self.state.results.borrow_mut() {
            results.row(row).map_err(|cause| unwritable(&cause))?;
        }
        let hash = super::earlier::hash_of(row);
        let done = match &self.state.earlier {
            Some(earlier) => {
                earlier.row(self.state.walk, self.state.first + number, key.as_deref(), &hash)?
            }
            None => RowBefore::Open,
        };
        if done == RowBefore::NotWanted {
            return Ok(None);
        }
        self.state.about.borrow_mut().insert(number, (key, hash));
        self.state.book.begin(number);
        self.state.row.set(number);
        self.state.is_kept.set(self.state.is_array && matches!(row, Row::Plain(_)));
        if let RowBefore::Done(changed) = done {
            if changed {
                self.state.book.changed(number);
            }
            self.returned(number, None);
            return Ok(None);
        }
        Ok(Some(number))
    }

    /// The row's function returned, or threw for this reason.
    pub fn returned(&self, row: u64, failed: Option<String>) {
        self.state.row.set(0);
        self.state.book.returned(row, failed);
    }

    /// The row was not sent, for this reason; by a rule or not.
    pub fn refused(&self, row: u64, reason: String, by_rule: bool) {
        if by_rule {
            self.state.book.refused(row);
        }
        self.returned(row, Some(reason));
    }

    /// The rows that ended since the last call.
    pub fn collect(&self) -> Vec<RowEnd> {
        let ended: Vec<RowEnd> = self.state.book.collect().into_iter().map(|end| self.end_of(end)).collect();
        if self.state.noted.borrow().len() >= NOTED_AT_ONCE {
            self.write_noted();
        }
        ended
    }

    fn end_of(&self, end: super::rows::Ended) -> RowEnd {
        let (key, hash) = self.state.about.borrow_mut().remove(&end.row).unwrap_or_default();
        let status = match (&end.failed, end.changed) {
            (Some(_), _) => "failed",
            (None, true) => "ok",
            (None, false) => "unchanged",
        };
        if let Some(results) = &mut *self.state.results.borrow_mut() {
            results.ended(end.row, status, end.failed.clone());
        }
        self.note(RowOutcome {
            row: self.state.first + end.row,
            key: key.clone(),
            hash,
            status: status.into(),
            reason: end.failed.clone(),
        });
        RowEnd { row: end.row, key, changed: end.changed, failed: end.failed, refused: end.refused }
    }

    fn note(&self, row: RowOutcome) {
        self.state.noted.borrow_mut().push(row);
    }

    /// Notes rows in the store. A row that is not noted is done again by `resume`, where its changes already hold.
    fn write_noted(&self) {
        let Some(journal) = &self.gate.policy.journal else { return };
        if journal.run().is_none() {
            return;
        }
        let rows = std::mem::take(&mut *self.state.noted.borrow_mut());
        if let Some(pipeline) = self.state.pipeline.get() {
            return pipeline.note_rows(rows);
        }
        if let Ok(written) = journal.written()
            && written.store.write_rows(&written.run, &rows).is_err()
        {
            self.state.noted.borrow_mut().extend(rows);
        }
    }

    /// Waits until everything has ended.
    pub fn finish(self) -> RowsEnded {
        if let Some(pipeline) = self.state.pipeline.get() {
            pipeline.drain();
        }
        self.state.book.wait();
        let rows = self.state.book.collect().into_iter().map(|end| self.end_of(end)).collect();
        self.write_noted();
        *self.gate.bulk.borrow_mut() = None;
        let Walks { count, next } = self.gate.walks.get();
        self.gate.walks.set(Walks { count, next: next + self.next.get() + 1 });
        let results = self.state.results.borrow_mut().take();
        let results_file = results.and_then(|results| results.finish().ok());
        let results_file = results_file.map(|file| self.gate.under_the_run(file));
        RowsEnded { rows, results_file }
    }
}

fn unwritable(cause: &std::io::Error) -> Message {
    Message::new(
        format!("the results file cannot be written: {}", report::cause(cause)),
        "check the folder of VITALLY_SCRIPT_HOME and the space on the disk",
    )
}

impl Gate {
    /// The folder of the present run; `unnamed` is its name as long as the run has no id, because nothing was changed.
    pub fn folder_of_run(&self, unnamed: &str) -> Option<PathBuf> {
        let run = self.policy.journal.as_ref().and_then(super::journal::Journal::run);
        let name = run.unwrap_or_else(|| unnamed.to_string());
        self.policy.runs.as_ref().map(|runs| runs.join(name))
    }

    /// Notes where the report of the run is.
    pub fn note_report(&self, page: &std::path::Path) {
        self.policy.tally.note(|counts| counts.report = Some(page.display().to_string()));
    }

    /// Moves the results file into the folder of its run, once the run has an id.
    fn under_the_run(&self, file: PathBuf) -> PathBuf {
        let Some(folder) = self.folder_of_run(self.mode().word()) else { return file };
        let place = folder.join("results.csv");
        let moved = std::fs::create_dir_all(&folder).and_then(|()| std::fs::rename(&file, &place));
        if moved.is_err() {
            return file;
        }
        if let Some(old) = file.parent() {
            // The folder is empty now; one that stays does no harm.
            let _ = std::fs::remove_dir(old);
        }
        place
    }
}
