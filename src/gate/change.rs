//! One intended write as plain data: the same in a plan file, in the journal, and on its way to Vitally.

use crate::catalogue::{self, Action, Effect, Method, Object};
use crate::client::{Failure, WriteRequest};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of a record, by Vitally's names.
pub type Fields = Map<String, Value>;

/// What may stand in a path segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One intended write, checked against the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its place in the run, from 1.
    pub seq: u64,
    /// The row of the input it was made for, from 1, inside `each` and `bulk`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The action's name in the catalogue.
    pub action: String,
    /// The object's name in the catalogue.
    pub object: String,
    /// Vitally's id of the record, or a provisional one (`new-1`); `None` for creates, and where only the
    /// externalId is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The caller's own id of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The provisional id that a create gives its record, such as `new-1`; later changes may refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisional: Option<String>,
    /// The record's name, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of the record it belongs to (a conversation, a custom object), where the path names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The query of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// The touched fields as they were: of an update only those it touches (`traits` only the touched traits, an
    /// absent trait as null), of a delete the whole record; `None` if they are not known yet, or for a create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Fields>,
    /// The touched fields as they are to be: the body of the request; `None` for a delete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Fields>,
    /// The script that asked for it.
    pub script: String,
    /// The line of that script, from 1; 0 if there is none.
    pub line: usize,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Part of a plan, and not tried yet.
    Pending,
    /// Written down durably, and then sent; no answer is recorded. After a crash this means: unknown.
    Sending,
    /// Vitally did it.
    Applied,
    /// The fields already held; nothing was sent.
    Unchanged,
    /// Vitally refused it, or it could not be sent.
    Failed,
    /// It was sent, and whether Vitally did it is not known.
    Unknown,
    /// A touched field no longer holds what it did; nothing was sent.
    Drifted,
    /// A guard or the person stopped it; nothing was sent.
    Refused,
}

impl Status {
    /// Every status, in the order of the list above.
    pub const ALL: &[Status] = &[
        Status::Pending,
        Status::Sending,
        Status::Applied,
        Status::Unchanged,
        Status::Failed,
        Status::Unknown,
        Status::Drifted,
        Status::Refused,
    ];

    /// The word in files, tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Sending => "sending",
            Status::Applied => "applied",
            Status::Unchanged => "unchanged",
            Status::Failed => "failed",
            Status::Unknown => "unknown",
            Status::Drifted => "drifted",
            Status::Refused => "refused",
        }
    }

    /// The status of that word.
    pub fn of(word: &str) -> Option<Status> {
        Status::ALL.iter().copied().find(|status| status.word() == word)
    }
}

/// How one change ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The change's place in its run.
    pub seq: u64,
    /// How it ended.
    pub status: Status,
    /// The record's id, where it is known now: for a create, the one Vitally gave.
    pub id: Option<String>,
    /// The touched fields as they were, where they became known on the way.
    pub before: Option<Fields>,
    /// Why, in one sentence, for everything that is not applied or unchanged.
    pub reason: Option<String>,
    /// The kind of the error, as scripts see it.
    pub kind: Option<String>,
}

impl Change {
    /// The row of the catalogue it belongs to. A change from a file may name one that does not exist.
    pub fn row_of_catalogue(&self) -> Option<(&'static Object, &'static Action)> {
        catalogue::actions().find(|(object, action)| action.name == self.action && object.name == self.object)
    }

    /// What it does; `None` if its action does not exist.
    pub fn effect(&self) -> Option<Effect> {
        self.row_of_catalogue().map(|(_, action)| action.effect)
    }

    /// What names the record in paths: its id, else the externalId.
    pub fn key(&self) -> Option<&str> {
        self.id.as_deref().or(self.external_id.as_deref())
    }

    /// A change of this record that says nothing yet: neither what is done, nor by whom.
    pub fn of_record(object: &Object, key: &str, parent: Option<&str>) -> Change {
        Change {
            seq: 0,
            row: None,
            action: String::new(),
            object: object.name.into(),
            id: Some(key.to_string()).filter(|key| !key.is_empty()),
            external_id: None,
            provisional: None,
            name: None,
            parent: parent.map(ToString::to_string),
            query: Vec::new(),
            before: None,
            after: None,
            script: String::new(),
            line: 0,
        }
    }

    /// The path under `/resources`, its segments percent-encoded.
    pub fn path(&self, action: &Action) -> String {
        self.path_of(action.path)
    }

    /// The same, for any path with `{parent}` and `{id}` in it.
    pub fn path_of(&self, path: &str) -> String {
        let segment = |text: Option<&str>| segment(text.unwrap_or_default());
        path.replace("{parent}", &segment(self.parent.as_deref())).replace("{id}", &segment(self.key()))
    }

    /// The request that carries it. A create whose externalId is set may be repeated after an unclear failure,
    /// because Vitally then updates the record it already made.
    pub(super) fn request(&self, action: &Action) -> WriteRequest {
        let keyed = self
            .after
            .as_ref()
            .and_then(|fields| fields.get("externalId"))
            .is_some_and(|key| key.as_str().is_some_and(|key| !key.is_empty()));
        WriteRequest {
            method: action.method,
            path: self.path(action),
            query: self.query.clone(),
            body: (action.method != Method::Delete)
                .then(|| Value::Object(self.after.clone().unwrap_or_default())),
            repeatable: action.effect == Effect::Create && keyed,
        }
    }
}

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Why a change did not happen, or may not have happened.
#[derive(Debug)]
pub enum Refusal {
    /// The gate is read-only; nothing was sent.
    ReadOnly {
        /// The function that was called.
        action: &'static str,
        /// The object it would have changed.
        object: &'static str,
    },
    /// A guard or the person said no; nothing was sent.
    Guarded {
        /// What was said, in one sentence.
        message: String,
        /// How to go on.
        help: String,
    },
    /// The journal could not be written, so nothing was sent.
    NotJournalled {
        /// `busy` if another process writes to the journal, else `refused`.
        kind: &'static str,
        /// What happened, in one sentence.
        message: String,
        /// What to do.
        help: String,
    },
    /// It was sent, or tried, and failed.
    Failed(Box<Failure>),
}
