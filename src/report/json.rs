//! Errors as programs read them: `{ "error": { … } }`.

use super::message;
use crate::error::{Error, Finding};
use serde_json::{Value, json};

/// An error as one JSON document. Further findings of a `check` are under `others`.
pub fn error(error: &Error) -> Value {
    let first = match error {
        Error::Settings(finding) | Error::Thrown(finding) => Some(&**finding),
        Error::Check(findings) => findings.first(),
        _ => None,
    };
    let status = match error {
        Error::Api(failure) => failure.status,
        _ => first.and_then(|finding| finding.status),
    };
    let place = first.and_then(|finding| finding.place.as_ref());
    let message = message(error);
    let mut document = json!({
        "error": {
            "kind": first.map_or_else(|| kind(error), |finding| finding.kind),
            "message": message.text,
            "help": message.help,
            "status": status,
            "file": place.map(|place| &place.file),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
        }
    });
    if let Error::Check(findings) = error
        && findings.len() > 1
    {
        document["others"] = findings.iter().skip(1).map(finding).collect();
    }
    document
}

/// One finding, as `check --error-format json` lists it.
pub fn finding(finding: &Finding) -> Value {
    let place = finding.place.as_ref();
    json!({
        "file": place.map(|place| &place.file),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "code": finding.code,
        "severity": if finding.is_remark() { "remark" } else { "error" },
        "message": finding.message,
        "help": finding.help,
    })
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Usage(_) | Error::Settings(_) => "usage",
        Error::Login(_) => "unauthorized",
        Error::File { .. } => "file",
        Error::Check(_) | Error::Thrown(_) => "mistake",
        Error::Api(failure) => failure.kind.word(),
        Error::Refused(_) => "refused",
        Error::Busy(_) => "busy",
        Error::Stopped(_) => "stopped",
    }
}
