//! What is kept of jobs, for a run that only shows what would be done: it is read, and nothing is written.

use super::{JobChange, JobRow, JobStore, NewJob, TickRow};
use crate::store::StoreError;
use jiff::Timestamp;
use std::sync::Arc;

/// A store of jobs that is only read.
pub struct Unkept(pub Arc<dyn JobStore>);

impl JobStore for Unkept {
    fn register(&self, _: &[NewJob], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    fn keep(&self, _: &[JobChange]) -> Result<Vec<(usize, Timestamp)>, StoreError> {
        Ok(Vec::new())
    }

    fn tick_run(&self, _: &str, _: Timestamp, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn forget(&self, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    fn jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        self.0.jobs()
    }

    fn ticks(&self, job: Option<&str>, most: usize) -> Result<Vec<TickRow>, StoreError> {
        self.0.ticks(job, most)
    }

    fn open_ticks(&self, job: &str) -> Result<Vec<TickRow>, StoreError> {
        self.0.open_ticks(job)
    }

    fn started_ticks(&self, job: &str, most: usize) -> Result<Vec<Timestamp>, StoreError> {
        self.0.started_ticks(job, most)
    }

    fn tick_of(&self, run: &str) -> Result<Option<TickRow>, StoreError> {
        self.0.tick_of(run)
    }

    fn stretch_at(&self, job: &str, at: Timestamp) -> Result<Option<TickRow>, StoreError> {
        self.0.stretch_at(job, at)
    }
}
