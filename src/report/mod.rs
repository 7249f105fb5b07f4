//! The one renderer: every error as people and as programs read it.

mod json;
mod snippet;

pub use json::{error as json, finding as finding_json};

use crate::error::{Error, Finding, Message};
use crate::show;
use crate::stop::Reason;
use std::io::ErrorKind;

/// How a report may look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colours may be used.
    pub color: bool,
    /// How many columns there are, if anybody looks.
    pub width: Option<usize>,
}

/// An error as text, with a line break at its end; empty if there is nothing to say.
pub fn text(error: &Error, style: Style) -> String {
    match error {
        Error::Usage(message) | Error::Login(message) | Error::Refused(message) | Error::Busy(message) => {
            plain(message, style)
        }
        Error::Settings(finding) | Error::Thrown(finding) => self::finding(finding, style),
        Error::Check(findings) => {
            findings.iter().map(|finding| self::finding(finding, style)).collect::<Vec<_>>().join("\n")
        }
        Error::Stopped(Reason::PipeClosed) => String::new(),
        Error::File { .. } | Error::Api(_) | Error::Stopped(_) => plain(&message(error), style),
    }
}

/// One finding as text: title, place, source line, caret, what to do.
pub fn finding(finding: &Finding, style: Style) -> String {
    if finding.place.is_some() {
        return snippet::render(finding, style);
    }
    let help = finding.help.clone();
    plain(&Message { text: finding.message.clone(), help }, style)
}

/// The kind of an error, as scripts see it, and what happened in one sentence.
pub fn kind_and_message(error: &Error) -> (String, String) {
    let document = json(error);
    let text = |key: &str| document["error"][key].as_str().unwrap_or_default().to_string();
    (text("kind"), text("message"))
}

/// What happened, in one sentence, and what to do; without any place.
pub fn message(error: &Error) -> Message {
    match error {
        Error::Usage(message) | Error::Login(message) | Error::Refused(message) | Error::Busy(message) => {
            message.clone()
        }
        Error::Settings(finding) | Error::Thrown(finding) => of(finding),
        Error::Check(findings) => {
            findings.first().map_or_else(|| Message { text: "the script has errors".into(), help: None }, of)
        }
        Error::File { path, doing, cause } => Message {
            text: format!("cannot {doing} {}: {}", path.display(), self::cause(cause)),
            help: advice(cause.kind()).map(str::to_string),
        },
        Error::Api(failure) => Message {
            text: format!("{} ({} {})", failure.message, failure.method.as_str(), failure.path),
            help: failure.help.clone(),
        },
        Error::Stopped(Reason::Interrupted) => Message { text: "stopped by Ctrl-C".into(), help: None },
        Error::Stopped(Reason::TimedOut) => Message::new(
            "stopped: the time given by --timeout has passed",
            "give it more time, such as --timeout 1h, or let it read less",
        ),
        Error::Stopped(Reason::PipeClosed) => {
            Message { text: "nobody reads the output any more".into(), help: None }
        }
    }
}

/// What the system said about a file or a connection, in plain words.
pub fn cause(cause: &std::io::Error) -> String {
    match cause.kind() {
        ErrorKind::NotFound => "there is no such file or folder".into(),
        ErrorKind::PermissionDenied => "you are not allowed to".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        ErrorKind::NotADirectory => "part of its path is a file, not a folder".into(),
        ErrorKind::AlreadyExists => "it already exists".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to".into(),
        ErrorKind::AddrInUse => "another program uses that port".into(),
        ErrorKind::InvalidData => "it is not UTF-8 text".into(),
        _ => cause.to_string(),
    }
}

fn advice(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::NotFound => Some("check the name, and the folder you are in"),
        ErrorKind::PermissionDenied => Some("ask the file's owner, or choose another place"),
        ErrorKind::AddrInUse => Some("choose another port, or leave --port out to get a free one"),
        ErrorKind::StorageFull => Some("make room, then try again"),
        _ => None,
    }
}

fn of(finding: &Finding) -> Message {
    Message { text: finding.message.clone(), help: finding.help.clone() }
}

fn plain(message: &Message, style: Style) -> String {
    let (red, cyan, end) = if style.color { ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m") } else { ("", "", "") };
    // Later lines stand under the first.
    let fitted = |before: &str, text: &str| {
        let text = show::hanging(before, &harmless(text), style.width);
        text[before.len()..].to_string()
    };
    let error = format!("{red}error{end}: {}\n", fitted("error: ", &message.text));
    let help = message.help.as_ref().map(|help| format!("{cyan}help{end}: {}\n", fitted("help: ", help)));
    [error, help.unwrap_or_default()].concat()
}

/// Text from outside without characters that could steer a terminal.
pub fn harmless(text: &str) -> String {
    let clean = |c: char| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c };
    text.chars().map(clean).collect()
}
