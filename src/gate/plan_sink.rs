//! A plan file that a dry run is writing.

use super::change::Change;
use super::plan::{PlanError, PlanWriter};
use std::fs::File;
use std::io::BufWriter;
use std::sync::{Arc, Mutex, PoisonError};

/// A plan that is being written, shared with whoever began it.
#[derive(Clone)]
pub struct PlanSink(Arc<Mutex<Option<PlanWriter<BufWriter<File>>>>>);

impl PlanSink {
    /// Shares a plan that was begun.
    pub fn new(writer: PlanWriter<BufWriter<File>>) -> PlanSink {
        PlanSink(Arc::new(Mutex::new(Some(writer))))
    }

    /// Adds a change; nothing once it is finished.
    pub fn add(&self, change: &Change) -> Result<(), PlanError> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writer.as_mut().map_or(Ok(()), |writer| writer.write(change))
    }

    /// Ends the plan: its file, and its hash; `None` the second time.
    pub fn finish(&self) -> Result<Option<(File, String)>, PlanError> {
        let writer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((out, hash)) = writer.map(PlanWriter::finish).transpose()? else { return Ok(None) };
        let file = out.into_inner().map_err(|error| PlanError::from(error.into_error()))?;
        Ok(Some((file, hash)))
    }
}
