//! What can go wrong with the store, as data.

use crate::error::{Error, Message};
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// What went wrong with the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The folder or file cannot be used.
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said, in one sentence.
        reason: String,
    },
    /// Another process writes to it.
    Busy {
        /// The folder.
        path: PathBuf,
        /// Who holds it: the process id and what it does, if they could be read.
        holder: Option<String>,
    },
    /// A newer version of this program made it.
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// It is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check said.
        reason: String,
    },
    /// Something could not be written or read.
    Failed {
        /// What was tried.
        doing: &'static str,
        /// What the system said, in one sentence.
        reason: String,
    },
}

impl StoreError {
    /// What `SQLite` said while something was tried with the file.
    pub(super) fn said(path: &Path, doing: &'static str, error: &rusqlite::Error) -> StoreError {
        let damaged = |reason| StoreError::Damaged { path: path.to_path_buf(), reason };
        match error {
            rusqlite::Error::FromSqlConversionFailure(_, _, cause) => damaged(cause.to_string()),
            rusqlite::Error::InvalidColumnType(_, column, _) => {
                damaged(format!("what stands under \"{column}\" cannot be read"))
            }
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => damaged("it is not a file of vitally-script".into()),
                Some(ErrorCode::DatabaseCorrupt) => damaged("what stands in it contradicts itself".into()),
                code => StoreError::Failed { doing, reason: plainly(code, error) },
            },
        }
    }
}

/// What `SQLite` said, for people.
fn plainly(code: Option<ErrorCode>, error: &rusqlite::Error) -> String {
    match code {
        Some(ErrorCode::DiskFull) => "the disk is full".into(),
        Some(ErrorCode::ReadOnly) => "the file may not be written to".into(),
        Some(ErrorCode::PermissionDenied) => "you are not allowed to".into(),
        Some(ErrorCode::CannotOpen) => "the file cannot be opened".into(),
        Some(ErrorCode::SystemIoFailure) => "the disk could not be read or written".into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds the file".into(),
        _ => error.to_string(),
    }
}

impl StoreError {
    /// What happened, in one sentence, and what to do.
    pub fn words(&self) -> (String, String) {
        let (message, help) = match self {
            StoreError::Busy { path, holder } => {
                let holder = holder.as_ref().map(|holder| format!(": {holder}")).unwrap_or_default();
                (
                    format!("another vitally-script is writing to {}{holder}", path.display()),
                    "wait until it ends or stop it, or set VITALLY_SCRIPT_HOME to another folder",
                )
            }
            StoreError::Unusable { path, reason } => (
                format!("cannot use {}: {reason}", path.display()),
                "set VITALLY_SCRIPT_HOME to a folder that you may write to",
            ),
            StoreError::Newer { path } => (
                format!("{} was made by a newer vitally-script", path.display()),
                "install the newer version, or set VITALLY_SCRIPT_HOME to another folder",
            ),
            StoreError::Damaged { path, reason } => (
                format!("{} is damaged: {reason}", path.display()),
                "put a copy of it back, or move it away to begin anew; runs in it can then not be resumed or undone",
            ),
            StoreError::Failed { doing, reason } => (
                format!("cannot {doing}: {reason}"),
                "make sure that the disk has room and may be written to, then try again",
            ),
        };
        (message, help.to_string())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        let (message, help) = error.words();
        match error {
            StoreError::Busy { .. } => Error::Busy(Message::new(message, help)),
            _ => Error::usage(message, help),
        }
    }
}
