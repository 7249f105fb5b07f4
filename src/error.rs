//! Everything that can end a command, as data. `report` turns it into words, `exit_code` into a number.

use crate::client::{Failure, Kind};
use crate::exit;
use crate::rules;
use crate::stop::Reason;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A place in a script.
#[derive(Clone)]
pub struct Place {
    /// The name people know the file by.
    pub file: String,
    /// The whole text of the file, for showing the line.
    pub source: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// How many characters to underline, at least 1.
    pub length: usize,
}

impl fmt::Debug for Place {
    /// Leaves out the text, which may be a whole settings file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One thing found wrong, at a place if it has one.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The stable code of the rule, such as `V020`.
    pub code: Option<&'static str>,
    /// The kind a script would see, such as `not_found`; `mistake` for an error in the script itself.
    pub kind: &'static str,
    /// What happened, in one sentence.
    pub message: String,
    /// A few words for under the caret.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// How the script came there, innermost first.
    pub trace: Vec<Place>,
    /// The HTTP status, if Vitally answered.
    pub status: Option<u16>,
}

impl Finding {
    /// Whether it is only remarked upon, and may be meant so.
    pub fn is_remark(&self) -> bool {
        self.code.and_then(rules::rule).is_some_and(|rule| rule.remark)
    }
}

/// A sentence, and what to do about it.
#[derive(Clone, Debug)]
pub struct Message {
    /// What happened.
    pub text: String,
    /// What to do.
    pub help: Option<String>,
}

impl Message {
    /// A message with advice.
    pub fn new(text: impl Into<String>, help: impl Into<String>) -> Message {
        Message { text: text.into(), help: Some(help.into()) }
    }
}

/// Everything that can end a command.
#[derive(Debug)]
pub enum Error {
    /// The command line or the settings make no sense.
    Usage(Message),
    /// A settings file makes no sense, at a place that can be shown.
    Settings(Box<Finding>),
    /// There is no key to log in with, or it cannot be read.
    Login(Message),
    /// A file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What was tried, such as "read".
        doing: &'static str,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The script does not compile, or `check` found errors.
    Check(Vec<Finding>),
    /// The script threw, or a request failed and the script did not catch it.
    Thrown(Box<Finding>),
    /// A request failed outside any script.
    Api(Box<Failure>),
    /// A guard or an unanswered question refused it.
    Refused(Message),
    /// Another process does what only one at a time may do.
    Busy(Message),
    /// Asked to stop before the end.
    Stopped(Reason),
}

impl Error {
    /// A usage error with advice.
    pub fn usage(text: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Usage(Message::new(text, help))
    }

    /// A login error with advice.
    pub fn login(text: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Login(Message::new(text, help))
    }

    /// The number the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_) | Error::Settings(_) | Error::File { .. } => exit::USAGE,
            Error::Login(_) => exit::LOGIN,
            Error::Check(_) => exit::CHECK,
            Error::Thrown(finding) => exit_of_kind(finding.kind),
            Error::Api(failure) => exit_of_kind(failure.kind.word()),
            Error::Refused(_) => exit::REFUSED,
            Error::Busy(_) => exit::BUSY,
            Error::Stopped(Reason::Interrupted) => exit::INTERRUPTED,
            Error::Stopped(Reason::TimedOut) => exit::GAVE_UP,
            Error::Stopped(Reason::PipeClosed) => exit::DONE,
        }
    }
}

/// The exit code for an error of this kind that the script did not catch.
fn exit_of_kind(kind: &str) -> u8 {
    let is = |it: Kind| kind == it.word();
    if is(Kind::Unauthorized) {
        exit::LOGIN
    } else if is(Kind::Stopped) {
        exit::INTERRUPTED
    } else if kind == "refused" {
        exit::REFUSED
    } else if kind == "busy" {
        exit::BUSY
    } else if kind == "assertion" {
        exit::ASSERTION
    } else if [Kind::RateLimited, Kind::Server, Kind::Network, Kind::Timeout, Kind::MaybeApplied]
        .into_iter()
        .any(is)
    {
        exit::GAVE_UP
    } else {
        exit::THREW
    }
}
