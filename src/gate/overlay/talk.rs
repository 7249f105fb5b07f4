//! Conversations and their messages: one is read inside the other, and changed through either.

use super::table::State;
use super::{Overlay, patch, text_of};
use crate::catalogue::{self, Object};
use crate::gate::change::Fields;
use serde_json::Value;

/// Takes out of a record what lists do not show.
pub(super) fn as_in_lists(object: &Object, record: &mut Fields) {
    if object.name == "conversation" {
        record.retain(|name, _| !matches!(name.as_str(), "messages" | "accounts" | "users" | "admins"));
    }
}

impl Overlay {
    /// Takes in the messages that were sent with a conversation.
    pub(super) fn take_messages(&mut self, place: usize, messages: Option<&Value>, now: &str) {
        let Some(messages) = messages.and_then(Value::as_array) else { return };
        let entry = self.tables["conversation"].at(place);
        let Some(conversation) = entry.id.clone().or_else(|| entry.external.clone()) else { return };
        for sent in messages.iter().filter_map(Value::as_object) {
            self.write_message(&conversation, sent, now);
        }
    }

    /// Writes the changed messages of a conversation into it, if it shows its messages.
    pub(super) fn put_messages(&self, object: &Object, record: &mut Fields) {
        let (Some(table), Some(page)) = (self.table("message"), catalogue::object("message")) else { return };
        let Some(conversation) = text_of(record, "id").map(String::from) else { return };
        let external = text_of(record, "externalId").map(String::from);
        if object.name != "conversation" {
            return;
        }
        let Some(Value::Array(messages)) = record.get_mut("messages") else { return };
        let ours = |place: usize| {
            let parent = table.at(place).parent.as_deref();
            parent.is_some_and(|parent| {
                self.same("conversation", parent, &conversation) || external.as_deref() == Some(parent)
            })
        };
        let mut met = Vec::new();
        messages.retain_mut(|message| {
            let Some(message) = message.as_object_mut() else { return true };
            let id = text_of(message, "id").unwrap_or_default();
            let key = text_of(message, "externalId");
            let place = table
                .find_sent(id, Some(&conversation), key)
                .or_else(|| table.find_sent(id, None, key).filter(|place| ours(*place)));
            let Some(place) = place else { return true };
            let entry = table.at(place);
            let same_id = entry.id.as_deref() == Some(id);
            if entry.state == State::Gone || (entry.replaces && !same_id) {
                return false;
            }
            met.push(place);
            patch::apply_to_embedded(page, &entry.patch(), message);
            true
        });
        for place in (0..table.len()).filter(|place| ours(*place)) {
            if table.at(place).state == State::Made && !met.contains(&place) {
                let mut message = self.record_of(page, place, None);
                message
                    .retain(|name, _| !matches!(name.as_str(), "conversationId" | "createdAt" | "updatedAt"));
                messages.push(Value::Object(message));
                met.push(place);
            }
        }
        if !met.is_empty() {
            self.link_people(record);
        }
    }

    /// Adds the people in the messages, and the accounts they belong to.
    fn link_people(&self, record: &mut Fields) {
        let people = people_in(record);
        for (name, kind) in [("users", "user"), ("admins", "admin")] {
            if record.contains_key(name) {
                let ids = people.iter().filter(|(of, _)| of == kind).map(|(_, id)| id.as_str());
                self.link(record, name, kind, ids);
            }
        }
        let users = people.iter().filter(|(kind, _)| kind == "user");
        let accounts: Vec<String> =
            users.filter_map(|(_, id)| self.links_of(id)).flat_map(|links| links.accounts).collect();
        if record.contains_key("accounts") {
            self.link(record, "accounts", "account", accounts.iter().map(String::as_str));
        }
    }
}

/// Everybody in the messages of a conversation: the kind and the id.
fn people_in(record: &Fields) -> Vec<(String, String)> {
    let messages = record.get("messages").and_then(Value::as_array).into_iter().flatten();
    let people = messages.flat_map(|message| {
        let several = ["to", "cc", "bcc"].into_iter().filter_map(|name| message[name].as_array()).flatten();
        several.chain(std::iter::once(&message["from"])).collect::<Vec<_>>()
    });
    people.filter_map(|one| Some((one["type"].as_str()?.into(), one["id"].as_str()?.into()))).collect()
}
