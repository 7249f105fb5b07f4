//! Records that this run has just read: their before-images cost no request.

use crate::tape::{Node, Page};
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
    page: Arc<Page>,
}

impl Recent {
    /// Remembers the answer to a single read.
    pub fn one(&mut self, object: &'static str, page: &Arc<Page>) {
        push(&mut self.ones, ONES, object, page);
    }

    /// Remembers a page of a list.
    pub fn page(&mut self, object: &'static str, page: &Arc<Page>) {
        push(&mut self.pages, PAGES, object, page);
    }

    /// The record with this id or externalId, if it was read lately and not changed since.
    pub fn find(&self, object: &str, key: &str) -> Option<Value> {
        if self.stale.contains(key) {
            return None;
        }
        let of_kind = |answer: &&Answer| answer.object == object;
        let named = |record: Node, name: &str| record.get(name).and_then(Node::text) == Some(key);
        let is = |record: &Node| named(*record, "id") || named(*record, "externalId");
        let one = self.ones.iter().rev().filter(of_kind).map(|answer| answer.page.root()).find(is);
        let found = one.or_else(|| {
            self.pages.iter().rev().filter(of_kind).find_map(|answer| {
                let page = answer.page.root();
                page.get("results").or_else(|| page.get("data")).unwrap_or(page).items()?.find(is)
            })
        });
        found.map(Node::to_value)
    }

    /// Whether this run has changed a record, so that what was read of it before no longer counts.
    pub fn is_changed(&self, record: &Value) -> bool {
        let changed = |key: &str| record[key].as_str().is_some_and(|key| self.stale.contains(key));
        changed("id") || changed("externalId")
    }

    /// Whether a record was read lately exactly as it is given.
    pub fn holds(&self, object: &str, record: &Value) -> bool {
        let key = record["id"].as_str();
        key.and_then(|key| self.find(object, key)).is_some_and(|known| known == *record)
    }

    /// Notes that a record is being changed.
    pub fn changed(&mut self, key: &str) {
        self.stale.insert(key.to_string());
    }
}

fn push(answers: &mut VecDeque<Answer>, most: usize, object: &'static str, page: &Arc<Page>) {
    if answers.len() == most {
        answers.pop_front();
    }
    answers.push_back(Answer { object, page: Arc::clone(page) });
}
