//! The files of the store, and who may read them: nobody but their owner.

use super::StoreError;
use crate::report;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Where everything lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder.
    pub home: PathBuf,
    /// The `SQLite` file.
    pub file: PathBuf,
    /// What is locked while somebody writes.
    pub lock: PathBuf,
    /// Who holds the lock.
    pub holder: PathBuf,
}

impl Place {
    pub fn new(home: &Path) -> Place {
        let file = |name| home.join(name);
        Place {
            home: home.to_path_buf(),
            file: file("store.db"),
            lock: file("store.lock"),
            holder: file("store.holder"),
        }
    }

    /// Makes the folder, readable for nobody else, unless it is there.
    pub fn make(&self) -> Result<(), StoreError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&self.home)
            .map_err(|cause| StoreError::Unusable { path: self.home.clone(), reason: report::cause(&cause) })
    }

    /// Whether there is a store. The log beside it without the store itself is what is left of a lost one.
    pub fn exists(&self) -> Result<bool, StoreError> {
        let there = |path: &Path| {
            path.try_exists().map_err(|cause| StoreError::Unusable {
                path: path.to_path_buf(),
                reason: report::cause(&cause),
            })
        };
        if there(&self.file)? {
            return Ok(true);
        }
        if there(&self.log())? {
            let reason = format!("the file is gone, but {} is still there", self.log().display());
            return Err(StoreError::Damaged { path: self.file.clone(), reason });
        }
        Ok(false)
    }

    /// `SQLite`'s write-ahead log.
    fn log(&self) -> PathBuf {
        self.home.join("store.db-wal")
    }
}

/// Opens a file for writing, empty; a new one is readable for nobody else.
pub(super) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
