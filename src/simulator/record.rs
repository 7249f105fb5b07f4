//! One stored record: its JSON text, and what lists and links need of it without parsing.

use serde_json::Value;
use uuid::Uuid;

use super::request::Fields;

/// What a record belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// Accounts.
    pub accounts: Vec<Uuid>,
    /// Organizations, linked directly.
    pub organizations: Vec<Uuid>,
    /// Users: who answered, wrote or took part.
    pub users: Vec<Uuid>,
    /// The record it is a part of: an instance's object, a message's conversation, a transcript's meeting.
    pub within: Option<Uuid>,
}

/// One stored record. The text is the record; the rest is derived from it, except the links of users,
/// conversations and meetings, which are not on the wire.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Vitally's id.
    pub id: Uuid,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Milliseconds since 1970.
    pub updated: i64,
    /// `archivedAt` is set.
    pub archived: bool,
    /// `churnedAt` is set.
    pub churned: bool,
    /// The integration it came from.
    pub source: Option<Box<str>>,
    /// The caller's own key; an empty one is none.
    pub external: Option<Box<str>>,
    /// The e-mail address in lower case.
    pub email: Option<Box<str>>,
    /// What it belongs to.
    pub links: Links,
    /// The record as JSON, without embedded records.
    pub text: Box<str>,
}

impl Record {
    /// Makes a record of its fields; writes the id and, where the kind has them, the two times into them.
    pub fn new(id: Uuid, created: i64, updated: i64, mut fields: Fields, links: Links) -> Record {
        for (name, ms) in [("createdAt", created), ("updatedAt", updated)] {
            if let Some(slot) = fields.get_mut(name) {
                *slot = super::moment::value(ms);
            }
        }
        fields.insert("id".into(), Value::String(id.to_string()));
        let word = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let set = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
        Record {
            id,
            created,
            updated,
            archived: set("archivedAt"),
            churned: set("churnedAt"),
            source: word("source").map(Box::from),
            external: word("externalId").map(Box::from),
            email: word("email").map(|email| email.to_lowercase().into_boxed_str()),
            links,
            text: compact(&fields),
        }
    }

    /// The fields, parsed.
    pub fn fields(&self) -> Fields {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// The JSON of a record in an allocation of its own size: a grown buffer would waste half of it.
fn compact(fields: &Fields) -> Box<str> {
    let mut bytes = Vec::with_capacity(4096);
    match serde_json::to_writer(&mut bytes, fields) {
        Ok(()) => Box::from(std::str::from_utf8(&bytes).unwrap_or("{}")),
        Err(_) => Box::from("{}"),
    }
}
