//! Whom random changes are about, and bodies that Vitally takes.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Kinds that have a parent.
pub const INSTANCE: &str = "custom_object_instance";
pub const MESSAGE: &str = "message";

/// The records that changes are about: ids of the live tenant, the custom object or conversation, and externalId.
#[derive(Clone)]
pub struct Handle {
    pub id: String,
    pub parent: Option<String>,
    pub external: Option<String>,
}

/// Everybody that changes may name.
pub struct Cast {
    pub handles: BTreeMap<&'static str, Vec<Handle>>,
    pub admin: String,
    pub template: String,
}

/// What names a record.
pub fn handle(record: &Value, parent: Option<&str>) -> Handle {
    Handle {
        id: record["id"].as_str().expect("an id").into(),
        parent: parent.map(String::from),
        external: record["externalId"].as_str().map(String::from),
    }
}

impl Cast {
    /// The record whose turn it is.
    pub fn pick(&self, kind: &str, turn: u8) -> &Handle {
        let all = &self.handles[kind];
        &all[usize::from(turn) % all.len()]
    }

    /// A body that Vitally takes.
    pub fn body(&self, kind: &str, a: u8, b: u8, making: bool) -> Value {
        let id = |kind: &str, turn: u8| json!(self.pick(kind, turn).id);
        let mut body = match (kind, b % 6) {
            ("organization" | "account", 0) => json!({ "traits": { "churnedAt": "2026-10-01", "mrr": a } }),
            ("organization" | "account", 1) => json!({ "traits": { "churnedAt": null, "plan": null } }),
            ("account", 2) => json!({ "organizationId": id("organization", a) }),
            ("account", 3) if !making => {
                json!({ "organizationId": null, "traits": { "plan": format!("p{a}") } })
            }
            ("user", 0) => json!({ "email": format!("u{}@northwind.example", a % 3) }),
            ("user", 1) => json!({ "unsubscribedFromConversations": a.is_multiple_of(2), "joinDate": null }),
            ("user", 2) => json!({ "accountIds": [id("account", a)] }),
            ("user", 3) => json!({ "organizationIds": [id("organization", a)], "joinDate": "2025-01-02" }),
            ("task" | "note", 0) => json!({ "accountId": id("account", a) }),
            ("task" | "note", 1) => {
                json!({ "accountId": id("account", a), "organizationId": id("organization", a) })
            }
            ("task", 2) => json!({ "dueDate": "2027-01-02T10:00:00+02:00", "completedAt": "2026-11-01" }),
            ("task", 3) => json!({ "assignedToId": self.admin, "tags": [format!("t{a}")] }),
            ("note", 2) => json!({ "authorId": self.admin, "noteDate": "2026-05-06", "tags": [] }),
            ("project", 0) => json!({ "targetStartDate": "2027-02-03", "ownedByVitallyUserId": self.admin }),
            ("custom_object", 0) => {
                json!({ "customFields": [{ "label": format!("Field {}", a % 2), "type": "string" }] })
            }
            (INSTANCE, 0) => json!({ "customerId": id("account", a) }),
            (INSTANCE, 1) => json!({ "traits": { "vitally.custom.priority": format!("P{a}") } }),
            ("conversation", 0 | 1) => json!({ "messages": [self.message(a, b), self.message(b, a)] }),
            (MESSAGE, _) => self.message(a, b),
            ("nps_response", _) => json!({ "feedback": format!("f{a}") }),
            ("custom_object", _) => json!({ "label": format!("Label {a}") }),
            (INSTANCE | "project", _) => json!({ "name": format!("n{a}"), "traits": { "k": a } }),
            ("note", _) => json!({ "subject": format!("s{a}"), "traits": { "k": a, "l": null } }),
            ("conversation", _) => json!({ "subject": format!("s{a}"), "traits": { "k": a } }),
            _ => {
                json!({ "name": format!("n{a}"), "traits": { "plan": format!("p{b}"), "k": [format!("{a}")] } })
            }
        };
        let needed = match kind {
            "nps_response" => {
                json!({ "userId": id("user", a), "score": b % 11, "respondedAt": "2026-11-02T03:04:05Z" })
            }
            _ if !making => json!({}),
            "user" => json!({ "accountIds": [id("account", b)] }),
            "task" => json!({ "name": "Call", "accountId": id("account", b) }),
            "note" => json!({ "note": "Well", "noteDate": "2026-11-03", "accountId": id("account", b) }),
            "project" => json!({ "templateId": self.template, "accountId": id("account", b) }),
            "conversation" => json!({ "subject": "Hello", "messages": [self.message(b, a)] }),
            "custom_object" => json!({ "name": "risk", "label": "Risk", "writeMode": "writable" }),
            INSTANCE => json!({ "name": "Wish", "customerId": id("account", b) }),
            MESSAGE => json!({}),
            _ => json!({ "name": "Initech" }),
        };
        for (name, value) in needed.as_object().expect("fields") {
            if body.get(name).is_none() {
                body[name] = value.clone();
            }
        }
        body
    }

    fn message(&self, a: u8, b: u8) -> Value {
        let user = json!({ "type": "user", "id": self.pick("user", a).id });
        let admin = json!({ "type": "admin", "id": self.admin });
        let (from, to) = if b.is_multiple_of(2) { (user, admin) } else { (admin, user) };
        let external = match b % 4 {
            0 => self.pick(MESSAGE, a).external.clone().unwrap_or_default(),
            turn => format!("m-{turn}"),
        };
        json!({ "externalId": external, "message": format!("m{a}"), "from": from, "to": [to],
                "timestamp": "2026-11-04T05:06:07Z" })
    }
}
