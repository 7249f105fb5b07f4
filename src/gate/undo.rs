//! What would take a run back: the inverse of every change it made, the newest first.

use super::change::{Change, Fields, Status};
use super::drift::{covers, is_comparable};
use super::kept::KeptChanges;
use super::send::{EXISTED, replace};
use crate::catalogue::{Action, Effect, Kind, Object, Undo};
use crate::store::{Kept, Store, StoreError};
use serde_json::Value;
use std::collections::HashMap;

/// What takes a run back.
#[derive(Debug, Default)]
pub struct Undoing {
    /// The changes to apply, numbered from 1.
    pub changes: Vec<Change>,
    /// What cannot be taken back, or only in part.
    pub left: Vec<Left>,
}

/// One change that cannot be taken back, or only in part.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// The change as it was made.
    pub change: Change,
    /// Why, in one sentence.
    pub reason: String,
}

impl Undoing {
    /// How many records would be deleted; they are asked for separately.
    pub fn deletes(&self) -> u64 {
        self.changes.iter().filter(|change| change.effect() == Some(Effect::Delete)).count() as u64
    }
}

/// The inverse of every applied change of a run. With `recreate`, a deleted record is made again from what was saved
/// of it, with a new id.
pub fn undo_changes(store: &dyn Store, run: &str, recreate: bool) -> Result<Undoing, StoreError> {
    let mut made: Vec<Kept> = Vec::new();
    let mut real_ids = HashMap::new();
    for kept in KeptChanges::new(store, run) {
        let kept = kept?;
        if kept.status == Status::Applied {
            if let (Some(provisional), Some(id)) = (&kept.change.provisional, &kept.change.id) {
                real_ids.insert(provisional.clone(), id.clone());
            }
            made.push(kept);
        }
    }
    let mut undoing = Undoing::default();
    let mut reborn: HashMap<String, String> = HashMap::new();
    while let Some(mut kept) = made.pop() {
        replace(&mut kept.change, &|text| real_ids.get(text).cloned());
        let seq = undoing.changes.len() as u64 + 1;
        match inverse(&kept, recreate) {
            Ok(Inverse { mut change, short }) => {
                change.seq = seq;
                // What belonged to a record that is made again belongs to the new one.
                replace(&mut change, &|text| reborn.get(text).cloned());
                if let (Effect::Create, Some(old)) =
                    (change.effect().unwrap_or(Effect::Read), &kept.change.id)
                {
                    let provisional = format!("new-{seq}");
                    reborn.insert(old.clone(), provisional.clone());
                    change.provisional = Some(provisional);
                }
                undoing.changes.push(change);
                undoing.left.extend(short.map(|reason| Left { change: kept.change, reason }));
            }
            Err(reason) => undoing.left.push(Left { change: kept.change, reason }),
        }
    }
    Ok(undoing)
}

struct Inverse {
    change: Change,
    /// What it does not take back.
    short: Option<String>,
}

fn inverse(kept: &Kept, recreate: bool) -> Result<Inverse, String> {
    let change = &kept.change;
    let (object, action) = change
        .row_of_catalogue()
        .ok_or_else(|| format!("this version of vitally-script does not know {}", change.action))?;
    match action.effect {
        Effect::Update => put_back(object, change),
        Effect::Create if kept.reason.as_deref() == Some(EXISTED) => {
            Err(format!("{EXISTED}; what it held before is not known"))
        }
        Effect::Create => remove(object, action, change),
        Effect::Delete if recreate => make_again(object, change),
        Effect::Delete if object.field("archivedAt").is_some() => {
            Err("it is archived: bring it back in Vitally, or add --recreate to make a new one".into())
        }
        Effect::Delete => {
            Err("a deleted record does not come back; --recreate makes a new one from what was saved".into())
        }
        Effect::Read => Err("it changed nothing".into()),
    }
}

