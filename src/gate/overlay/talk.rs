//! Conversations and their messages: one is read inside the other, and changed through either.

use super::belongs::View;
use super::table::{Entry, State, Table};
use super::{Overlay, patch, text_of, texts};
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

    /// Deletes the conversations of this run with the account that everybody in them belongs to.
    pub(super) fn bury_conversations(&mut self, account: &str) {
        let Some(object) = catalogue::object("conversation") else { return };
        let count = self.table(object.name).map_or(0, Table::len);
        for place in 0..count {
            let accounts = texts(self.record_of(object, place, None).get("accounts"), "id");
            if !accounts.is_empty() && accounts.iter().all(|id| self.same("account", id, account)) {
                self.bury_messages(place, None);
                self.bury(object, place);
            }
        }
    }

    /// Deletes the messages of a conversation with it.
    pub(super) fn bury_messages(&mut self, place: usize, whole: Option<&Fields>) {
        let Some(object) = catalogue::object("message") else { return };
        for id in texts(whole.and_then(|whole| whole.get("messages")), "id") {
            let known = self.place(object.name, &id);
            let place = known.unwrap_or_else(|| {
                self.register(object, Entry::new(State::Changed, self.turn), Some(&id), None)
            });
            self.bury(object, place);
        }
        let Some(conversation) = self.tables["conversation"].at(place).id.clone() else { return };
        let turn = self.turn;
        let Some(table) = self.tables.get_mut(object.name) else { return };
        for place in 0..table.len() {
            if table.at(place).parent.as_ref() == Some(&conversation) {
                table.bury(place, turn);
            }
        }
    }

    /// The messages of a conversation whose real id became known.
    pub(super) fn pass_messages(&mut self, old: &str, id: &str) {
        let Some(table) = self.tables.get_mut("message") else { return };
        for place in 0..table.len() {
            let entry = table.at_mut(place);
            if entry.parent.as_deref() == Some(old) {
                entry.parent = Some(id.into());
                if let Some(external) = entry.external.clone() {
                    table.name_external(place, &external);
                }
            }
        }
    }

    /// Learns which messages of a conversation that Vitally sent are those that this run wrote.
    pub(super) fn meet_messages(&mut self, object: &Object, record: &Fields) {
        let (Some(page), Some(conversation)) = (catalogue::object("message"), text_of(record, "id")) else {
            return;
        };
        if object.name != "conversation" {
            return;
        }
        let conversation = self.canonical(object.name, conversation);
        for message in record.get("messages").and_then(Value::as_array).into_iter().flatten() {
            let Some(mut message) = message.as_object().cloned() else { continue };
            if let (Some(id), Some(external)) = (text_of(&message, "id"), text_of(&message, "externalId")) {
                self.learnt.message(&conversation, external, id);
            }
            message.insert("conversationId".into(), conversation.as_str().into());
            self.met(page, &message);
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
                // Written by its externalId before it was deleted by its id: the same message.
                let written = key.and_then(|key| table.find_external(Some(&conversation), key));
                met.extend(written.filter(|written| *written < place));
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
        let accounts: Vec<String> = users
            .filter_map(|(_, id)| self.links_of(id, View::Run))
            .flat_map(|links| links.accounts)
            .collect();
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
