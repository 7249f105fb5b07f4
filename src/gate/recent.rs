//! Records that this run has just read: their before-images cost no request.

use serde_json::Value;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// How many answers to single reads are kept.
const ONES: usize = 256;
/// How many pages of lists are kept.
const PAGES: usize = 3;

/// What was read last.
#[derive(Debug, Default)]
pub struct Recent {
    ones: VecDeque<Answer>,
    pages: VecDeque<Answer>,
    /// Records that were changed since, by id and externalId.
    stale: HashSet<String>,
}

#[derive(Debug)]
struct Answer {
    object: &'static str,
    text: Arc<str>,
}

impl Recent {
    /// Remembers the answer to a single read.
    pub fn one(&mut self, object: &'static str, body: &[u8]) {
        push(&mut self.ones, ONES, object, body);
    }

    /// Remembers a page of a list.
    pub fn page(&mut self, object: &'static str, body: &[u8]) {
        push(&mut self.pages, PAGES, object, body);
    }

    /// The record with this id or externalId, if it was read lately and not changed since.
    pub fn find(&self, object: &str, key: &str) -> Option<Value> {
        if self.stale.contains(key) {
            return None;
        }
        let quoted = Value::from(key).to_string();
        let holds = |answer: &&Answer| answer.object == object && answer.text.contains(&quoted);
        let is = |record: &Value| record["id"] == key || record["externalId"] == key;
        let one = self.ones.iter().rev().filter(holds).find_map(|answer| parsed(answer).filter(is));
        one.or_else(|| {
            self.pages.iter().rev().filter(holds).find_map(|answer| {
                let page = parsed(answer)?;
                let records = page.get("results").or_else(|| page.get("data")).unwrap_or(&page).as_array()?;
                records.iter().find(|record| is(record)).cloned()
            })
        })
    }

    /// Whether this run has changed a record, so that what was read of it before no longer counts.
    pub fn is_changed(&self, record: &Value) -> bool {
        let changed = |key: &str| record[key].as_str().is_some_and(|key| self.stale.contains(key));
        changed("id") || changed("externalId")
    }

    /// Notes that a record is being changed.
    pub fn changed(&mut self, key: &str) {
        self.stale.insert(key.to_string());
    }
}

fn push(answers: &mut VecDeque<Answer>, most: usize, object: &'static str, body: &[u8]) {
    let Ok(text) = std::str::from_utf8(body) else { return };
    if answers.len() == most {
        answers.pop_front();
    }
    answers.push_back(Answer { object, text: text.into() });
}

fn parsed(answer: &Answer) -> Option<Value> {
    serde_json::from_str(&answer.text).ok()
}
