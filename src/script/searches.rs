//! The searches: one criterion each, and whatever envelope the API answers in becomes an array.

use super::lists::Query;
use super::raise::{self, Raised, mistake};
use super::record::Record;
use super::tenant::Tenant;
use super::thing::Key;
use super::value;
use super::words::{described, did_you_mean};
use crate::catalogue::{Action, Envelope, Object, Thing};
use crate::client::Kind;
use crate::gate::{Ask, Listing, Shape};
use crate::tape::{Node, Page};
use rhai::{Array, Dynamic, Map};
use serde_json::Value;
use std::rc::Rc;
use std::sync::Arc;

/// Criteria of instance searches that the API does not have: walked and filtered here.
const BOUNDS: &[&str] = &["createdAfter", "createdBefore", "limit"];

/// Runs a search.
pub fn call(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    path: &str,
    criteria: &Dynamic,
) -> Result<Dynamic, Raised> {
    let criteria = criteria_of(action, criteria)?;
    let bounded = object.name == "custom_object_instance";
    for (key, value) in &criteria {
        if let Some((message, help)) = key_problem(object, action, key) {
            return Err(mistake(message, help));
        }
        if value.is_unit() {
            return Err(mistake(
                format!("{} got an empty value, (), for \"{key}\"", action.name),
                "check the value before the call",
            ));
        }
    }
    let bounds = criteria.keys().any(|key| BOUNDS.contains(&key.as_str()));
    if bounded && bounds {
        return walked(tenant, object, action, path, &criteria);
    }
    let pair = bounded
        && criteria.len() == 2
        && criteria.contains_key("customFieldId")
        && criteria.contains_key("customFieldValue");
    if criteria.len() != 1 && !pair {
        return Err(mistake(
            format!("{} needs exactly one thing to search by, and got {}", action.name, criteria.len()),
            format!("give one of: {}", action.query.join(", ")),
        ));
    }
    let query = criteria.iter().map(|(key, value)| Ok((key.to_string(), text(action, key, value)?)));
    let query = query.collect::<Result<Vec<_>, Raised>>()?;
    let ask = Ask { object, path: path.to_string(), query, shape: Shape::Search };
    match tenant.gate().get(&ask) {
        Ok(reply) => Ok(records(object, reply.page).into()),
        Err(failure) if failure.kind == Kind::NotFound => Ok(Array::new().into()),
        Err(failure) => Err(raise::failure(&failure)),
    }
}

/// Why an action that reads or deletes does not take a key, and what to do; `None` if it does.
pub fn key_problem(object: &Object, action: &Action, key: &str) -> Option<(String, String)> {
    let bounds = if action.exactly_one && object.name == "custom_object_instance" { BOUNDS } else { &[] };
    let names: Vec<&str> = action.query.iter().chain(bounds).copied().collect();
    if names.contains(&key) {
        return None;
    }
    let verb = if action.exactly_one { "search by" } else { "take" };
    let near = did_you_mean(key, names.iter().copied());
    let help = if names.is_empty() {
        "it takes no map at all".to_string()
    } else {
        format!("it can {verb}: {}", names.join(", "))
    };
    Some((format!("{} cannot {verb} \"{key}\"{near}", action.name), help))
}

/// The records of a search answer: `results`, a bare array, or one bare object.
pub fn records(object: &'static Object, page: Option<Arc<Page>>) -> Array {
    let Some(page) = page else { return Array::new() };
    let root = page.root();
    let list = root.get("results").or_else(|| root.get("data")).unwrap_or(root);
    let nodes: Vec<u32> = match list.items() {
        Some(items) => items.map(Node::index).collect(),
        None if list.get("id").is_some() => vec![list.index()],
        None => Vec::new(),
    };
    let found = nodes.into_iter().map(|node| Dynamic::from(Record::new(page.clone(), node, Some(object))));
    found.collect()
}

