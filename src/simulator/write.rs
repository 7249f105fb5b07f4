//! Create and update, the same way for every kind; what is particular to a kind is in its own file.

use serde_json::Value;
use uuid::Uuid;

use super::accepts::{check, entries};
use super::answer::Answer;
use super::kind::Kind;
use super::record::{Links, Record};
use super::references::{ids, resolved};
use super::render::single;
use super::request::Fields;
use super::shape::{Shape, stored};
use super::world::{World, blank};
use super::{conversation, custom_object, derive, meeting, project};

/// Creates a record, or updates the one with the same externalId.
pub(super) fn create(
    world: &mut World,
    kind: Kind,
    within: Option<Uuid>,
    body: &Fields,
) -> Result<Answer, Answer> {
    check(kind, true, body)?;
    let body = prepared(world, kind, body)?;
    if let Some(known) = same_external(world, kind, within, &body) {
        if !world.switches.upsert {
            let noun = kind.name().replace('_', " ");
            return Err(Answer::error(409, &format!("This externalId is taken by another {noun}")));
        }
        return Ok(change(world, kind, known, &body, true));
    }
    let mut fields = blank(kind);
    let mut links = Links { within, ..Links::default() };
    if kind == Kind::Project {
        project::from_template(world, &mut fields, &body);
    }
    apply(kind, true, &mut fields, &body);
    settle(world, kind, &mut fields, &mut links, &body);
    let (id, now) = (world.new_id(), world.now());
    world.put(kind, Record::new(id, now, now, fields, links.clone()));
    after(world, kind, id, &Links::default(), &body, true);
    Ok(shown(world, kind, id))
}

/// Updates a record.
pub(super) fn update(world: &mut World, kind: Kind, id: Uuid, body: &Fields) -> Result<Answer, Answer> {
    check(kind, false, body)?;
    let body = prepared(world, kind, body)?;
    Ok(change(world, kind, id, &body, false))
}

/// A record after a write.
pub(super) fn shown(world: &World, kind: Kind, id: Uuid) -> Answer {
    world.get(kind, id).map_or_else(Answer::missing, |record| Answer::ok(single(world, kind, record)))
}

/// Merges traits: keys that are not sent stay, null deletes.
pub(super) fn merge_traits(fields: &mut Fields, sent: &Value) {
    let Some(sent) = sent.as_object() else { return };
    let slot = fields.entry("traits").or_insert_with(|| Value::Object(Fields::new()));
    let Some(traits) = slot.as_object_mut() else { return };
    for (key, value) in sent {
        if value.is_null() {
            traits.shift_remove(key);
        } else {
            traits.insert(key.clone(), value.clone());
        }
    }
}

fn prepared(world: &World, kind: Kind, body: &Fields) -> Result<Fields, Answer> {
    let body = resolved(world, kind, body)?;
    match kind {
        Kind::Conversation | Kind::Message => conversation::check_people(world, &body)?,
        Kind::Meeting => return meeting::with_participants(world, body),
        _ => {}
    }
    Ok(body)
}

fn same_external(world: &World, kind: Kind, within: Option<Uuid>, body: &Fields) -> Option<Uuid> {
    let key = body.get("externalId")?.as_str().filter(|key| !key.is_empty())?;
    let within = within.filter(|_| kind.external_is_local()).unwrap_or_default();
    world.table(kind).external(within, key).map(|record| record.id)
}

fn change(world: &mut World, kind: Kind, id: Uuid, body: &Fields, creating: bool) -> Answer {
    let Some(record) = world.get(kind, id) else { return Answer::missing() };
    let before = record.links.clone();
    let (mut fields, mut links) = (record.fields(), before.clone());
    apply(kind, creating, &mut fields, body);
    settle(world, kind, &mut fields, &mut links, body);
    world.edit(kind, id, |old, old_links| {
        *old = fields;
        *old_links = links;
    });
    after(world, kind, id, &before, body, false);
    shown(world, kind, id)
}

/// Writes what was sent into the fields of the wire.
fn apply(kind: Kind, creating: bool, fields: &mut Fields, body: &Fields) {
    for entry in entries(kind, creating) {
        let Some(sent) = body.get(entry.name) else { continue };
        if matches!(entry.shape, Shape::Traits) {
            merge_traits(fields, sent);
        } else if fields.contains_key(entry.name) && !matches!(entry.name, "customFields" | "participants") {
            fields.insert(entry.name.into(), stored(entry.shape, sent));
        }
    }
}

/// Sets the fields and links that follow from others.
fn settle(world: &mut World, kind: Kind, fields: &mut Fields, links: &mut Links, body: &Fields) {
    match kind {
        Kind::Account => {
            derive::views(fields, world.now());
            links.organizations = ids(fields.get("organizationId"));
        }
        Kind::Organization => derive::views(fields, world.now()),
        Kind::User => derive::user(world.now(), fields, links, body),
        Kind::Task => {
            derive::fill_organization(world, fields, body);
            links.accounts = ids(fields.get("accountId"));
            links.organizations = ids(fields.get("organizationId"));
        }
        Kind::Note | Kind::Project => {
            links.accounts = ids(fields.get("accountId"));
            links.organizations = ids(fields.get("organizationId"));
        }
        Kind::Instance => {
            fields.insert("customObjectId".into(), links.within.map(|id| id.to_string()).into());
            links.accounts = ids(fields.get("customerId"));
            links.organizations = ids(fields.get("organizationId"));
        }
        Kind::NpsResponse => links.users = ids(fields.get("userId")),
        Kind::Message => conversation::settle_message(world.now(), fields),
        Kind::CustomObject => custom_object::merge_fields(world, fields, body),
        Kind::Meeting => meeting::settle(world, fields, links, body),
        _ => {}
    }
}

/// Lets other records follow.
fn after(world: &mut World, kind: Kind, id: Uuid, before: &Links, body: &Fields, created: bool) {
    let Some(links) = world.get(kind, id).map(|record| record.links.clone()) else { return };
    match kind {
        Kind::Account if created || before.organizations != links.organizations => {
            let mut organizations = [before.organizations.clone(), links.organizations].concat();
            organizations.dedup();
            for organization in organizations {
                derive::recount(world, Kind::Organization, organization);
            }
        }
        Kind::User => derive::recount_above(world, &links),
        Kind::Note if created => {
            for account in links.accounts {
                world.edit(Kind::Account, account, |_, _| {});
            }
        }
        Kind::NpsResponse => {
            for user in before.users.iter().chain(&links.users) {
                derive::nps(world, *user);
            }
        }
        Kind::Conversation => conversation::put_messages(world, id, body),
        Kind::Message => conversation::message_came(world, id),
        Kind::Meeting if created => meeting::store_transcript(world, id, body),
        _ => {}
    }
}
