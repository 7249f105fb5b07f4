//! A request taken apart: verb, path, query and body.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::answer::Answer;

/// The fields of a record, in the order of the wire.
pub(super) type Fields = Map<String, Value>;

/// A request taken apart.
#[derive(Debug)]
pub(super) struct Request {
    /// The verb, in capitals.
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// The decoded parts of the path.
    pub path: Vec<String>,
    /// The decoded query.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Takes a request apart. An escape that is not UTF-8 becomes a replacement character.
    pub fn new(method: &str, target: &str, body: Vec<u8>) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.trim_start_matches('/').split('/').map(|part| decoded(part, false)).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name, true), decoded(value, true))
        });
        Request { method: method.into(), target: target.into(), path, query: pairs.collect(), body }
    }

    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as a JSON object.
    pub fn fields(&self) -> Result<Fields, Answer> {
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(Answer::bad("The request body must be a JSON object")),
            Err(_) => Err(Answer::bad("The request body is not valid JSON")),
        }
    }

    /// Whether it may change something.
    pub fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD")
    }
}

/// Percent-decodes; in a query a plus is a space.
fn decoded(text: &str, plus: bool) -> String {
    let text = if plus { text.replace('+', " ") } else { text.to_string() };
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}