/// The old values, if the record still holds what was written.
fn put_back(object: &Object, change: &Change) -> Result<Inverse, String> {
    let nothing_known = || "what it held before was not written down".to_string();
    let (Some(old), Some(new)) = (&change.before, &change.after) else { return Err(nothing_known()) };
    if !covers(object, old, new) {
        return Err(nothing_known());
    }
    let goes_back = |name: &str, value: &Value| {
        // Only null may be sent as the owner of an account.
        let owner = object.name == "account" && name == "accountOwnerId";
        is_comparable(object, name) && if value.is_null() { takes_null(object, name) } else { !owner }
    };
    let after: Fields = old.iter().filter(|(name, value)| goes_back(name, value)).map(pair).collect();
    let before: Fields = new.iter().filter(|(name, _)| after.contains_key(*name)).map(pair).collect();
    let stays: Vec<&str> = new.keys().filter(|name| !after.contains_key(*name)).map(String::as_str).collect();
    let short = (!stays.is_empty()).then(|| format!("cannot be put back over the API: {}", stays.join(", ")));
    if after.is_empty() {
        return Err(short.unwrap_or_else(|| "it changed no field".into()));
    }
    let change = Change { before: Some(before), after: Some(after), provisional: None, ..change.clone() };
    Ok(Inverse { change, short })
}

fn pair((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn takes_null(object: &Object, name: &str) -> bool {
    object.field(name).is_none_or(|field| field.access.null)
}

/// Deletes what was made.
fn remove(object: &Object, action: &Action, change: &Change) -> Result<Inverse, String> {
    let delete = object
        .actions
        .iter()
        .find(|action| action.effect == Effect::Delete)
        .filter(|_| action.undo == Undo::Remove)
        .ok_or("Vitally cannot delete such a record over the API")?;
    let id = change.id.clone().ok_or("Vitally did not say the id of the record that it made")?;
    if matches!(object.name, "message" | "conversation") {
        return Err(format!(
            "a {} is a record of what was said, and stays; {}(\"{id}\") deletes it",
            object.name, delete.name
        ));
    }
    let change = Change {
        action: delete.name.into(),
        id: Some(id),
        provisional: None,
        query: Vec::new(),
        before: None,
        after: None,
        ..change.clone()
    };
    Ok(Inverse { change, short: None })
}

/// Makes a new record from what was saved of a deleted one.
fn make_again(object: &Object, change: &Change) -> Result<Inverse, String> {
    let saved = change.before.as_ref().ok_or("what it held was not written down")?;
    let create = object
        .actions
        .iter()
        .find(|action| action.effect == Effect::Create)
        .ok_or("Vitally cannot make such a record over the API")?;
    let mut after: Fields = saved
        .iter()
        .filter(|(name, value)| {
            !value.is_null()
                && object.field(name).is_some_and(|field| field.access.create && is_plain(field.kind))
        })
        .map(pair)
        .collect();
    // The links of a user are read as records, and sent as ids.
    for (ids, records) in [("accountIds", "accounts"), ("organizationIds", "organizations")] {
        let linked = saved.get(records).and_then(Value::as_array);
        if let Some(linked) = linked.filter(|_| object.field(ids).is_some_and(|field| field.access.create)) {
            let linked: Vec<Value> = linked.iter().filter_map(|record| record.get("id").cloned()).collect();
            if !linked.is_empty() {
                after.insert(ids.into(), linked.into());
            }
        }
    }
    let given = |name: &str| after.contains_key(name);
    let missing = create.required.iter().copied().find(|name| !given(name));
    let missing = missing.or_else(|| {
        let group = create.one_of.iter().find(|group| !group.iter().any(|name| given(name)))?;
        group.first().copied()
    });
    if let Some(name) = missing {
        return Err(format!("a new one cannot be made: Vitally does not tell the {name} of the old one"));
    }
    let external_id = saved.get("externalId").and_then(Value::as_str).map(ToString::to_string);
    let change = Change {
        action: create.name.into(),
        id: None,
        external_id,
        provisional: None,
        query: Vec::new(),
        before: None,
        after: Some(after),
        ..change.clone()
    };
    let short =
        Some("a new record is made: it gets a new id, and its history and what hung on it are lost".into());
    Ok(Inverse { change, short })
}

/// Kinds whose values can be sent as they were read.
fn is_plain(kind: Kind) -> bool {
    !matches!(kind, Kind::One(_) | Kind::Many(_) | Kind::Messages)
}
