//! Changes and reads for an overlay without a tenant behind it.

use serde_json::{Value, json};
use vitally_script::catalogue::{self, Effect, Envelope};
use vitally_script::gate::overlay::Overlay;
use vitally_script::gate::{Ask, Change, Listing, Shape};

pub const NOW: &str = "2026-11-30T08:00:00.000Z";
pub const ID: &str = "00000000-0000-4000-8000-000000000001";
pub const OTHER: &str = "00000000-0000-4000-8000-000000000002";
pub const OBJECT: &str = "00000000-0000-4000-8000-000000000009";

pub fn take(
    overlay: &mut Overlay,
    action: &str,
    key: &str,
    body: &Value,
    whole: Option<&Value>,
) -> Option<Value> {
    let (object, row) = catalogue::actions().find(|(_, row)| row.name == action).expect("an action");
    let creates = row.effect == Effect::Create;
    let external = body["externalId"].as_str().map(String::from);
    let change = Change {
        seq: 1,
        row: None,
        action: action.into(),
        object: object.name.into(),
        id: (!creates).then(|| key.into()),
        external_id: external,
        provisional: creates.then(|| key.into()),
        name: None,
        parent: row.parent.map(|_| OBJECT.into()),
        query: Vec::new(),
        before: None,
        after: body.as_object().cloned(),
        script: String::new(),
        line: 0,
    };
    overlay.take(&change, whole, NOW.parse().expect("a time"))
}

pub fn one(object: &str, key: &str) -> Ask {
    let object = catalogue::object(object).expect("an object");
    Ask { object, path: String::new(), query: Vec::new(), shape: Shape::One(key.into()) }
}

pub fn search(object: &str, path: &str, criterion: (&str, &str)) -> Ask {
    let query = vec![(criterion.0.to_string(), criterion.1.to_string())];
    Ask { query, path: path.into(), shape: Shape::Search, ..one(object, "") }
}

pub fn list(name: &str, within: Option<(&'static str, &str)>, query: &[(&str, &str)]) -> Listing {
    let within = within.map(|(kind, key)| (kind, key.to_string()));
    let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let object = catalogue::object(name).expect("an object");
    Listing { object, within, path: String::new(), query, envelope: Envelope::Results }
}

pub fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["id"].as_str().expect("an id")).collect()
}

pub fn account(id: &str, external: &str) -> Value {
    json!({ "id": id, "externalId": external, "name": "Acme", "traits": { "plan": "Pro", "mrr": 5 }, "mrr": 5,
            "churnedAt": null, "organizationId": null })
}

pub fn task(id: &str, external: &str, account: &str) -> Value {
    json!({ "id": id, "externalId": external, "name": "Call", "accountId": account, "organizationId": null,
            "account": { "id": account, "externalId": "acct-1", "name": "Acme" }, "archivedAt": null, "source": null,
            "traits": {}, "tags": ["a"] })
}
