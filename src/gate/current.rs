//! The record a change is about, as Vitally has it now.

use super::ask::{Ask, Shape};
use super::change::{Change, Fields};
use super::door::Door;
use crate::catalogue::{Action, Answer, Effect, Method, Object};
use crate::client::{Failure, Kind};
use serde_json::Value;

/// Reads the record that a change is about: of a create, the one with its externalId. `None` if there is none.
pub(super) fn current(
    door: &Door,
    object: &'static Object,
    change: &Change,
) -> Result<Option<Fields>, Failure> {
    let ask = question(object, change);
    match door.get(&ask.path, &ask.query) {
        Ok(answer) => found(&ask, answer.body(), change),
        Err(failure) if failure.kind == Kind::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The record of a change in the answer to [`question`]; `None` if it is not there.
pub(super) fn found(ask: &Ask, body: &[u8], change: &Change) -> Result<Option<Fields>, Failure> {
    let body = serde_json::from_slice(body).map_err(|_| {
        let help = "run it again; if it stays like this, show Vitally's support what -vv prints";
        failure(Kind::Server, "Vitally's answer is not a record", help, ask)
    })?;
    Ok(the_one(body, change))
}

/// The failure of a read that found nothing.
pub(super) fn missing(ask: &Ask) -> Failure {
    let message = format!("Vitally has nothing at {} (404)", ask.path);
    let help = "check the id and the profile: the record may have been deleted";
    Failure { status: Some(404), ..failure(Kind::NotFound, message, help, ask) }
}

fn failure(kind: Kind, message: impl Into<String>, help: &str, ask: &Ask) -> Failure {
    Failure {
        kind,
        message: message.into(),
        help: Some(help.into()),
        status: None,
        method: Method::Get,
        path: ask.path.clone(),
        maybe_applied: false,
    }
}

/// Whether the record can be found: a create without an externalId names none.
pub(super) fn can_be_found(change: &Change) -> bool {
    change.key().is_some() || given_key(change).is_some()
}

/// The read that answers with the record of a change: the object's own, or a search where there is none.
pub(super) fn question(object: &'static Object, change: &Change) -> Ask {
    let mut asked = change.clone();
    if asked.key().is_none() {
        asked.external_id = given_key(change).map(ToString::to_string);
    }
    let key = asked.key().unwrap_or_default().to_string();
    if let Some(get) = reader(object) {
        let known = |name: &str| get.query.contains(&name);
        let query = asked.query.iter().filter(|(name, _)| known(name)).cloned().collect();
        return Ask { object, path: asked.path(get), query, shape: Shape::One(key) };
    }
    // No path reads one custom object instance: it is searched for.
    let path = searcher(object).map_or_else(String::new, |search| asked.path(search));
    let name = if asked.id.is_some() { "id" } else { "externalId" };
    Ask { object, path, query: vec![(name.into(), key)], shape: Shape::Search }
}

/// The read of one record that others belong to: an account, an organization, a user or a conversation.
pub(super) fn about(object: &'static Object, key: &str) -> Ask {
    let path = reader(object).map_or("", |get| get.path);
    let segment = super::change::segment(key);
    Ask { object, path: path.replace("{id}", &segment), query: Vec::new(), shape: Shape::One(key.into()) }
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
