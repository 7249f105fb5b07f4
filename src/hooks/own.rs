//! What this program wrote itself: its own changes do not fire its own hooks, and two hooks that change the same
//! thing back and forth are found out.

use super::content;
use super::detect::{own_doing, time};
use crate::catalogue::{self, Effect};
use crate::gate::delivery::Wrote;
use crate::store::hooks::{Delivery, OwnWrite};
use crate::tape::Page;
use jiff::SignedDuration;
use serde_json::{Map, Value};

/// How long before a change is seen it may have been made.
const BEFORE: SignedDuration = SignedDuration::from_mins(10);
/// So many changes back and forth are a fight.
const BLOWS: usize = 4;

/// What a write does to records, each with its object: the record itself, and those that notice.
pub fn writes(wrote: &Wrote, script: &str, hook: &str) -> Vec<(String, OwnWrite)> {
    let Some(updated) = time(&wrote.record["updatedAt"]).or_else(|| time(&wrote.record["createdAt"])) else {
        return Vec::new();
    };
    // What was archived changed right after what is known of it.
    let gone = wrote.effect == Effect::Delete;
    let at = if gone { updated + SignedDuration::from_millis(1) } else { updated };
    let made = wrote.effect == Effect::Create;
    let entry = |record: &str, made: bool, fields: Map<String, Value>| OwnWrite {
        record: record.to_string(),
        at,
        script: script.to_string(),
        hook: hook.to_string(),
        made,
        fields,
    };
    let id = wrote.record["id"].as_str();
    let own = id.map(|id| (wrote.object.to_string(), entry(id, made, wrote.fields.clone())));
    let noticing = if made { parents(&wrote.record) } else { Vec::new() };
    let noticed =
        noticing.into_iter().map(|(object, id)| (object.to_string(), entry(&id, false, Map::new())));
    own.into_iter().chain(noticed).collect()
}

/// The accounts and organizations that a new record belongs to: Vitally touches them.
fn parents(record: &Value) -> Vec<(&'static str, String)> {
    let one = |key: &str, object| record[key].as_str().map(|id| (object, id.to_string()));
    let many = |key: &str, object| {
        let items = record[key].as_array().into_iter().flatten();
        items.filter_map(move |item| Some((object, item["id"].as_str()?.to_string()))).collect::<Vec<_>>()
    };
    [one("accountId", "account"), one("customerId", "account"), one("organizationId", "organization")]
        .into_iter()
        .flatten()
        .chain(many("accounts", "account"))
        .chain(many("organizations", "organization"))
        .collect()
}

/// Whether an event comes from what its own script did, although that was not known when it was noticed.
pub fn is_own(delivery: &Delivery, writes: &[OwnWrite]) -> bool {
    let event = &delivery.event;
    let whole = Page::parse(event.payload.to_string().into_bytes());
    let (Some(object), Ok(whole)) = (catalogue::object(&event.object), whole) else { return false };
    let Some(trigger) = object.triggers.iter().find(|trigger| trigger.name == event.trigger) else {
        return false;
    };
    let Some(updated) = time(&event.payload["updatedAt"]) else { return false };
    let near = |write: &&OwnWrite| {
        write.record == event.record && write.at <= updated && updated.duration_since(write.at) <= BEFORE
    };
    let writes: Vec<&OwnWrite> = writes.iter().filter(near).collect();
    let changed: Vec<&str> = event.changed.iter().map(String::as_str).collect();
    own_doing(trigger, &changed, &content::of(object, whole.root()), &writes)
        .is_some_and(|write| write.script == delivery.hook.script)
}

/// A field that two hooks change back and forth, and the two.
pub fn fight(writes: &[OwnWrite]) -> Option<(String, [String; 2])> {
    let last = writes.last()?;
    single(&last.fields).find_map(|(field, _)| {
        let written = |write: &OwnWrite| {
            single(&write.fields).find(|(name, _)| *name == field).map(|(_, value)| value.clone())
        };
        let blows: Vec<(&str, Value)> = writes
            .iter()
            .filter_map(|write| Some((write.hook.as_str(), written(write)?)))
            .rev()
            .take(BLOWS)
            .collect();
        let back_and_forth = blows.len() == BLOWS
            && blows.windows(2).all(|two| two[0].0 != two[1].0 && two[0].1 != two[1].1)
            && blows.windows(3).all(|three| three[0] == three[2]);
        back_and_forth.then(|| (field.clone(), [blows[1].0.to_string(), blows[0].0.to_string()]))
    })
}

/// The fields that were written, each trait as a field of its own: other traits stay as they are.
fn single(fields: &Map<String, Value>) -> impl Iterator<Item = (String, &Value)> {
    fields.iter().flat_map(|(name, value)| match value {
        Value::Object(inner) if name == "traits" => {
            inner.iter().map(|(key, value)| (format!("traits.{key}"), value)).collect()
        }
        _ => vec![(name.clone(), value)],
    })
}
