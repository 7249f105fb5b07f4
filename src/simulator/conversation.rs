//! Conversations and their messages: direction, participants, and the times that follow.

use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::derive;
use super::kind::Kind;
use super::moment;
use super::record::{Links, Record};
use super::references::found;
use super::request::Fields;
use super::shape::{Shape, stored};
use super::world::{Lookup, World, as_uuid, blank};

/// Refuses participants that do not exist, in a message or in the messages of a conversation.
pub(super) fn check_people(world: &World, body: &Fields) -> Result<(), Answer> {
    for message in body.get("messages").and_then(Value::as_array).into_iter().flatten() {
        if let Some(message) = message.as_object() {
            check_people(world, message)?;
        }
    }
    for (name, person) in people(body) {
        let kind = if person["type"] == "admin" { Kind::Admin } else { Kind::User };
        found(world, kind, name, person["id"].as_str().unwrap_or(""), Lookup::Id)?;
    }
    Ok(())
}

/// Sets a message's direction and its default time.
pub(super) fn settle_message(now: i64, fields: &mut Fields) {
    let inbound = fields["from"]["type"] == "user";
    fields.insert("type".into(), json!(if inbound { "inbound" } else { "outbound" }));
    if fields["timestamp"].is_null() {
        fields.insert("timestamp".into(), moment::value(now));
    }
}

/// Stores the messages of a conversation: known externalIds are updated, new ones added, others kept.
pub(super) fn put_messages(world: &mut World, conversation: Uuid, body: &Fields) {
    for sent in body.get("messages").and_then(Value::as_array).into_iter().flatten() {
        let Some(sent) = sent.as_object() else { continue };
        let id = put_message(world, conversation, sent);
        follow(world, id);
    }
    take_part(world, conversation);
}

/// Lets a conversation, and the people in it, follow a message that was written to it.
pub(super) fn message_came(world: &mut World, message: Uuid) {
    follow(world, message);
    let within = world.get(Kind::Message, message).and_then(|record| record.links.within);
    if let Some(conversation) = within {
        world.edit(Kind::Conversation, conversation, |_, _| {});
        take_part(world, conversation);
    }
}

/// Links a conversation to the users in its messages.
pub(super) fn take_part(world: &mut World, conversation: Uuid) {
    let mut users = Vec::new();
    for message in world.table(Kind::Message).list(Some(conversation), super::table::Order::Created, None) {
        for id in users_in(&message.fields()) {
            if !users.contains(&id) {
                users.push(id);
            }
        }
    }
    users.sort_unstable();
    if world.get(Kind::Conversation, conversation).is_some_and(|record| record.links.users != users) {
        world.edit(Kind::Conversation, conversation, |_, links| links.users = users);
    }
}

fn put_message(world: &mut World, conversation: Uuid, sent: &Fields) -> Uuid {
    let key = sent.get("externalId").and_then(Value::as_str).unwrap_or("");
    let known = world.table(Kind::Message).external(conversation, key).map(|record| record.id);
    let mut fields = known
        .and_then(|id| world.get(Kind::Message, id))
        .map_or_else(|| blank(Kind::Message), Record::fields);
    for (name, value) in sent {
        if fields.contains_key(name) && !matches!(name.as_str(), "id" | "type") {
            let shape = if name == "timestamp" { Shape::DateTime } else { Shape::Text };
            fields.insert(name.clone(), stored(shape, value));
        }
    }
    let now = world.now();
    settle_message(now, &mut fields);
    if let Some(id) = known {
        world.edit(Kind::Message, id, |old, _| *old = fields);
        return id;
    }
    let id = world.new_id();
    let links = Links { within: Some(conversation), ..Links::default() };
    world.put(Kind::Message, Record::new(id, now, now, fields, links));
    id
}

/// Moves the "last message" times of the users in a message, and of their accounts.
fn follow(world: &mut World, message: Uuid) {
    let Some(fields) = world.get(Kind::Message, message).map(Record::fields) else { return };
    let inbound = fields["type"] == "inbound";
    let name = if inbound { "lastInboundMessageTimestamp" } else { "lastOutboundMessageTimestamp" };
    let users = if inbound { users_of(&fields["from"]) } else { users_in(&fields) };
    for user in users {
        let accounts = world.get(Kind::User, user).map(|user| user.links.accounts.clone());
        derive::last(world, Kind::User, user, name, &fields["timestamp"]);
        for account in accounts.unwrap_or_default() {
            derive::last(world, Kind::Account, account, name, &fields["timestamp"]);
        }
    }
}

fn people(message: &Fields) -> impl Iterator<Item = (&'static str, &Value)> {
    ["from", "to", "cc", "bcc"].into_iter().flat_map(|name| {
        let value = message.get(name);
        let one = value.filter(|value| value.is_object());
        let several = value.and_then(Value::as_array).into_iter().flatten();
        one.into_iter().chain(several).map(move |person| (name, person))
    })
}

fn users_in(message: &Fields) -> Vec<Uuid> {
    people(message).flat_map(|(_, person)| users_of(person)).collect()
}

fn users_of(person: &Value) -> Vec<Uuid> {
    let id = person["id"].as_str().filter(|_| person["type"] == "user").and_then(as_uuid);
    id.into_iter().collect()
}
