//! Custom objects: their field definitions, the search for instances, and the list of all trait definitions.

use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::kind::Kind;
use super::moment;
use super::record::Record;
use super::render::render;
use super::request::{Fields, Request};
use super::table::Order;
use super::world::{Lookup, World, as_uuid};
use crate::catalogue::MODELS;

const CRITERIA: &[&str] =
    &["id", "externalId", "customerId", "organizationId", "customFieldId", "customFieldValue"];

/// The key of a trait, from its label: `custom-field-label-1` becomes `vitally.custom.customFieldLabel1`.
pub(super) fn path_of(label: &str) -> String {
    let mut path = String::from("vitally.custom.");
    for (at, word) in label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).enumerate()
    {
        let mut letters = word.chars();
        let first = letters.next().unwrap_or_default();
        if at == 0 {
            path.extend(first.to_lowercase());
        } else {
            path.extend(first.to_uppercase());
        }
        path.push_str(letters.as_str());
    }
    path
}

/// The definition of a trait as the API shows it.
pub(super) fn definition(world: &mut World, label: &str, kind: &str) -> Value {
    let (id, now) = (world.new_id().to_string(), moment::value(world.now()));
    json!({ "id": id, "label": label, "path": path_of(label), "type": kind, "createdAt": now })
}

/// Adds the sent field definitions to an object's; one with a known label is changed.
pub(super) fn merge_fields(world: &mut World, fields: &mut Fields, body: &Fields) {
    let mut known = fields["customFields"].as_array().cloned().unwrap_or_default();
    for sent in body.get("customFields").and_then(Value::as_array).into_iter().flatten() {
        let (label, kind) = (sent["label"].as_str().unwrap_or(""), sent["type"].as_str().unwrap_or("string"));
        match known.iter_mut().find(|field| field["label"] == label) {
            Some(field) => field["type"] = kind.into(),
            None => known.push(definition(world, label, kind)),
        }
    }
    fields.insert("customFields".into(), Value::Array(known));
}

/// `GET /customObjects/:id/instances/search`: a bare array, by exactly one criterion.
pub(super) fn search(world: &World, object: Uuid, request: &Request) -> Result<Answer, Answer> {
    let given: Vec<(&str, &str)> =
        CRITERIA.iter().filter_map(|name| request.param(name).map(|value| (*name, value))).collect();
    let field = request.param("customFieldId");
    let value = request.param("customFieldValue");
    let pair = given.len() == 2 && field.is_some() && value.is_some();
    if given.len() != 1 && !pair {
        return Err(Answer::bad(&format!("Exactly one of these is expected: {}", CRITERIA.join(", "))));
    }
    let (name, wanted) = given[0];
    if matches!(name, "id" | "customerId" | "organizationId" | "customFieldId") && as_uuid(wanted).is_none() {
        return Err(Answer::not_a_uuid());
    }
    let path = field.and_then(|id| path_of_field(world, object, id));
    let fits = |record: &Record| match name {
        "id" => as_uuid(wanted) == Some(record.id),
        "externalId" => record.external.as_deref() == Some(wanted),
        "customerId" => record.links.accounts.iter().any(|id| Some(*id) == as_uuid(wanted)),
        "organizationId" => record.links.organizations.iter().any(|id| Some(*id) == as_uuid(wanted)),
        _ => has_trait(record, field.is_some(), path.as_deref(), value),
    };
    let instances = world.table(Kind::Instance).list(Some(object), Order::Updated, None);
    let direct = matches!(name, "id" | "externalId");
    let found = instances.filter(|record| (direct || !record.archived) && fits(record));
    let mut body = String::from("[");
    for (count, record) in found.enumerate() {
        if count > 0 {
            body.push(',');
        }
        render(world, Kind::Instance, record, &mut body);
    }
    body.push(']');
    Ok(Answer::ok(body))
}

/// `GET /customFields`: a bare array in the order of the labels.
pub(super) fn fields(world: &World, request: &Request) -> Result<Answer, Answer> {
    let model = request.param("model").filter(|model| !model.is_empty());
    if let Some(model) = model
        && !MODELS.contains(&model)
    {
        return Err(Answer::bad(&format!("model must be one of {}", MODELS.join(", "))));
    }
    let object = match (model, request.param("customObjectId")) {
        (Some("customObjects"), None) => return Err(Answer::bad("customObjectId is required")),
        (Some("customObjects") | None, Some(id)) => {
            Some(world.find(Kind::CustomObject, id, Lookup::Id, None).map_err(|miss| {
                if miss.status == 404 {
                    Answer::bad("customObjectId: there is no such custom object")
                } else {
                    miss
                }
            })?)
        }
        _ => None,
    };
    let own = world.fields.iter().filter(|field| model.is_none_or(|model| field.model == model));
    let mut found: Vec<Value> = own.map(|field| field.value.clone()).collect();
    if let Some(object) = object {
        found.extend(object.fields()["customFields"].as_array().cloned().unwrap_or_default());
    }
    found.sort_by_key(|field| field["label"].as_str().unwrap_or("").to_lowercase());
    Ok(Answer::value(&Value::Array(found)))
}

fn path_of_field(world: &World, object: Uuid, id: &str) -> Option<String> {
    let fields = world.get(Kind::CustomObject, object)?.fields();
    let field = fields["customFields"].as_array()?.iter().find(|field| field["id"] == id)?.clone();
    field["path"].as_str().map(String::from)
}

/// Whether a trait is set, or any trait if none is named, and equals the value if one is given.
fn has_trait(record: &Record, named: bool, path: Option<&str>, value: Option<&str>) -> bool {
    let fields = record.fields();
    let Some(traits) = fields["traits"].as_object() else { return false };
    traits.iter().any(|(key, set)| {
        let text = set.as_str().map_or_else(|| set.to_string(), String::from);
        (!named || path == Some(key.as_str())) && !set.is_null() && value.is_none_or(|value| value == text)
    })
}
