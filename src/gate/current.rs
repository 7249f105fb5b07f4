//! The record a change is about, as Vitally has it now.

use super::change::{Change, Fields};
use super::door::Door;
use crate::catalogue::{Action, Answer, Effect, Method, Object};
use crate::client::{Failure, Kind};
use serde_json::Value;

/// Reads the record that a change is about: of a create, the one with its externalId. `None` if there is none.
pub(super) fn current(door: &Door, object: &Object, change: &Change) -> Result<Option<Fields>, Failure> {
    let (path, query) = question(object, change);
    let answer = match door.get(&path, &query) {
        Ok(answer) => answer,
        Err(failure) if failure.kind == Kind::NotFound => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let body = serde_json::from_slice(&answer.body).map_err(|_| Failure {
        kind: Kind::Server,
        message: "Vitally's answer is not a record.".into(),
        help: Some("Run it again; if it stays like this, show Vitally's support what -vv prints.".into()),
        status: Some(answer.status),
        method: Method::Get,
        path,
        maybe_applied: false,
    })?;
    Ok(the_one(body, change))
}

/// Whether the record can be found: a create without an externalId names none.
pub(super) fn can_be_found(change: &Change) -> bool {
    change.key().is_some() || given_key(change).is_some()
}

fn question(object: &Object, change: &Change) -> (String, Vec<(String, String)>) {
    let mut asked = change.clone();
    if asked.key().is_none() {
        asked.external_id = given_key(change).map(ToString::to_string);
    }
    if let Some(get) = reader(object) {
        let known = |name: &str| get.query.contains(&name);
        let query = asked.query.iter().filter(|(name, _)| known(name)).cloned().collect();
        return (asked.path(get), query);
    }
    // No path reads one custom object instance: it is searched for.
    let path = searcher(object).map_or_else(String::new, |search| asked.path(search));
    let name = if asked.id.is_some() { "id" } else { "externalId" };
    (path, vec![(name.into(), asked.key().unwrap_or_default().into())])
}

/// The externalId that a create gives its record.
fn given_key(change: &Change) -> Option<&str> {
    let key = change.after.as_ref()?.get("externalId")?.as_str()?;
    (change.effect() == Some(Effect::Create) && !key.is_empty()).then_some(key)
}

fn reader(object: &Object) -> Option<&'static Action> {
    object.actions.iter().find(|action| {
        action.answer == Answer::Record && action.name.strip_prefix("get_") == Some(object.name)
    })
}

fn searcher(object: &Object) -> Option<&'static Action> {
    object.actions.iter().find(|action| action.answer == Answer::Records && action.exactly_one)
}

/// One record, alone or among the results of a search.
fn the_one(body: Value, change: &Change) -> Option<Fields> {
    let is_it = |record: &Fields| {
        let has =
            |name: &str, key: Option<&str>| key.is_some() && record.get(name).and_then(Value::as_str) == key;
        has("id", change.id.as_deref())
            || has("externalId", change.external_id.as_deref().or_else(|| given_key(change)))
    };
    let records = match body {
        Value::Object(mut fields) => match fields.remove("results") {
            Some(Value::Array(results)) => results,
            _ => return Some(fields),
        },
        Value::Array(records) => records,
        _ => return None,
    };
    let mut records = records.into_iter().filter_map(|record| match record {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    records.find(is_it)
}
