//! One read, with what the overlay must know about it.

use crate::catalogue::{Envelope, Object};

/// What an answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One record, asked for by this id or externalId.
    One(String),
    /// The records that match one criterion of the query, in whatever envelope.
    Search,
    /// JSON of no documented shape, which changes do not touch.
    Json,
}

/// One read.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The kind of records it answers with.
    pub object: &'static Object,
    /// The path under `/resources`, its segments percent-encoded.
    pub path: String,
    /// The query.
    pub query: Vec<(String, String)>,
    /// What the answer holds.
    pub shape: Shape,
}

/// One walk through a list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The kind of records it answers with.
    pub object: &'static Object,
    /// The object and the key of the record it is narrowed to (`account`, `acct-1`), where it is.
    pub within: Option<(&'static str, String)>,
    /// The path under `/resources`, its segments percent-encoded.
    pub path: String,
    /// The query, without `limit` and `from`.
    pub query: Vec<(String, String)>,
    /// The shape of its pages.
    pub envelope: Envelope,
}
