//! What is special about changes that a hook or a job makes: they can be told again from other changes when they come back,
//! and a create that is sent a second time makes nothing a second time.

use super::change::{Change, Status};
use crate::catalogue::{Action, Effect, Object};
use crate::hash;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// A record that was changed, as Vitally answered it.
#[derive(Clone, Debug)]
pub struct Wrote {
    /// The object's name.
    pub object: &'static str,
    /// Whether it was created, updated or deleted.
    pub effect: Effect,
    /// What was written; of a record that was archived, that it was.
    pub fields: Map<String, Value>,
    /// The record as it is now; a deleted one as it was.
    pub record: Value,
}

/// Told of every record that was changed, from any thread.
pub type Tell = Arc<dyn Fn(Wrote) + Send + Sync>;

/// The event or the time that a gate's changes are made for.
#[derive(Clone)]
pub struct Delivery {
    /// What tells it from all others: the hook and the event's key, or the job and the time.
    pub salt: String,
    /// Told of what was changed.
    pub tell: Tell,
}

impl Delivery {
    /// What these words tell from all others; nobody is told of what was changed.
    pub fn new(words: &[&str]) -> Delivery {
        Delivery { salt: words.join("\n"), tell: Arc::new(|_| {}) }
    }
}

/// How many creates of each kind were asked for.
#[derive(Debug, Default)]
pub(super) struct Calls(HashMap<&'static str, u64>);

impl Calls {
    /// Gives a create without an externalId one that is the same whenever this event is handled, or this time is run for.
    pub fn keyed(
        &mut self,
        delivery: &Delivery,
        object: &Object,
        action: &'static Action,
        mut change: Change,
    ) -> Change {
        let field = object.field("externalId");
        let takes_one = action.effect == Effect::Create && field.is_some_and(|field| field.access.create);
        let Some(after) = change.after.as_mut().filter(|_| takes_one) else { return change };
        let count = self.0.entry(action.name).or_default();
        *count += 1;
        if after.get("externalId").is_none_or(Value::is_null) {
            let hash = hash::of_texts([delivery.salt.as_str(), action.name, &count.to_string()]);
            let id = format!("vs-{}", hash.chars().take(26).collect::<String>());
            after.insert("externalId".into(), id.as_str().into());
            change.external_id = Some(id);
        }
        change
    }
}

/// What a change that was made wrote, with Vitally's answer.
pub(super) fn wrote(change: &Change, status: Status, body: Option<&[u8]>) -> Option<Wrote> {
    let (object, action) = change.row_of_catalogue()?;
    if status != Status::Applied {
        return None;
    }
    if action.effect == Effect::Delete {
        // Vitally answers nothing; what it archived was there a moment before.
        let fields = Map::from_iter([("archivedAt".to_string(), Value::Bool(true))]);
        let record = Value::Object(change.before.clone()?);
        return Some(Wrote { object: object.name, effect: action.effect, fields, record });
    }
    let record = serde_json::from_slice(body?).ok()?;
    let fields = change.after.clone().unwrap_or_default();
    Some(Wrote { object: object.name, effect: action.effect, fields, record })
}
