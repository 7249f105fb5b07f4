//! What a create and an update of each kind accept and require. Types come from the catalogue's field tables;
//! what is required is the simulator's own, from the reference.

use serde_json::Value;

use super::answer::Answer;
use super::kind::Kind;
use super::request::Fields;
use super::shape::{self, Entry, Shape, issues_of, may, must, none_of, null};
use crate::catalogue::field::Kind as FieldKind;
use crate::catalogue::object;

static PERSON: &[Entry] = &[must("type", Shape::Choice(&["admin", "user"])), must("id", Shape::Text)];
static PERSON_SHAPE: Shape = Shape::Object(PERSON);
/// A message, alone or inside a conversation.
static MESSAGE: &[Entry] = &[
    must("externalId", Shape::Filled),
    must("message", Shape::Text),
    must("from", PERSON_SHAPE),
    must("to", Shape::List(&PERSON_SHAPE)),
    may("cc", Shape::List(&PERSON_SHAPE)),
    may("bcc", Shape::List(&PERSON_SHAPE)),
    null("timestamp", Shape::DateTime),
];
static MESSAGE_SHAPE: Shape = Shape::Object(MESSAGE);
static CUSTOM_FIELD: Shape =
    Shape::Object(&[must("label", Shape::Filled), must("type", Shape::Text), may("model", Shape::Text)]);
static TEXT: Shape = Shape::Text;
/// A participant of a meeting, alone or inside one.
pub(super) static PARTICIPANT: &[Entry] = &[
    may("userId", Shape::Text),
    may("vitallyUserId", Shape::Text),
    may("email", Shape::Text),
    must("type", Shape::Choice(&["organizer", "attendee"])),
    may("responseStatus", Shape::Choice(&["needsAction", "accepted", "tentative", "declined"])),
    may("isOrganizer", Shape::Boolean),
];
static PARTICIPANT_SHAPE: Shape = Shape::Object(PARTICIPANT);
static SENTENCE: Shape = Shape::Object(&[
    must("text", Shape::Text),
    must("startTime", Shape::Number),
    must("endTime", Shape::Number),
]);
static SPEAKER: Shape =
    Shape::Object(&[must("externalId", Shape::Text), null("email", Shape::Text), null("name", Shape::Text)]);
static MONOLOGUE: Shape =
    Shape::Object(&[must("speaker", SPEAKER), must("sentences", Shape::List(&SENTENCE))]);
/// The body of a transcript.
pub(super) static TRANSCRIPT: &[Entry] = &[must("transcript", Shape::List(&MONOLOGUE))];
static MEETING_UPDATE: &[Entry] = &[
    may("title", Shape::Filled),
    null("description", Shape::Text),
    null("location", Shape::Text),
    may("startDateTime", Shape::DateTime),
    may("endDateTime", Shape::DateTime),
    null("recordingUrl", Shape::Text),
    null("summary", Shape::Text),
    may("keyPoints", Shape::List(&TEXT)),
    null("riskAssessment", Shape::Text),
    may("traits", Shape::Traits),
];
static MEETING_CREATE: &[Entry] = &[
    must("title", Shape::Filled),
    must("externalId", Shape::Text),
    must("participants", Shape::List(&PARTICIPANT_SHAPE)),
    may("source", Shape::Text),
    may("transcript", Shape::List(&MONOLOGUE)),
];

/// The keys that a create or an update accepts.
pub(super) fn entries(kind: Kind, creating: bool) -> Vec<Entry> {
    match kind {
        Kind::Meeting if creating => [MEETING_CREATE, &MEETING_UPDATE[1..]].concat(),
        Kind::Meeting => MEETING_UPDATE.to_vec(),
        Kind::Message => MESSAGE.to_vec(),
        _ => from_catalogue(kind, creating),
    }
}

/// Refuses a body that does not fit.
pub(super) fn check(kind: Kind, creating: bool, body: &Fields) -> Result<(), Answer> {
    let mut issues = issues_of(&entries(kind, creating), body);
    if creating {
        for group in one_of(kind) {
            let given = |name: &&&str| body.get(**name).is_some_and(|value| !is_empty(value));
            if !group.iter().any(|name| given(&name)) {
                issues.extend(none_of(group, ""));
            }
        }
    }
    refuse(&issues)
}

