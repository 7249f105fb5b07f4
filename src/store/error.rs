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
