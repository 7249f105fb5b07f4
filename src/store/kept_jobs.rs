//! What is kept of jobs, in the `SQLite` file.

use super::jobs::reads::JobReads;
use super::jobs::{JobChange, JobRow, JobStore, NewJob, TickRow, writes};
use super::{SqliteStore, StoreError};
use jiff::Timestamp;

impl SqliteStore {
    fn about_jobs(&self) -> JobReads<'_> {
        JobReads(&self.reads)
    }
}

impl JobStore for SqliteStore {
    fn register(&self, jobs: &[NewJob], now: Timestamp) -> Result<(), StoreError> {
        let jobs = jobs.to_vec();
        self.write("write down the jobs", move |file| writes::register(file, &jobs, now)).map(|_| ())
    }

    fn keep(&self, changes: &[JobChange]) -> Result<Vec<(usize, Timestamp)>, StoreError> {
        let changes = changes.to_vec();
        let told = self.write("write down what jobs do", move |file| writes::keep(file, &changes))?;
        let read = |word: &str| {
            let (place, tick) = word.split_once(':')?;
            Some((place.parse().ok()?, Timestamp::from_second(tick.parse().ok()?).ok()?))
        };
        Ok(told.iter().flat_map(|told| told.split(' ')).filter_map(read).collect())
    }

    fn tick_run(&self, job: &str, tick: Timestamp, run: &str) -> Result<(), StoreError> {
        let (job, run) = (job.to_string(), run.to_string());
        self.write("write down what a job did", move |file| writes::tick_run(file, &job, tick, &run))
            .map(|_| ())
    }

    fn forget(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write("forget old ticks", move |file| writes::forget(file, before)).map(|_| ())
    }

    fn jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        self.about_jobs().jobs()
    }

    fn ticks(&self, job: Option<&str>, most: usize) -> Result<Vec<TickRow>, StoreError> {
        self.about_jobs().ticks(job, most)
    }

    fn open_ticks(&self, job: &str) -> Result<Vec<TickRow>, StoreError> {
        self.about_jobs().open_ticks(job)
    }

    fn started_ticks(&self, job: &str, most: usize) -> Result<Vec<Timestamp>, StoreError> {
        self.about_jobs().started_ticks(job, most)
    }

    fn tick_of(&self, run: &str) -> Result<Option<TickRow>, StoreError> {
        self.about_jobs().tick_of(run)
    }

    fn stretch_at(&self, job: &str, at: Timestamp) -> Result<Option<TickRow>, StoreError> {
        self.about_jobs().stretch_at(job, at)
    }
}
