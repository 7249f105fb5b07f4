//! Which changes are about the same record, and so must be sent one after the other.

use crate::gate::change::Change;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// A change's place in the order of `put`.
pub(super) type Ticket = u64;

/// A record that was touched, by a number of its own.
type Number = u32;

/// Who touched which record last. A record is known by all its names: id, externalId, provisional id. Names are kept
/// as hashes for the whole run, about fifty bytes a record; should two ever be equal, two records take turns.
#[derive(Default)]
pub(super) struct Order {
    hasher: RandomState,
    names: HashMap<u64, Number>,
    records: Number,
    last: HashMap<Number, Ticket>,
}

/// What a change must know of those before it.
pub(super) struct Entered {
    /// The changes of the same record that have not ended.
    pub(super) behind: Vec<Ticket>,
    /// An earlier change of this run was about the same record.
    pub(super) again: bool,
    /// The records it is about, for [`Order::leave`]: usually one.
    pub(super) numbers: Vec<Number>,
}

impl Order {
    /// A change comes in.
    pub(super) fn enter(&mut self, ticket: Ticket, change: &Change) -> Entered {
        let names = self.hashes(&change.object, &names_of(change));
        let mut numbers: Vec<Number> =
            names.iter().filter_map(|name| self.names.get(name).copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let again = !numbers.is_empty();
        let mut behind: Vec<Ticket> =
            numbers.iter().filter_map(|number| self.last.get(number).copied()).collect();
        behind.sort_unstable();
        behind.dedup();
        if !again && !names.is_empty() {
            numbers.push(self.records);
            self.records = self.records.wrapping_add(1);
        }
        self.name(&names, &numbers);
        for number in &numbers {
            self.last.insert(*number, ticket);
        }
        Entered { behind, again, numbers }
    }

    /// A change has ended.
    pub(super) fn leave(&mut self, ticket: Ticket, numbers: &[Number]) {
        for number in numbers {
            if self.last.get(number) == Some(&ticket) {
                self.last.remove(number);
            }
        }
    }

    /// One record has these names.
    pub(super) fn learn(&mut self, object: &str, names: &[&str]) {
        let names = self.hashes(object, names);
        let known: Vec<Number> = names.iter().filter_map(|name| self.names.get(name).copied()).collect();
        // The one on which changes wait, if any.
        let busy = known.iter().copied().find(|number| self.last.contains_key(number));
        let number: Vec<Number> = busy.or(known.first().copied()).into_iter().collect();
        self.name(&names, &number);
    }

    fn name(&mut self, names: &[u64], numbers: &[Number]) {
        let Some(number) = numbers.first() else { return };
        for name in names {
            self.names.insert(*name, *number);
        }
    }

    fn hashes(&self, object: &str, names: &[&str]) -> Vec<u64> {
        names.iter().map(|name| self.hasher.hash_one((object, name))).collect()
    }
}

fn names_of(change: &Change) -> Vec<&str> {
    [&change.id, &change.external_id, &change.provisional].into_iter().flatten().map(String::as_str).collect()
}
