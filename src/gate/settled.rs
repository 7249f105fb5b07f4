//! Provisional ids whose records have been made since: whoever still holds one means the real record.

use super::ask::{Ask, Listing, Shape};
use super::change::Change;
use super::send::refer;
use super::whole::Whole;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Real ids by the provisional ones.
#[derive(Debug, Default)]
pub struct Settled(BTreeMap<String, String>);

impl Settled {
    /// Learns more of them.
    pub fn add(&mut self, real: impl IntoIterator<Item = (String, String)>) {
        self.0.extend(real);
    }

    fn real(&self, id: &str) -> Option<&String> {
        self.0.get(id)
    }

    /// Puts real ids into a change. What was read of its record, if it was a provisional one, no longer counts.
    pub fn change(&self, change: &mut Change, whole: Option<Whole>) -> Option<Whole> {
        if self.0.is_empty() {
            return whole;
        }
        refer::replace(change, &|text| self.real(text).cloned());
        whole.filter(|record| record.text("id").is_none_or(|id| self.real(id).is_none()))
    }

    /// A read with real ids.
    pub fn ask<'a>(&self, ask: &'a Ask) -> Cow<'a, Ask> {
        if self.0.is_empty() {
            return Cow::Borrowed(ask);
        }
        let mut ask = ask.clone();
        ask.path = self.path(&ask.path);
        self.query(&mut ask.query);
        if let Shape::One(key) = &mut ask.shape
            && let Some(real) = self.real(key)
        {
            key.clone_from(real);
        }
        Cow::Owned(ask)
    }

    /// Several reads with real ids.
    pub fn asks<'a>(&self, asks: &'a [Ask]) -> Cow<'a, [Ask]> {
        if self.0.is_empty() {
            return Cow::Borrowed(asks);
        }
        Cow::Owned(asks.iter().map(|ask| self.ask(ask).into_owned()).collect())
    }

    /// A walk with real ids.
    pub fn listing<'a>(&self, listing: &'a Listing) -> Cow<'a, Listing> {
        if self.0.is_empty() {
            return Cow::Borrowed(listing);
        }
        let mut listing = listing.clone();
        listing.path = self.path(&listing.path);
        self.query(&mut listing.query);
        if let Some((_, key)) = &mut listing.within
            && let Some(real) = self.real(key)
        {
            key.clone_from(real);
        }
        Cow::Owned(listing)
    }

    /// Provisional ids need no encoding, so they stand in a path as they are.
    fn path(&self, path: &str) -> String {
        let segments: Vec<&str> =
            path.split('/').map(|segment| self.real(segment).map_or(segment, String::as_str)).collect();
        segments.join("/")
    }

    fn query(&self, query: &mut [(String, String)]) {
        for (_, value) in query {
            if let Some(real) = self.real(value) {
                value.clone_from(real);
            }
        }
    }
}

/// Changes with real ids in place of provisional ones.
pub fn with_real_ids(mut changes: Vec<Change>, real: &BTreeMap<String, String>) -> Vec<Change> {
    for change in &mut changes {
        refer::replace(change, &|text| real.get(text).cloned());
    }
    changes
}

/// The provisional ids of other records that a change refers to.
pub fn provisional_ids(change: &Change) -> Vec<String> {
    let mut found = Vec::new();
    refer::ids(change, &mut |text| {
        let number = text.strip_prefix("new-");
        if number
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
        {
            found.push(text.to_string());
        }
    });
    found
}
