//! Comparing two JSON answers, and saying in few lines what differs.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vitally_script::catalogue::{self, Kind};

/// What Vitally counts or derives on its side, from other records than the one that was written.
const DERIVED: &[&str] = &[
    "updatedAt",
    "usersCount",
    "accountsCount",
    "npsScore",
    "npsDetractorCount",
    "npsPassiveCount",
    "npsPromoterCount",
    "npsLastScore",
    "npsLastFeedback",
    "npsLastRespondedAt",
    "lastInboundMessageTimestamp",
    "lastOutboundMessageTimestamp",
    // The default status of a project, which no endpoint names.
    "projectStatusId",
    // Of a conversation: who belongs to it follows from all its messages, also those that were deleted.
    "users",
    "admins",
];

/// Fields that the catalogue marks "where Vitally sends them", and the simulator does not.
const NOT_SENT: &[(&str, &[&str])] = &[
    ("conversation", &["externalUrl", "accounts"]),
    ("nps_response", &["user"]),
    ("message", &["conversationId", "createdAt"]),
];

/// A record without what is derived on the server; of embedded records only their ids.
pub fn comparable(object: &str, record: &Value) -> Value {
    let page = catalogue::object(object).expect("an object");
    let not_sent = NOT_SENT.iter().find(|(name, _)| *name == object).map_or(&[][..], |(_, names)| *names);
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in record.as_object().expect("a record") {
        if DERIVED.contains(&name.as_str()) || not_sent.contains(&name.as_str()) {
            continue;
        }
        let value = match page.field(name).map(|field| field.kind) {
            Some(Kind::One(_)) => value["id"].clone(),
            Some(Kind::Many("custom_field") | Kind::Messages) => without_ids(value),
            Some(Kind::Many(_)) => sorted_ids(value),
            _ => value.clone(),
        };
        fields.insert(name.clone(), sorted(value));
    }
    serde_json::to_value(fields).expect("JSON")
}

/// What differs between two answers, in one line each.
pub fn assert_alike(live: &Value, dry: &Value, what: &str) {
    if live != dry {
        let mut differences = Vec::new();
        differing(live, dry, "", &mut differences);
        panic!("{what}\n{}", differences.join("\n"));
    }
}

fn differing(live: &Value, dry: &Value, path: &str, out: &mut Vec<String>) {
    match (live, dry) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = Value::String("nothing".into());
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let of = |fields: &Map<String, Value>| fields.get(name).unwrap_or(&missing).clone();
                differing(&of(one), &of(other), &format!("{path}.{name}"), out);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.iter().all(Value::is_object) => {
            let only = |these: &[Value], those: &[Value]| -> Vec<Value> {
                these.iter().filter(|item| !those.contains(item)).cloned().collect()
            };
            if one.len() != other.len() {
                out.push(format!("{path}: live {} dry {} records", one.len(), other.len()));
            }
            let (one, other) = (only(one, other), only(other, one));
            if one.len() == other.len() {
                for (at, (one, other)) in one.iter().zip(&other).enumerate() {
                    differing(one, other, &format!("{path}[{at}]"), out);
                }
            } else {
                out.push(format!("{path}: live {} dry {}", json!(one), json!(other)));
            }
        }
        (one, other) if one != other => out.push(format!("{path}: live {one} dry {other}")),
        _ => {}
    }
}

/// The ids of a list of records.
fn sorted_ids(value: &Value) -> Value {
    let ids = value.as_array().into_iter().flatten().map(|one| one["id"].as_str().unwrap_or_default());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.into()
}

/// A list of records without what each tenant gives on its own.
fn without_ids(value: &Value) -> Value {
    let hidden = ["id", "conversationId", "createdAt", "updatedAt"];
    let items = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    // Messages of the same moment have no order of their own.
    let items = items.map(|item| {
        let kept = item.iter().filter(|(name, _)| !hidden.contains(&name.as_str()));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
    });
    let mut items: Vec<Value> = items.collect();
    items.sort_by_key(|item| (item["externalId"].to_string(), item["label"].to_string()));
    items.into()
}

/// With keys in order, so that texts can be compared.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> =
                fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            serde_json::to_value(fields).expect("JSON")
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
