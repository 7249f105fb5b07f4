//! Keys that come to the program: who gives them, and whether Vitally accepts them. Where they are kept is in `stored`.

use super::Context;
use super::doctor::paging;
use crate::client::{self, ApiKey, Failure, Kind, Target, Timeouts, Watch};
use crate::error::{Error, Message};
use crate::repl::hidden;
use crate::settings::{Sources, key};
use crate::stop::Reason;
use std::path::Path;
use std::sync::Arc;

/// How often a person may type a key that is not accepted.
const TRIES: usize = 3;

/// The advice for everybody who has no key at hand.
const WHERE: &str = "copy the key again from Vitally: Settings, Integrations, Vitally REST API";

/// The key that need not be asked for: from a file that was named, else as for every command from `VITALLY_API_KEY` or
/// the file of `VITALLY_API_KEY_FILE`.
pub fn given(context: &Context, sources: &Sources, file: Option<&Path>) -> Result<Option<ApiKey>, Error> {
    let path = match (file, sources.variable("VITALLY_API_KEY")) {
        (Some(path), _) => sources.folder.join(path),
        (None, Some(found)) => return key::parse(&found.value, "VITALLY_API_KEY").map(Some),
        (None, None) => match sources.variable("VITALLY_API_KEY_FILE") {
            Some(found) => sources.folder.join(found.value.trim()),
            None => return Ok(None),
        },
    };
    let loaded = key::from_file(&path)?;
    if let Some(warning) = loaded.warning {
        context.console.warn(&warning);
    }
    Ok(Some(loaded.key))
}

/// Whether Vitally accepts a key: one small page is read, as `doctor` does.
pub fn check(context: &Context, target: Target) -> Result<(), Failure> {
    let watch = Arc::clone(&context.console) as Arc<dyn Watch>;
    client::reader(target, context.stop.clone(), watch).get("/accounts", &paging::first_page()).map(|_| ())
}

/// The given key, or one that a person types now; either way Vitally accepts it.
pub fn accepted(context: &Context, origin: &str, given: Option<ApiKey>) -> Result<ApiKey, Error> {
    let target = |key: &ApiKey| Target {
        origin: origin.into(),
        key: key.clone(),
        rate_reserve: 0.0,
        timeouts: Timeouts::default(),
    };
    if let Some(key) = given {
        return check(context, target(&key)).map(|()| key).map_err(|failure| Error::Api(Box::new(failure)));
    }
    for _ in 0..TRIES {
        let key = match ApiKey::parse(&typed(context)?) {
            Ok(key) => key,
            Err(why) => {
                context.console.warn(&format!("that is no Vitally key: {why}"));
                continue;
            }
        };
        match check(context, target(&key)) {
            Ok(()) => return Ok(key),
            Err(failure) if matches!(failure.kind, Kind::Unauthorized) => {
                context.console.warn(&failure.message);
            }
            Err(failure) => return Err(Error::Api(Box::new(failure))),
        }
    }
    Err(Error::login("no key was accepted", WHERE))
}

fn typed(context: &Context) -> Result<String, Error> {
    if !hidden::is_possible(context.environment.get("TERM").map(String::as_str)) {
        return Err(Error::Refused(Message::new(
            "this terminal cannot hide a key while it is typed",
            "put the key into a file and add --api-key-file FILE, or set VITALLY_API_KEY",
        )));
    }
    context.console.end_progress();
    let answer = hidden::question("API key (Settings, Integrations, Vitally REST API): ");
    answer.map_err(|_| Error::Stopped(Reason::Interrupted))?.ok_or_else(unanswered)
}

/// A question that nobody answered.
pub fn unanswered() -> Error {
    Error::Refused(Message::new(
        "the question was not answered",
        "answer it, or say it with flags: add --help",
    ))
}
