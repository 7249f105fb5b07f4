//! Fields that follow from what is written, as a script would read them right afterwards.

use super::{Overlay, stored, text_of};
use crate::catalogue::Object;
use crate::gate::change::Fields;
use serde_json::{Value, json};

impl Overlay {
    /// Adds to the fields that are written those that follow. `current` is the record before, as far as it is
    /// known; `made` says that it is new.
    pub(super) fn consequences(
        &mut self,
        object: &Object,
        current: &Fields,
        sent: &mut Fields,
        now: &str,
        made: bool,
    ) {
        sent.insert("updatedAt".into(), now.into());
        if made {
            sent.insert("createdAt".into(), now.into());
        }
        match object.name {
            "account" | "organization" => views(current, sent, now),
            "user" => user(current, sent, now, made),
            "task" => self.organization_of_task(sent),
            "message" => message(current, sent, now),
            "custom_object" => self.define_fields(sent, now),
            _ => {}
        }
    }

    /// A task that names only its account gets that account's organization, where this run knows it.
    fn organization_of_task(&self, sent: &mut Fields) {
        if sent.contains_key("organizationId") {
            return;
        }
        if let Some(organization) = text_of(sent, "accountId").and_then(|id| self.organization_of(id)) {
            sent.insert("organizationId".into(), organization.into());
        }
    }

    /// The organization of an account; `None` outside if it is not known.
    #[allow(
        clippy::option_option,
        reason = "the outer None is \"not known here\", the inner one is an answer"
    )]
    pub(super) fn organization_of(&self, account: &str) -> Option<Option<String>> {
        let kept = self.place("account", account).and_then(|place| {
            let object = crate::catalogue::object("account")?;
            let record = self.record_of(object, place, None);
            let organization = record.get("organizationId")?;
            Some(organization.as_str().map(String::from))
        });
        kept.or_else(|| self.learnt.organization(&self.canonical("account", account)))
    }

    /// Definitions of fields are read back with an id and the key that follows from their label.
    fn define_fields(&mut self, sent: &mut Fields, now: &str) {
        let Some(Value::Array(fields)) = sent.get_mut("customFields") else { return };
        for field in fields {
            let label = field["label"].as_str().unwrap_or_default();
            let path = path_of(label);
            let id = self.next_id("field");
            *field =
                json!({ "id": id, "label": label, "path": path, "type": field["type"], "createdAt": now });
        }
    }

    /// An id for something that no change numbers.
    pub(super) fn next_id(&mut self, what: &str) -> String {
        self.numbered += 1;
        format!("new-{what}-{}", self.numbered)
    }
}

/// Some fields of accounts and organizations are views of the traits of the same name.
fn views(current: &Fields, sent: &mut Fields, now: &str) {
    let Some(traits) = sent.get("traits").and_then(Value::as_object).cloned() else { return };
    if let Some(mrr) = traits.get("mrr") {
        let mrr = if mrr.is_number() { mrr.clone() } else { Value::Null };
        // Where it is not known whether there was revenue before, Vitally's own date stays.
        let first = current.get("firstPaidDate").is_some_and(Value::is_null);
        if first && !mrr.is_null() {
            sent.insert("firstPaidDate".into(), now.into());
        }
        sent.insert("mrr".into(), mrr);
    }
    for name in ["nextRenewalDate", "churnedAt", "trialEndDate"] {
        if let Some(value) = traits.get(name) {
            sent.insert(name.into(), stored::moment_of_trait(value));
        }
    }
}

fn user(current: &Fields, sent: &mut Fields, now: &str, made: bool) {
    if made {
        sent.insert("firstKnown".into(), now.into());
    }
    let off = |fields: &Fields| fields.get("unsubscribedFromConversations").and_then(Value::as_bool);
    match (off(current), off(sent)) {
        (_, Some(false)) => {
            sent.insert("unsubscribedFromConversationsAt".into(), Value::Null);
        }
        (Some(false), Some(true)) => {
            sent.insert("unsubscribedFromConversationsAt".into(), now.into());
        }
        _ => {}
    }
}

/// Fills in what Vitally never leaves empty, where the record before the change was not known.
pub(super) fn settle(object: &Object, written: &Fields, record: &mut Fields) {
    let empty = |record: &Fields, name: &str| record.get(name).is_some_and(Value::is_null);
    let mut fill = |name: &str, from: &str| {
        if empty(record, name) {
            record.insert(name.into(), record.get(from).cloned().unwrap_or_default());
        }
    };
    match object.name {
        "user" => {
            fill("joinDate", "firstKnown");
            if written.get("unsubscribedFromConversations") == Some(&Value::Bool(true)) {
                fill("unsubscribedFromConversationsAt", "updatedAt");
            }
        }
        "organization" if written.get("mrr").is_some_and(Value::is_number) => {
            fill("firstPaidDate", "updatedAt");
        }
        _ => {}
    }
}

/// From a user: inbound; from an admin: outbound.
fn message(current: &Fields, sent: &mut Fields, now: &str) {
    if let Some(from) = sent.get("from") {
        let way = if from["type"] == "user" { "inbound" } else { "outbound" };
        sent.insert("type".into(), way.into());
    }
    let time = sent.get("timestamp").or_else(|| current.get("timestamp"));
    if time.is_none_or(Value::is_null) {
        sent.insert("timestamp".into(), now.into());
    }
}

/// The key of a trait: `custom-field-label-1` becomes `vitally.custom.customFieldLabel1`.
fn path_of(label: &str) -> String {
    let words = label.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut path = String::from("vitally.custom.");
    for (at, word) in words.enumerate() {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        path += &if at == 0 { first.to_lowercase() } else { first.to_uppercase() };
        path += rest;
    }
    path
}
