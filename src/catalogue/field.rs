//! One field of an object: its name on the wire, its JSON type, and when it may be sent.

/// The JSON type of a field, as the API reads and writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A UUID that Vitally assigned.
    Id,
    /// Any text.
    Text,
    /// Text in which Vitally keeps a short list of HTML tags.
    Html,
    /// A number, whole or not.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// ISO 8601 in UTC with milliseconds, such as `2026-02-10T20:03:04.384Z`.
    DateTime,
    /// `YYYY-MM-DD`; a full date-time is accepted when sent.
    Date,
    /// A flat map of custom fields: text, number, true/false, null or a list of text each.
    Traits,
    /// A list of text.
    Texts,
    /// A list of UUIDs.
    Ids,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An embedded record of the named object, or of a shape without a page of its own.
    One(&'static str),
    /// A list of such records.
    Many(&'static str),
    /// `{ "type": "admin" | "user", "id": "…" }`.
    Participant,
    /// A list of participants; scripts may give JSON text instead.
    Participants,
    /// A list of messages; scripts may give JSON text instead.
    Messages,
    /// JSON whose shape Vitally does not document.
    Any,
}

impl Kind {
    /// What a person calls a value of this kind, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Id => "an id (text)",
            Kind::Text | Kind::Html => "text",
            Kind::Number => "a number",
            Kind::Integer => "a whole number",
            Kind::Boolean => "true or false",
            Kind::DateTime => "a date and time",
            Kind::Date => "a date (YYYY-MM-DD)",
            Kind::Traits => "a map of traits, such as #{ plan: \"gold\" }",
            Kind::Texts => "a list of text",
            Kind::Ids => "a list of ids",
            Kind::Choice(_) => "one of a few words",
            Kind::One(_) => "a record",
            Kind::Many(_) => "a list of records",
            Kind::Participant => "a map such as #{ type: \"admin\", id: \"…\" }",
            Kind::Participants => "a list of maps such as [#{ type: \"user\", id: \"…\" }]",
            Kind::Messages => "a list of messages",
            Kind::Any => "any value",
        }
    }
}

/// When a field appears in answers and may appear in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "four independent facts, named at every use")]
pub struct Access {
    /// The field is part of answers.
    pub read: bool,
    /// The value may be null.
    pub null: bool,
    /// `create_…` accepts it.
    pub create: bool,
    /// `update_…` accepts it.
    pub update: bool,
}

#[allow(clippy::fn_params_excessive_bools, reason = "only called by the constants below")]
const fn access(read: bool, null: bool, create: bool, update: bool) -> Access {
    Access { read, null, create, update }
}

/// Only read, never null.
pub const READ: Access = access(true, false, false, false);
/// Only read, may be null.
pub const READ_NULL: Access = access(true, true, false, false);
/// Settable when the record is made, may be null.
pub const CREATE_NULL: Access = access(true, true, true, false);
/// Settable at any time, never null.
pub const WRITE: Access = access(true, false, true, true);
/// Settable at any time, may be null.
pub const WRITE_NULL: Access = access(true, true, true, true);
/// Settable after the record is made, may be null.
pub const UPDATE_NULL: Access = access(true, true, false, true);
/// Accepted in requests and absent from answers.
pub const SEND: Access = access(false, false, true, true);
/// Accepted when the record is made, and absent from answers.
pub const SEND_CREATE: Access = access(false, false, true, false);

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key on the wire, in Vitally's own camelCase.
    pub name: &'static str,
    /// Its JSON type.
    pub kind: Kind,
    /// When it is read and written.
    pub access: Access,
    /// One line for people.
    pub doc: &'static str,
}

/// Makes a field; the pages of the catalogue are lists of these.
pub const fn field(name: &'static str, kind: Kind, access: Access, doc: &'static str) -> Field {
    Field { name, kind, access, doc }
}
