//! Deleting: archived, marked, or gone with everything that only this record owns.

use serde_json::Value;
use uuid::Uuid;

use super::answer::Answer;
use super::conversation;
use super::derive;
use super::kind::Kind;
use super::moment;
use super::record::Record;
use super::world::World;

/// What belongs to an account or organization and goes with it.
const ACTIVITY: [Kind; 4] = [Kind::Task, Kind::Note, Kind::Project, Kind::Instance];

/// Deletes a record the way its kind is deleted.
pub(super) fn delete(
    world: &mut World,
    kind: Kind,
    id: Uuid,
    delete_on: Option<&str>,
) -> Result<Answer, Answer> {
    if kind.archives() {
        return archive(world, kind, id);
    }
    if kind == Kind::User && (!world.switches.delete_users_at_once || delete_on.is_some()) {
        let now = world.now();
        let when = match delete_on {
            Some(text) => moment::parse(text).ok_or_else(|| Answer::bad("deleteOn must be a date"))?,
            None => now,
        };
        world.edit(Kind::User, id, |_, _| {});
        world.marked.insert(id, when);
        return Ok(Answer::done());
    }
    drop_record(world, kind, id);
    Ok(Answer::done())
}

/// Removes the marked users whose time has come; says how many.
pub(super) fn purge(world: &mut World) -> usize {
    let now = world.now();
    let due: Vec<Uuid> = world.marked.iter().filter(|(_, when)| **when <= now).map(|(id, _)| *id).collect();
    for id in &due {
        drop_record(world, Kind::User, *id);
    }
    due.len()
}

fn archive(world: &mut World, kind: Kind, id: Uuid) -> Result<Answer, Answer> {
    if world.get(kind, id).is_none_or(|record| record.archived) {
        return Err(Answer::missing());
    }
    let now = moment::value(world.now());
    world.edit(kind, id, |fields, _| {
        fields.insert("archivedAt".into(), now);
    });
    Ok(Answer::done())
}

fn drop_record(world: &mut World, kind: Kind, id: Uuid) {
    match kind {
        Kind::Account => drop_account(world, id),
        Kind::Organization => drop_organization(world, id),
        Kind::User => drop_user(world, id),
        Kind::NpsResponse => {
            let users = world.remove(kind, id).map(|record| record.links.users).unwrap_or_default();
            for user in users {
                derive::nps(world, user);
            }
        }
        Kind::Conversation => drop_conversation(world, id),
        Kind::Message => {
            let within = world.remove(kind, id).and_then(|record| record.links.within);
            if let Some(conversation) = within {
                world.edit(Kind::Conversation, conversation, |_, _| {});
                conversation::take_part(world, conversation);
            }
        }
        Kind::CustomObject => {
            for instance in world.table(Kind::Instance).ids(Some(id)) {
                world.remove(Kind::Instance, instance);
            }
            world.remove(kind, id);
        }
        _ => {
            world.remove(kind, id);
        }
    }
}

fn drop_account(world: &mut World, id: Uuid) {
    for kind in ACTIVITY {
        for below in world.table(kind).ids(Some(id)) {
            world.remove(kind, below);
        }
    }
    for conversation in world.table(Kind::Conversation).ids(Some(id)) {
        if only_with(world, conversation, id) {
            drop_conversation(world, conversation);
        }
    }
    let organizations = world.get(Kind::Account, id).map(|account| account.links.organizations.clone());
    world.remove(Kind::Account, id);
    world.health.remove(&id);
    for user in world.table(Kind::User).ids(Some(id)) {
        world.edit(Kind::User, user, |_, links| links.accounts.retain(|account| *account != id));
    }
    for organization in organizations.unwrap_or_default() {
        derive::recount(world, Kind::Organization, organization);
        derive::nps_above(world, Kind::Organization, organization);
    }
}

/// Whether everybody in a conversation belongs to this account and to no other.
fn only_with(world: &World, conversation: Uuid, account: Uuid) -> bool {
    let Some(record) = world.get(Kind::Conversation, conversation) else { return false };
    let users = record.links.users.iter().filter_map(|user| world.get(Kind::User, *user));
    users.flat_map(|user| &user.links.accounts).all(|id| *id == account)
}

fn drop_organization(world: &mut World, id: Uuid) {
    for kind in ACTIVITY {
        for below in world.table(kind).ids(Some(id)) {
            let Some(record) = world.get(kind, below) else { continue };
            if record.links.accounts.is_empty() {
                world.remove(kind, below);
            } else if record.links.organizations.contains(&id) {
                unlink(world, kind, below);
            }
        }
    }
    for account in world.table(Kind::Account).ids(Some(id)) {
        unlink(world, Kind::Account, account);
    }
    for user in world.table(Kind::User).ids(Some(id)) {
        if world.get(Kind::User, user).is_some_and(|record| record.links.organizations.contains(&id)) {
            world.edit(Kind::User, user, |_, links| links.organizations.retain(|other| *other != id));
        }
    }
    world.remove(Kind::Organization, id);
}

/// Takes a record out of its organization.
fn unlink(world: &mut World, kind: Kind, id: Uuid) {
    world.edit(kind, id, |fields, links| {
        fields.insert("organizationId".into(), Value::Null);
        links.organizations.clear();
    });
}

fn drop_user(world: &mut World, id: Uuid) {
    world.marked.remove(&id);
    for response in world.table(Kind::NpsResponse).ids(Some(id)) {
        world.remove(Kind::NpsResponse, response);
    }
    let Some(links) = world.remove(Kind::User, id).map(|record| record.links) else { return };
    world.relist(id);
    for account in &links.accounts {
        derive::nps_above(world, Kind::Account, *account);
    }
    for organization in derive::organizations_of(world, &links) {
        derive::nps_above(world, Kind::Organization, organization);
    }
    derive::recount_above(world, &links);
}

fn drop_conversation(world: &mut World, id: Uuid) {
    for message in world.table(Kind::Message).ids(Some(id)) {
        world.remove(Kind::Message, message);
    }
    world.remove(Kind::Conversation, id);
}

/// Deactivates a user, as people do in the app.
pub(super) fn deactivate(world: &mut World, id: Uuid) {
    let now = moment::value(world.now());
    world.edit(Kind::User, id, |fields, _| {
        fields.insert("deactivatedAt".into(), now);
    });
}

/// Brings an archived record back, as people do in the app.
pub(super) fn restore(world: &mut World, kind: Kind, id: Uuid) -> Option<Record> {
    world.get(kind, id).filter(|record| record.archived)?;
    world.edit(kind, id, |fields, _| {
        fields.insert("archivedAt".into(), Value::Null);
    });
    world.get(kind, id).cloned()
}
