//! Meetings: participants, the links that follow from them, and transcripts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::accepts::{PARTICIPANT, TRANSCRIPT, check_against};
use super::answer::Answer;
use super::kind::Kind;
use super::record::{Links, Record};
use super::references::{found, ids};
use super::request::Fields;
use super::table::Order;
use super::world::{Lookup, World, as_uuid, blank};

/// The body with its participants checked and their users named by Vitally id.
pub(super) fn with_participants(world: &World, mut body: Fields) -> Result<Fields, Answer> {
    let Some(sent) = body.get("participants").and_then(Value::as_array) else { return Ok(body) };
    let people: Result<Vec<Value>, Answer> = sent.iter().map(|person| resolved(world, person)).collect();
    let people = people?;
    let tied = people.iter().flat_map(|person| users_of(world, person)).any(|id| {
        world
            .get(Kind::User, id)
            .is_some_and(|user| !user.links.accounts.is_empty() || !user.links.organizations.is_empty())
    });
    if !tied {
        return Err(Answer::bad("participants: at least one must belong to an account or organization"));
    }
    body.insert("participants".into(), Value::Array(people));
    Ok(body)
}

/// Sets the participants and the links that follow from them.
pub(super) fn settle(world: &mut World, fields: &mut Fields, links: &mut Links, body: &Fields) {
    if let Some(sent) = body.get("participants").and_then(Value::as_array) {
        let people: Vec<Value> = sent.iter().map(|person| shown(world, person)).collect();
        fields.insert("participants".into(), Value::Array(people));
    }
    fields["recordingUrlFormatted"] = fields["recordingUrl"].clone();
    links.users = linked(world, fields);
}

/// `POST /meetings/:id/participants`.
pub(super) fn add(world: &mut World, meeting: Uuid, body: &Fields) -> Result<Answer, Answer> {
    check_against(PARTICIPANT, body)?;
    refuse_archived(world, meeting)?;
    let person = resolved(world, &Value::Object(body.clone()))?;
    let person = shown(world, &person);
    change_people(world, meeting, |people| people.push(person));
    Ok(super::write::shown(world, Kind::Meeting, meeting))
}

/// `DELETE /meetings/:id/participants/:participantId`.
pub(super) fn drop_person(world: &mut World, meeting: Uuid, person: &str) -> Result<Answer, Answer> {
    if as_uuid(person).is_none() {
        return Err(Answer::not_a_uuid());
    }
    refuse_archived(world, meeting)?;
    let fields = world.get(Kind::Meeting, meeting).map(Record::fields).unwrap_or_default();
    let there =
        |people: &Value| people.as_array().is_some_and(|all| all.iter().any(|one| one["id"] == person));
    if !there(&fields["participants"]) {
        return Err(Answer::missing());
    }
    change_people(world, meeting, |people| people.retain(|one| one["id"] != person));
    Ok(Answer::done())
}

/// Refuses changes of an archived meeting.
pub(super) fn refuse_archived(world: &World, meeting: Uuid) -> Result<(), Answer> {
    match world.get(Kind::Meeting, meeting) {
        Some(record) if record.archived => Err(Answer::bad("The meeting is archived")),
        _ => Ok(()),
    }
}

/// `GET /meetings/:id/transcript`.
pub(super) fn transcript(world: &World, meeting: Uuid) -> Result<Answer, Answer> {
    let mut found = world.table(Kind::Transcript).list(Some(meeting), Order::Created, None);
    found.next().map(|record| Answer::ok(record.text.to_string())).ok_or_else(Answer::missing)
}

/// `POST /meetings/:id/transcript`: replaces what is there.
pub(super) fn put_transcript(world: &mut World, meeting: Uuid, body: &Fields) -> Result<Answer, Answer> {
    check_against(TRANSCRIPT, body)?;
    refuse_archived(world, meeting)?;
    store_transcript(world, meeting, body);
    transcript(world, meeting)
}

/// Stores the transcript in a body, if there is one.
pub(super) fn store_transcript(world: &mut World, meeting: Uuid, body: &Fields) {
    let Some(said) = body.get("transcript").cloned() else { return };
    if let Some(known) = world.table(Kind::Transcript).ids(Some(meeting)).first() {
        world.edit(Kind::Transcript, *known, |fields, _| {
            fields.insert("transcript".into(), said);
        });
        return;
    }
    let mut fields = blank(Kind::Transcript);
    fields.insert("meetingId".into(), meeting.to_string().into());
    fields.insert("transcript".into(), said);
    let (id, now) = (world.new_id(), world.now());
    let links = Links { within: Some(meeting), ..Links::default() };
    world.put(Kind::Transcript, Record::new(id, now, now, fields, links));
}

fn change_people(world: &mut World, meeting: Uuid, change: impl FnOnce(&mut Vec<Value>)) {
    world.edit(Kind::Meeting, meeting, |fields, _| {
        if let Some(people) = fields.get_mut("participants").and_then(Value::as_array_mut) {
            change(people);
        }
    });
    let fields = world.get(Kind::Meeting, meeting).map(Record::fields).unwrap_or_default();
    let users = linked(world, &fields);
    world.edit(Kind::Meeting, meeting, |_, links| links.users = users);
}

/// A participant whose user or admin exists; exactly one of the three names must be there.
fn resolved(world: &World, person: &Value) -> Result<Value, Answer> {
    let mut person = person.clone();
    let given = ["userId", "vitallyUserId", "email"].iter().filter(|name| !person[**name].is_null()).count();
    if given != 1 {
        return Err(Answer::bad("participants: exactly one of userId, vitallyUserId, email is expected"));
    }
    if let Some(id) = person["userId"].as_str() {
        person["userId"] = found(world, Kind::User, "userId", id, Lookup::Key)?.into();
    }
    if let Some(id) = person["vitallyUserId"].as_str() {
        found(world, Kind::Admin, "vitallyUserId", id, Lookup::Id)?;
    }
    Ok(person)
}

/// A participant as the API shows it.
fn shown(world: &mut World, person: &Value) -> Value {
    let id = world.new_id().to_string();
    let organizer = person["isOrganizer"].as_bool().unwrap_or(person["type"] == "organizer");
    json!({
        "id": id, "userId": person["userId"], "vitallyUserId": person["vitallyUserId"],
        "email": person["email"], "type": person["type"], "responseStatus": person["responseStatus"],
        "isOrganizer": organizer,
    })
}

/// The users a participant stands for: named, or known by the e-mail address.
fn users_of(world: &World, person: &Value) -> Vec<Uuid> {
    match person["email"].as_str() {
        Some(email) => world.table(Kind::User).with_email(email).iter().map(|user| user.id).collect(),
        None => ids(person.get("userId")),
    }
}

fn linked(world: &World, fields: &Fields) -> Vec<Uuid> {
    let people = fields["participants"].as_array().into_iter().flatten();
    let mut users: Vec<Uuid> = people.flat_map(|person| users_of(world, person)).collect();
    users.sort_unstable();
    users.dedup();
    users
}
