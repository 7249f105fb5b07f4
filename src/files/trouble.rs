//! What can go wrong with a file.

use crate::error::Message;
use crate::report;
use std::io;

/// The kind of an error of a file that cannot be read, written or understood.
const FILE: &str = "file";

/// Something wrong with a file.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What a script can look at: `file`, or `refused` for a place that scripts may not use.
    pub kind: &'static str,
    /// What happened and what to do.
    pub message: Message,
}

impl Trouble {
    /// A file that cannot be read, written or understood.
    pub fn file(text: impl Into<String>, help: impl Into<String>) -> Trouble {
        Trouble { kind: FILE, message: Message::new(text, help) }
    }

    /// A place that scripts may not use.
    pub fn refused(text: impl Into<String>, help: impl Into<String>) -> Trouble {
        Trouble { kind: "refused", message: Message::new(text, help) }
    }

    /// What the system said when `name` was to be read.
    pub fn reading(name: &str, cause: &io::Error) -> Trouble {
        Trouble::file(
            format!("{name} cannot be read: {}", report::cause(cause)),
            "check the file, and that you are allowed to read it",
        )
    }

    /// What the system said when `name` was to be written.
    pub fn writing(name: &str, cause: &io::Error) -> Trouble {
        Trouble::file(
            format!("{name} cannot be written: {}", report::cause(cause)),
            "what was there before is unchanged",
        )
    }
}