/// Refuses if there are issues.
pub(super) fn refuse(issues: &[Value]) -> Result<(), Answer> {
    if issues.is_empty() { Ok(()) } else { Err(Answer::invalid(issues)) }
}

/// Refuses a body that does not fit these keys.
pub(super) fn check_against(entries: &[Entry], body: &Fields) -> Result<(), Answer> {
    refuse(&shape::issues_of(entries, body))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn required(kind: Kind, creating: bool) -> &'static [&'static str] {
    match (kind, creating) {
        (Kind::Organization | Kind::Account, true) => &["externalId", "name"],
        (Kind::User, true) => &["externalId"],
        (Kind::Task | Kind::Instance, true) => &["name"],
        (Kind::Note, true) => &["note", "noteDate"],
        (Kind::Project, true) => &["templateId"],
        (Kind::NpsResponse, _) => &["userId", "respondedAt", "score"],
        (Kind::Conversation, true) => &["subject", "messages"],
        (Kind::CustomObject, true) => &["name", "label", "writeMode"],
        _ => &[],
    }
}

fn one_of(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::User => &[&["accountIds", "organizationIds"]],
        Kind::Task | Kind::Note => &[&["accountId", "organizationId"]],
        Kind::Project => &[&["accountId", "organizationId", "customerId"]],
        Kind::Instance => &[&["customerId", "organizationId"]],
        _ => &[],
    }
}

fn from_catalogue(kind: Kind, creating: bool) -> Vec<Entry> {
    let fields = object(kind.name()).map_or(&[][..], |page| page.fields);
    // The object tables call externalId a create field; a PUT of it takes effect on notes, tasks and instances.
    let also = |name: &str| name == "externalId" && kind == Kind::Task;
    let mut entries: Vec<Entry> = fields
        .iter()
        .filter(|field| if creating { field.access.create } else { field.access.update || also(field.name) })
        .filter_map(|field| {
            let required = required(kind, creating).contains(&field.name);
            let shape = shape_of(kind, field.name, field.kind, required)?;
            Some(Entry {
                name: field.name,
                shape,
                null: field.access.null && !required_text(shape),
                required,
            })
        })
        .collect();
    if kind == Kind::Project && creating {
        entries.push(may("customerId", Shape::Text));
    }
    entries
}

fn required_text(shape: Shape) -> bool {
    matches!(shape, Shape::Filled)
}

fn shape_of(kind: Kind, name: &str, field: FieldKind, required: bool) -> Option<Shape> {
    Some(match (kind, name, field) {
        (Kind::Account, "accountOwnerId", _) => Shape::Nothing,
        (Kind::NpsResponse, "score", _) => Shape::Score,
        (Kind::CustomObject, "customFields", _) => Shape::List(&CUSTOM_FIELD),
        (_, "name" | "label" | "externalId", _) if required => Shape::Filled,
        (_, _, FieldKind::Id | FieldKind::Text) => Shape::Text,
        (_, _, FieldKind::Html) => Shape::Html,
        (_, _, FieldKind::Number | FieldKind::Integer) => Shape::Number,
        (_, _, FieldKind::Boolean) => Shape::Boolean,
        (_, _, FieldKind::DateTime) => Shape::DateTime,
        (_, _, FieldKind::Date) => Shape::Date,
        (_, _, FieldKind::Traits) => Shape::Traits,
        (_, _, FieldKind::Texts | FieldKind::Ids) => Shape::List(&TEXT),
        (_, _, FieldKind::Choice(words)) => Shape::Choice(words),
        (_, _, FieldKind::Participant) => PERSON_SHAPE,
        (_, _, FieldKind::Participants) => Shape::List(&PERSON_SHAPE),
        (_, _, FieldKind::Messages) => Shape::List(&MESSAGE_SHAPE),
        (_, _, FieldKind::One(_) | FieldKind::Many(_) | FieldKind::Any) => return None,
    })
}