/// Where a path of custom objects needs Vitally's id, finds it for `ext(…)` first.
pub fn vitally_key(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    path: &str,
    key: Key,
) -> Result<Key, Raised> {
    let Key::External(external) = &key else { return Ok(key) };
    if object.name != "custom_object_instance" || action.thing != Thing::Key {
        return Ok(key);
    }
    let search = path.replace("{id}", "search");
    let query = [("externalId".to_string(), external.clone())];
    let ask = Ask { object, path: search, query: query.into(), shape: Shape::Search };
    let reply = tenant.gate().get(&ask).map_err(|failure| raise::failure(&failure))?;
    let found = records(object, reply.page);
    let first = found.first().and_then(Dynamic::read_lock::<Record>);
    match first.as_ref().and_then(|first| first.id()) {
        Some(id) => Ok(Key::Id(id.to_string())),
        None => Err(raise::raise(
            Kind::NotFound.word(),
            format!("there is no record with the externalId \"{external}\" in this custom object"),
            Some("check the externalId, or create the record".into()),
        )),
    }
}

fn criteria_of(action: &Action, criteria: &Dynamic) -> Result<Map, Raised> {
    if let Some(map) = criteria.read_lock::<Map>() {
        return Ok(map.clone());
    }
    match (criteria.is_string(), action.query) {
        (true, [only]) => Ok(Map::from([((*only).into(), criteria.clone())])),
        _ => Err(mistake(
            format!(
                "{} needs a map that says what to search by, and got {}",
                action.name,
                described(criteria)
            ),
            format!("such as {}(#{{ {}: \"…\" }})", action.name, action.query[0]),
        )),
    }
}

fn text(action: &Action, key: &str, value: &Dynamic) -> Result<String, Raised> {
    if let Some(record) = value.read_lock::<Record>()
        && let Some(id) = record.id()
    {
        return Ok(id.to_string());
    }
    match value::to_json(value)? {
        Value::String(text) if !text.is_empty() => Ok(text),
        Value::Number(number) if key == "customFieldValue" => Ok(number.to_string()),
        Value::Bool(flag) if key == "customFieldValue" => Ok(flag.to_string()),
        _ => Err(mistake(
            format!("{} needs text for \"{key}\", and got {}", action.name, described(value)),
            "put the value in double quotes",
        )),
    }
}

/// Newest first, so the walk stops at the first record below the lower bound.
fn walked(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    path: &str,
    criteria: &Map,
) -> Result<Dynamic, Raised> {
    if let Some(other) = criteria.keys().find(|key| !BOUNDS.contains(&key.as_str())) {
        return Err(mistake(
            format!("{} cannot search by \"{other}\" and by date or limit at once", action.name),
            "search by one of them, and filter the result with .where(…)",
        ));
    }
    let bound = |key: &str| criteria.get(key).map(|value| instant(action, key, value)).transpose();
    let (after, before) = (bound("createdAfter")?, bound("createdBefore")?);
    let limit = match criteria.get("limit") {
        Some(value) => {
            value.as_int().ok().and_then(|limit| usize::try_from(limit).ok()).ok_or_else(|| {
                mistake(
                    format!(
                        "{} needs a whole number for \"limit\", and got {}",
                        action.name,
                        described(value)
                    ),
                    "such as limit: 50",
                )
            })?
        }
        None => usize::MAX,
    };
    let parameters = vec![("sortBy".into(), "createdAt".into()), ("archived".into(), "false".into())];
    let path = path.trim_end_matches("/search").to_string();
    let listing = Listing { object, within: None, path, query: parameters, envelope: Envelope::Results };
    let query = Query { tenant: tenant.clone(), name: action.name, listing };
    let mut found = Array::new();
    for item in Rc::new(query).records() {
        let record = item?;
        let created = record.text("createdAt").and_then(|text| text.parse::<jiff::Timestamp>().ok());
        if found.len() >= limit || created.zip(after).is_some_and(|(created, after)| created <= after) {
            break;
        }
        if created.zip(before).is_none_or(|(created, before)| created < before) {
            found.push(Dynamic::from(record));
        }
    }
    Ok(found.into())
}

fn instant(action: &Action, key: &str, value: &Dynamic) -> Result<jiff::Timestamp, Raised> {
    let json = value::to_json(value)?;
    let text = json.as_str().unwrap_or_default();
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok();
    text.parse::<jiff::Timestamp>().ok().or_else(|| day().map(|day| day.timestamp())).ok_or_else(|| {
        mistake(
            format!("{} needs a date for \"{key}\", and got {}", action.name, described(value)),
            "such as \"2026-11-01\" or \"2026-11-01T09:00:00Z\"",
        )
    })
}
