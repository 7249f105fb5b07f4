//! Looks for the record of a create whose answer was lost, and which has no externalId: among the records that were
//! made since, one that holds what was sent is the one.

use super::change::{Change, Fields};
use super::door::Door;
use super::drift::differences;
use crate::catalogue::{Envelope, List, Object};
use crate::client::Failure;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::HashSet;

/// How long before we wrote a create down its record may be said to be made, beside what the clocks differ now.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// What became of it.
pub(super) enum Lost {
    /// It was made: its id.
    Found(String),
    /// It was not made.
    NotThere,
    /// A record is like it, and not the same: nobody can tell.
    Similar,
    /// There is no list to look through.
    CannotLook,
}

/// Looks for the record of a create that was written down at this moment. Records that are `claimed` belong to other
/// changes.
pub(super) fn look(
    door: &Door,
    object: &'static Object,
    change: &Change,
    at: Timestamp,
    claimed: &HashSet<String>,
) -> Result<Lost, Failure> {
    let list = object.lists.iter().find(|list| list.parent.is_none() || change.parent.is_some());
    let (Some(list), Some(after)) = (list, &change.after) else { return Ok(Lost::CannotLook) };
    let path = change.path_of(list.path);
    let since = at.checked_sub(SKEW + behind(door, &path)?).unwrap_or(at);
    let mut similar = false;
    for page in door.walk(&path, query(list), list.envelope) {
        for record in records(page?.source(), list.envelope) {
            if is_before(&record, since) {
                if list.sortable {
                    return Ok(if similar { Lost::Similar } else { Lost::NotThere });
                }
                continue;
            }
            let Some(id) = record.get("id").and_then(Value::as_str) else { continue };
            if claimed.contains(id) {
                continue;
            }
            let differing = differences(object, after, &record);
            if differing.is_empty() {
                return Ok(Lost::Found(id.to_string()));
            }
            // The same owner: a field may read otherwise than it was sent.
            similar |= !differing.iter().any(|difference| difference.field.ends_with("Id"));
        }
    }
    Ok(if similar { Lost::Similar } else { Lost::NotThere })
}

/// How far Vitally's clock is behind ours.
fn behind(door: &Door, path: &str) -> Result<SignedDuration, Failure> {
    let answer = door.get(path, &[("limit".into(), "1".into())])?;
    let date = answer.headers.get("date").and_then(|text| rfc2822::parse(text).ok());
    let date = date.map(|date| date.timestamp());
    let behind = date.map_or(SignedDuration::ZERO, |date| Timestamp::now().duration_since(date));
    Ok(behind.max(SignedDuration::ZERO))
}

fn query(list: &List) -> Vec<(String, String)> {
    if list.sortable { vec![("sortBy".into(), "createdAt".into())] } else { Vec::new() }
}

fn records(page: &str, envelope: Envelope) -> Vec<Fields> {
    let page: Value = serde_json::from_str(page).unwrap_or_default();
    let records = match envelope {
        Envelope::Results => &page["results"],
        Envelope::Data => &page["data"],
        Envelope::Bare => &page,
    };
    records.as_array().into_iter().flatten().filter_map(|record| record.as_object().cloned()).collect()
}

fn is_before(record: &Fields, since: Timestamp) -> bool {
    let created = record.get("createdAt").and_then(Value::as_str).and_then(|text| text.parse().ok());
    created.is_some_and(|created: Timestamp| created < since)
}
