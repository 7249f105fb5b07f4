//! What scripts under test have done to records, as the journal has it.

use super::fake::Faker;
use crate::catalogue::{Effect, Object};
use crate::command::runs::all_changes;
use crate::error::Message;
use crate::gate::{Change, Fields, Status};
use crate::store::{Store, StoreError};
use serde_json::Value;
use std::collections::HashSet;

/// The most runs of one test that are looked through.
const MOST: usize = 100_000;

/// The records that all runs but those of the test itself have created, updated or deleted, in order.
pub fn changes(
    store: &dyn Store,
    faker: &Faker,
    test: &str,
    effect: Effect,
) -> Result<Vec<(&'static Object, Value)>, Message> {
    let told = |error: StoreError| {
        let (message, help) = error.words();
        Message::new(message, help)
    };
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for run in store.runs(MOST).map_err(told)?.into_iter().rev() {
        if run.about.script == test {
            continue;
        }
        for kept in all_changes(store, &run.id).map_err(told)? {
            let Some((object, action)) = kept.change.row_of_catalogue() else { continue };
            if kept.status != Status::Applied || action.effect != effect {
                continue;
            }
            let Some(id) = kept.change.id.clone() else { continue };
            if effect == Effect::Update && !seen.insert((object.name, id.clone())) {
                continue;
            }
            found.push((object, record(faker, object, &kept.change, &id, effect)));
        }
    }
    Ok(found)
}

/// A record as it is now; one that is gone as far as its change tells.
fn record(faker: &Faker, object: &'static Object, change: &Change, id: &str, effect: Effect) -> Value {
    let now = if effect == Effect::Delete { None } else { faker.read(object, change.parent.as_deref(), id) };
    now.unwrap_or_else(|| {
        let mut fields: Fields = change.before.clone().unwrap_or_default();
        fields.extend(change.after.clone().unwrap_or_default());
        fields.insert("id".into(), id.into());
        Value::Object(fields)
    })
}
