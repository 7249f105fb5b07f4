//! One intended write.

use crate::catalogue::{Action, Effect};
use crate::client::{Failure, WriteRequest};
use serde_json::Value;

/// One intended write, checked and ready to be sent.
#[derive(Clone, Debug)]
pub struct Change {
    /// The path under `/resources`, its segments percent-encoded.
    pub path: String,
    /// The query.
    pub query: Vec<(String, String)>,
    /// The touched fields.
    pub body: Option<Value>,
}

impl Change {
    /// The request that carries the change. A create whose externalId is set may be repeated after an unclear
    /// failure, because Vitally then updates the record it already made.
    pub(super) fn request(self, action: &Action) -> WriteRequest {
        let keyed = self
            .body
            .as_ref()
            .and_then(|body| body.get("externalId"))
            .is_some_and(|key| key.as_str().is_some_and(|key| !key.is_empty()));
        WriteRequest {
            method: action.method,
            path: self.path,
            query: self.query,
            body: self.body,
            repeatable: action.effect == Effect::Create && keyed,
        }
    }
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
    /// It was sent, or tried, and failed.
    Failed(Box<Failure>),
}
