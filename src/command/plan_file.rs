//! The plan file of a dry run: written beside its name, and put there when the run ended well.

use crate::error::Error;
use crate::gate::PlanSink;
use crate::gate::plan::{Header, PlanError, PlanWriter};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A plan file that is being written. Dropped before [`PlanFile::keep`], nothing of it stays.
pub struct PlanFile {
    path: PathBuf,
    part: PathBuf,
    /// Where changes go.
    pub sink: PlanSink,
}

impl PlanFile {
    /// Begins a plan file.
    pub fn start(path: &Path, header: Header) -> Result<PlanFile, Error> {
        let mut name = path.file_name().map(ToOwned::to_owned).ok_or_else(|| {
            Error::usage(
                format!("\"{}\" cannot be a plan's file", path.display()),
                "name a file, such as renewals.plan",
            )
        })?;
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part).map_err(|cause| unwritable(path, cause))?;
        let writer = PlanWriter::new(BufWriter::new(file), header).map_err(|error| unusable(path, &error))?;
        Ok(PlanFile { path: path.into(), part, sink: PlanSink::new(writer) })
    }

    /// Ends the plan and puts it in its place.
    pub fn keep(self) -> Result<(), Error> {
        let finished = self.sink.finish().map_err(|error| unusable(&self.path, &error))?;
        if let Some((file, _)) = finished {
            file.sync_all().map_err(|cause| unwritable(&self.path, cause))?;
            fs::rename(&self.part, &self.path).map_err(|cause| unwritable(&self.path, cause))?;
        }
        Ok(())
    }
}

impl Drop for PlanFile {
    fn drop(&mut self) {
        // After `keep` there is nothing to remove.
        let _ = fs::remove_file(&self.part);
    }
}

fn unwritable(path: &Path, cause: std::io::Error) -> Error {
    Error::File { path: path.into(), doing: "write the plan", cause }
}

/// A plan that cannot be used, as an error about its file.
pub fn unusable(path: &Path, error: &PlanError) -> Error {
    let message = error.message();
    Error::usage(format!("{}: {}", path.display(), message.text), message.help.unwrap_or_default())
}
