//! How to read the record that a change is about.

use super::ask::{Ask, Shape};
use super::change::Change;
use crate::catalogue::{Effect, Method, Object};
use crate::client::{Failure, Kind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The read that gives the record of a change: the object's own, or a search where there is none.
pub fn ask_for(object: &'static Object, change: &Change) -> Ask {
    let key = change.key().unwrap_or_default().to_string();
    let segment = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let get = object.actions.iter().find(|action| {
        action.effect == Effect::Read && action.path.ends_with("/{id}") && action.name.starts_with("get_")
    });
    if let Some(get) = get {
        let query = change.query.iter().filter(|(name, _)| get.query.contains(&name.as_str())).cloned();
        let path = get.path.replace("{id}", &segment(&key));
        return Ask { object, path, query: query.collect(), shape: Shape::One(key) };
    }
    let search = object.actions.iter().find(|action| action.exactly_one);
    let path = search.map_or("", |search| search.path);
    let path = path.replace("{parent}", &segment(change.parent.as_deref().unwrap_or_default()));
    let criterion = if change.id.is_some() { "id" } else { "externalId" };
    Ask { object, path, query: vec![(criterion.into(), key)], shape: Shape::Search }
}

/// The record in the answer to such a read.
pub fn record_in(ask: &Ask, body: &[u8]) -> Option<Value> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    if ask.shape != Shape::Search {
        return answer.is_object().then_some(answer);
    }
    let found = answer.get("results").unwrap_or(&answer).as_array()?.first().cloned();
    found.filter(Value::is_object)
}

/// The failure of a read that found nothing.
pub fn missing(ask: &Ask) -> Failure {
    Failure {
        kind: Kind::NotFound,
        message: format!("Vitally has nothing at {} (404)", ask.path),
        help: Some("check the id and the profile: the record may have been deleted".into()),
        status: Some(404),
        method: Method::Get,
        path: ask.path.clone(),
        maybe_applied: false,
    }
}
