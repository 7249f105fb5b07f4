//! Records that this run has just read: their before-images cost no request.

use super::whole::Whole;
use crate::tape::{Node, Page};
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Weak};

/// How many answers to single reads are kept.
const ONES: usize = 256;
/// How many pages of lists are looked through, as long as somebody holds a record of them.
const PAGES: usize = 8;
/// How many of them are kept even if nobody does, for a script that goes by ids.
const KEPT: usize = 3;
/// How many bytes of text those may hold together; one is kept however large it is.
const KEPT_BYTES: usize = 512 * 1024;

/// What was read last.
#[derive(Debug, Default)]
pub struct Recent {
    ones: VecDeque<(&'static str, Arc<Page>)>,
    pages: VecDeque<(&'static str, Weak<Page>)>,
    /// The last of the pages, which nobody else needs to hold.
    kept: VecDeque<Arc<Page>>,
    /// Records that were changed since, by id and externalId.
    stale: HashSet<String>,
}

impl Recent {
    /// Remembers the answer to a single read.
    pub fn one(&mut self, object: &'static str, page: &Arc<Page>) {
        self.ones.push_back((object, Arc::clone(page)));
        self.ones.drain(..self.ones.len().saturating_sub(ONES));
    }

    /// Remembers a page of a list.
    pub fn page(&mut self, object: &'static str, page: &Arc<Page>) {
        self.pages.retain(|(_, page)| page.strong_count() > 0);
        self.pages.push_back((object, Arc::downgrade(page)));
        self.pages.drain(..self.pages.len().saturating_sub(PAGES));
        self.kept.push_back(Arc::clone(page));
        while self.kept.len() > KEPT || (self.kept.len() > 1 && self.kept_bytes() > KEPT_BYTES) {
            self.kept.pop_front();
        }
    }

    fn kept_bytes(&self) -> usize {
        self.kept.iter().map(|page| page.source().len()).sum()
    }

    /// The record with this id or externalId, if it was read lately and not changed since.
    pub fn find(&self, object: &str, key: &str) -> Option<Whole> {
        if self.stale.contains(key) {
            return None;
        }
        let named = |record: Node, name: &str| record.get(name).and_then(Node::text) == Some(key);
        let is = |record: &Node| named(*record, "id") || named(*record, "externalId");
        let ones = self.ones.iter().rev().filter(|(of, _)| *of == object);
        let one = ones.map(|(_, page)| page).find(|page| is(&page.root()));
        let one = one.map(|page| Whole::Listed(Arc::clone(page), page.root().index()));
        let pages = self.pages.iter().rev().filter(|(of, _)| *of == object);
        let listed = || {
            pages.filter_map(|(_, page)| page.upgrade()).find_map(|page| {
                let root = page.root();
                let list = root.get("results").or_else(|| root.get("data")).unwrap_or(root);
                let place = list.items()?.find(is)?.index();
                Some(Whole::Listed(page, place))
            })
        };
        // It may have been changed under its other name.
        one.or_else(listed).filter(|record| !self.is_changed(record))
    }

    /// Whether this run has changed a record, so that what was read of it before no longer counts.
    pub fn is_changed(&self, record: &Whole) -> bool {
        ["id", "externalId"].iter().filter_map(|name| record.text(name)).any(|name| self.stale.contains(name))
    }

    /// Whether a record was read lately exactly as it is given.
    pub fn holds(&self, object: &str, record: &Whole) -> bool {
        let known = record.text("id").and_then(|key| self.find(object, key));
        known.is_some_and(|known| known.value() == record.value())
    }

    /// Notes that a record is being changed.
    pub fn changed(&mut self, key: &str) {
        self.stale.insert(key.to_string());
    }
}
