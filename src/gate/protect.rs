//! Records that may not be written, whatever a script says: those of a segment, or those a rule of the profile names.
//! What belongs to a protected record is protected too: a task of its account, an account of its organization.

use super::change::Change;
use crate::catalogue::{self, Kind, Object};
use crate::client::Failure;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a rule says about one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may not be written.
    Protected,
    /// It may.
    Free,
    /// The rule asks for a field that such records do not have; it may still speak about those it belongs to.
    Silent(String),
    /// The rule failed, so nothing can be said.
    Broken(String),
}

/// Something that tells which records are protected. It is asked from several threads.
pub trait Judge: Send + Sync {
    /// What messages call it.
    fn name(&self) -> String;
    /// What it says about a record.
    fn judge(&self, object: &'static Object, record: &Value) -> Verdict;
}

/// The records of a segment, by its name or id.
pub struct Segment(pub String);

impl Judge for Segment {
    fn name(&self) -> String {
        format!("the segment \"{}\"", self.0)
    }

    fn judge(&self, _: &'static Object, record: &Value) -> Verdict {
        let is_it = |text: &Value| text.as_str().is_some_and(|text| text.eq_ignore_ascii_case(&self.0));
        let segments = record["segments"].as_array();
        let found =
            segments.is_some_and(|all| all.iter().any(|one| is_it(&one["name"]) || is_it(&one["id"])));
        if found { Verdict::Protected } else { Verdict::Free }
    }
}

/// Reads the record of an object with this id or externalId; `None` if there is none.
pub type ReadRecord<'a> = dyn Fn(&'static Object, &str) -> Result<Option<Value>, Failure> + 'a;

/// The rules of a profile.
pub struct Protect {
    judges: Vec<Box<dyn Judge>>,
    /// Owners that were judged before in this run.
    owners: Mutex<HashMap<(&'static str, String), Arc<Judged>>>,
}

/// One record with what the rules say about it.
struct Judged {
    title: String,
    verdicts: Vec<Verdict>,
    owners: Vec<Owner>,
}

/// A record that another one belongs to: its object and its id.
type Owner = (&'static Object, String);

impl Protect {
    /// These rules; `None` if there are none.
    pub fn new(judges: Vec<Box<dyn Judge>>) -> Option<Arc<Protect>> {
        (!judges.is_empty()).then(|| Arc::new(Protect { judges, owners: Mutex::default() }))
    }

    /// Why a change may not be sent, in one sentence; `None` if it may. `record` is what it changes, if that exists.
    pub fn forbids(
        &self,
        object: &'static Object,
        change: &Change,
        record: Option<&Value>,
        read: &ReadRecord<'_>,
    ) -> Result<Option<String>, Failure> {
        let own = record.map(|record| self.judged(object, record));
        let mut next = own.as_ref().map(|own| own.owners.clone()).unwrap_or_default();
        next.extend(owners_in(object, change.after.iter().flatten()));
        next.extend(parent(object, change));
        let mut all: Vec<Arc<Judged>> = own.into_iter().map(Arc::new).collect();
        let mut seen: Vec<Owner> = Vec::new();
        while let Some((object, id)) = next.pop() {
            if seen.iter().any(|(other, known)| other.name == object.name && *known == id) {
                continue;
            }
            if let Some(owner) = self.owner(object, &id, read)? {
                next.extend(owner.owners.iter().cloned());
                all.push(owner);
            }
            seen.push((object, id));
        }
        Ok((0..self.judges.len()).find_map(|rule| self.reason(rule, record.is_some(), &all)))
    }

    fn reason(&self, rule: usize, exists: bool, all: &[Arc<Judged>]) -> Option<String> {
        let name = self.judges[rule].name();
        for (place, judged) in all.iter().enumerate() {
            let title = if exists && place == 0 {
                judged.title.clone()
            } else {
                format!("it belongs to {}, which", judged.title)
            };
            match &judged.verdicts[rule] {
                Verdict::Protected => return Some(format!("{title} is protected by {name}")),
                Verdict::Broken(why) => {
                    return Some(format!(
                        "{name} could not say whether {} is protected: {why}",
                        judged.title
                    ));
                }
                Verdict::Free | Verdict::Silent(_) => {}
            }
        }
        // A rule that has nothing to say about any of them may be misspelt.
        let silent = |judged: &Arc<Judged>| match &judged.verdicts[rule] {
            Verdict::Silent(why) => Some(why.clone()),
            _ => None,
        };
        let whys: Option<Vec<String>> = all.iter().map(silent).collect();
        let why = whys?.into_iter().next()?;
        Some(format!("{name} could not say whether {} is protected: {why}", all[0].title))
    }

    fn owner(
        &self,
        object: &'static Object,
        id: &str,
        read: &ReadRecord<'_>,
    ) -> Result<Option<Arc<Judged>>, Failure> {
        let key = (object.name, id.to_string());
        let known = self.owners.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(record) = read(object, id)? else { return Ok(None) };
        let judged = Arc::new(self.judged(object, &record));
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&judged));
        Ok(Some(judged))
    }

    fn judged(&self, object: &'static Object, record: &Value) -> Judged {
        let called = ["name", "subject", "email", "title", "externalId", "id"];
        let called = called.iter().find_map(|key| record[*key].as_str()).unwrap_or_default();
        Judged {
            title: format!("{} {called}", object.name.replace('_', " ")).trim_end().to_string(),
            verdicts: self.judges.iter().map(|judge| judge.judge(object, record)).collect(),
            owners: record.as_object().map(|fields| owners_in(object, fields)).unwrap_or_default(),
        }
    }
}

/// Fields that hold nothing but the ids of owners.
const IDS: &[(&str, &str)] = &[
    ("accountId", "account"),
    ("accountIds", "account"),
    ("customerId", "account"),
    ("customerIds", "account"),
    ("organizationId", "organization"),
    ("organizationIds", "organization"),
    ("userId", "user"),
];

/// The accounts, organizations and users that the fields of a record, or of a change, say it belongs to.
fn owners_in<'a>(object: &Object, fields: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Vec<Owner> {
    let mut found: Vec<Owner> = Vec::new();
    for (name, value) in fields {
        let embedded = match object.field(name).map(|field| field.kind) {
            Some(Kind::One(kind) | Kind::Many(kind)) => Some(kind),
            _ => None,
        };
        let by_id = IDS.iter().find(|(field, _)| field == name).map(|(_, kind)| *kind);
        let kind = embedded.or(by_id).filter(|kind| matches!(*kind, "account" | "organization" | "user"));
        let Some(owner) = kind.and_then(catalogue::object) else { continue };
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let ids = items.iter().filter_map(|item| item.as_str().or_else(|| item["id"].as_str()));
        found.extend(ids.map(|id| (owner, id.to_string())));
    }
    found
}

/// The conversation of a message; other parents belong to nobody.
fn parent(object: &Object, change: &Change) -> Option<Owner> {
    let id = change.parent.clone().filter(|_| object.name == "message")?;
    Some((catalogue::object("conversation")?, id))
}
