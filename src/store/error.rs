//! What can go wrong with the store, as data.

use std::path::PathBuf;

/// What went wrong with the store.
#[derive(Debug)]
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
    /// What happened, in one sentence, and what to do.
    pub fn words(&self) -> (String, String) {
        match self {
            StoreError::Unusable { path, reason } => (
                format!("the folder {} cannot be used: {reason}", path.display()),
                "set VITALLY_SCRIPT_HOME to a folder that you may write to".into(),
            ),
            StoreError::Busy { path, holder } => (
                match holder {
                    Some(holder) => format!("another run is writing to {}: {holder}", path.display()),
                    None => format!("another run is writing to {}", path.display()),
                },
                "wait until it has ended, or give this one a folder of its own with VITALLY_SCRIPT_HOME".into(),
            ),
            StoreError::Newer { path } => (
                format!("{} was made by a newer version of this program", path.display()),
                "use that version, or another folder with VITALLY_SCRIPT_HOME".into(),
            ),
            StoreError::Damaged { path, reason } => (
                format!("{} is damaged: {reason}", path.display()),
                "move it away to start with an empty one; keep it, its journal may be needed".into(),
            ),
            StoreError::Failed { doing, reason } => (
                format!("the journal cannot {doing}: {reason}"),
                "check the space on the disk and the folder of VITALLY_SCRIPT_HOME".into(),
            ),
        }
    }
}
