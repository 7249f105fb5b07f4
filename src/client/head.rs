//! What an answer says about the next page of a list. It is read in the same pass that tells whether the answer is
//! whole: a page is long, and the next request waits for its cursor.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// What a page says about the next one.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) next: Option<Value>,
    pub(super) at_end: Option<Value>,
    pub(super) results: Option<IgnoredAny>,
    pub(super) data: Option<IgnoredAny>,
}

impl Head {
    /// The head of an answer that is one whole JSON object.
    pub(super) fn read(body: &[u8]) -> Option<Head> {
        if is_object(body) { serde_json::from_slice(body).ok() } else { None }
    }
}

/// Whether a JSON text begins like an object.
pub(super) fn is_object(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}
