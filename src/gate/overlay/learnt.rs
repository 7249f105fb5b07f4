//! What answers showed in passing: which externalId belongs to which id, and who belongs to whom.

use super::table::local;
use super::texts;
use crate::catalogue::{Kind, Object};
use crate::gate::change::Fields;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Kinds of which there are few: their records are kept whole, to be embedded in what this run makes.
const SMALL: &[&str] = &["admin", "task_category", "note_category", "project_template", "custom_object"];

/// The accounts and organizations a user belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Accounts.
    pub accounts: Vec<String>,
    /// Organizations it is linked to directly.
    pub organizations: Vec<String>,
    /// Organizations of its accounts.
    pub above: Vec<String>,
}

/// What answers showed in passing.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    ids: BTreeMap<&'static str, HashMap<Box<str>, Uuid>>,
    organizations: HashMap<Uuid, Option<Uuid>>,
    users: HashMap<Box<str>, Links>,
    whole: HashMap<(&'static str, Box<str>), Box<str>>,
}

/// Whether every record of this kind is worth looking at.
pub(super) fn is_small(object: &Object) -> bool {
    SMALL.contains(&object.name)
}

impl Learnt {
    /// The id that belongs to an externalId.
    pub fn id(&self, object: &str, external: &str) -> Option<String> {
        self.ids.get(object)?.get(external).map(Uuid::to_string)
    }

    /// Learns the id of a message from its conversation.
    pub fn message(&mut self, conversation: &str, external: &str, id: &str) {
        if let Ok(id) = Uuid::try_parse(id) {
            self.ids.entry("message").or_default().insert(local(conversation, external).into(), id);
        }
    }

    /// Forgets a pair that is kept elsewhere from now on.
    pub fn forget(&mut self, object: &str, external: &str) {
        if let Some(ids) = self.ids.get_mut(object) {
            ids.remove(external);
        }
    }

    /// The organization of an account; `None` outside if the account was never seen.
    #[allow(
        clippy::option_option,
        reason = "the outer None is \"not known here\", the inner one is an answer"
    )]
    pub fn organization(&self, account: &str) -> Option<Option<String>> {
        let account = Uuid::try_parse(account).ok()?;
        self.organizations.get(&account).map(|id| id.map(|id| id.to_string()))
    }

    /// The accounts and organizations of a user that was read by itself.
    pub fn links(&self, user: &str) -> Option<&Links> {
        self.users.get(user)
    }

    /// A record of a small kind.
    pub fn whole(&self, object: &'static str, id: &str) -> Option<Value> {
        serde_json::from_str(self.whole.get(&(object, id.into()))?).ok()
    }

    /// Learns from a record as it is, without those embedded in it.
    pub fn alone(&mut self, object: &'static Object, record: &Fields) {
        self.names(object.name, record, false);
    }

    /// Learns from a record that Vitally sent, and from those embedded in it. `paired`: its externalId is known
    /// already.
    pub fn record(&mut self, object: &'static Object, record: &Fields, paired: bool) {
        self.names(object.name, record, paired);
        for field in object.fields {
            let kind = match field.kind {
                Kind::One(kind) | Kind::Many(kind) if matches!(kind, "account" | "organization") => kind,
                _ => continue,
            };
            match record.get(field.name) {
                Some(Value::Object(one)) => self.names(kind, one, false),
                Some(Value::Array(many)) => {
                    for one in many.iter().filter_map(Value::as_object) {
                        self.names(kind, one, false);
                    }
                }
                _ => {}
            }
        }
        if is_small(object)
            && let (Some(id), Ok(text)) =
                (record.get("id").and_then(Value::as_str), serde_json::to_string(record))
        {
            self.whole.insert((object.name, id.into()), text.into());
        }
    }

    /// Learns where a user belongs, of one that was read by itself.
    pub fn user(&mut self, user: &Fields) {
        let Some(id) = user.get("id").and_then(Value::as_str) else { return };
        self.users.insert(id.into(), links_of(user));
    }

    fn names(&mut self, object: &'static str, record: &Fields, paired: bool) {
        let text = |name: &str| record.get(name).and_then(Value::as_str);
        let Some(id) = text("id").and_then(|id| Uuid::try_parse(id).ok()) else { return };
        // The externalIds of these are unique only within a parent.
        let local = matches!(object, "message" | "custom_object_instance");
        if let Some(external) = text("externalId").filter(|key| !key.is_empty() && !paired && !local) {
            self.ids.entry(object).or_default().insert(external.into(), id);
        }
        if object == "account" && record.contains_key("organizationId") {
            let organization = text("organizationId").and_then(|id| Uuid::try_parse(id).ok());
            self.organizations.insert(id, organization);
        }
    }
}

/// The accounts and organizations a user's record shows.
pub(super) fn links_of(user: &Fields) -> Links {
    Links {
        accounts: texts(user.get("accounts"), "id"),
        organizations: texts(user.get("organizations"), "id"),
        above: texts(user.get("accounts"), "organizationId"),
    }
}
