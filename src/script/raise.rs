//! Errors that scripts can catch: maps with a kind and a message.

use super::host::Unable;
use crate::client::Failure;
use crate::files::Trouble;
use rhai::{Dynamic, EvalAltResult, Map, Position};

/// The error a native function returns.
pub type Raised = Box<EvalAltResult>;

/// The kind of an error that lies in the script itself.
pub const MISTAKE: &str = "mistake";

/// Raises a mistake in the script: what is wrong, and what to write instead.
pub fn mistake(message: impl Into<String>, help: impl Into<String>) -> Raised {
    raise(MISTAKE, message.into(), Some(help.into()))
}

/// Raises an error of a given kind.
pub fn raise(kind: &str, message: String, help: Option<String>) -> Raised {
    let mut map = Map::new();
    map.insert("kind".into(), kind.to_string().into());
    map.insert("message".into(), message.into());
    if let Some(help) = help {
        map.insert("help".into(), help.into());
    }
    throw(map)
}

/// Raises a failed request.
pub fn failure(failure: &Failure) -> Raised {
    let mut map = Map::new();
    map.insert("kind".into(), failure.kind.word().into());
    map.insert("message".into(), failure.message.clone().into());
    map.insert("status".into(), failure.status.map_or(Dynamic::UNIT, |status| i64::from(status).into()));
    map.insert("method".into(), failure.method.as_str().into());
    map.insert("path".into(), failure.path.clone().into());
    map.insert("maybe_applied".into(), failure.maybe_applied.into());
    if let Some(help) = &failure.help {
        map.insert("help".into(), help.clone().into());
    }
    throw(map)
}

impl From<Trouble> for Raised {
    fn from(trouble: Trouble) -> Raised {
        raise(trouble.kind, trouble.message.text, trouble.message.help)
    }
}

impl From<Unable> for Raised {
    fn from(unable: Unable) -> Raised {
        raise(unable.kind, unable.message.text, unable.message.help)
    }
}

#[allow(clippy::unnecessary_box_returns, reason = "Rhai's functions return their errors boxed")]
fn throw(map: Map) -> Raised {
    Box::new(EvalAltResult::ErrorRuntime(map.into(), Position::NONE))
}
