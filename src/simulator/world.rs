//! The tenant: every record, the links between them, and the clock.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::answer::Answer;
use super::kind::Kind;
use super::options::Switches;
use super::record::{Links, Record};
use super::request::Fields;
use super::table::{Order, Table};

/// How a path names a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// A Vitally id or an externalId.
    Key,
    /// A Vitally id, or an externalId with `source` (or of a record without one).
    Source,
    /// A Vitally id.
    Id,
}

/// The definition of a trait.
#[derive(Clone, Debug)]
pub(super) struct CustomField {
    /// `accounts`, `users`, …
    pub model: String,
    /// Its JSON on the wire.
    pub value: Value,
}

/// The tenant.
#[derive(Debug)]
pub(super) struct World {
    tables: Vec<Table>,
    /// The definitions of traits, those of custom objects excepted: these are in the objects.
    pub fields: Vec<CustomField>,
    /// Health score breakdowns set through the back door.
    pub health: HashMap<Uuid, Value>,
    /// Users whose deletion was asked for, with the time from which a purge removes them.
    pub marked: HashMap<Uuid, i64>,
    /// The open points.
    pub switches: Switches,
    /// A clock that stands still, in milliseconds since 1970.
    pub clock: Option<i64>,
    /// Where ids come from.
    pub random: fastrand::Rng,
}

impl World {
    /// An empty tenant.
    pub fn new(seed: u64, clock: Option<i64>, switches: Switches) -> World {
        World {
            tables: Kind::ALL.iter().map(|_| Table::default()).collect(),
            fields: Vec::new(),
            health: HashMap::new(),
            marked: HashMap::new(),
            switches,
            clock,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// The tenant's time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.unwrap_or_else(|| Timestamp::now().as_millisecond())
    }

    /// A new id.
    pub fn new_id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random.u128(..).to_be_bytes()).into_uuid()
    }

    /// The records of a kind.
    pub fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind as usize]
    }

    /// The record of a kind with this id.
    pub fn get(&self, kind: Kind, id: Uuid) -> Option<&Record> {
        self.table(kind).get(id)
    }

    /// The record that a path names, or the refusal.
    pub fn find(
        &self,
        kind: Kind,
        name: &str,
        lookup: Lookup,
        source: Option<&str>,
    ) -> Result<&Record, Answer> {
        let id = as_uuid(name);
        if let Some(record) = id.and_then(|id| self.get(kind, id)) {
            return Ok(record);
        }
        match lookup {
            Lookup::Id if id.is_none() => Err(Answer::not_a_uuid()),
            Lookup::Id => Err(Answer::missing()),
            // A message's externalId is its conversation's own; the first one that has it is meant.
            Lookup::Key if kind == Kind::Message => {
                let mut messages = self.table(kind).list(None, Order::Created, None);
                let same = messages.find(|message| message.external.as_deref() == Some(name));
                same.ok_or_else(Answer::missing)
            }
            Lookup::Key => self.table(kind).external(Uuid::nil(), name).ok_or_else(Answer::missing),
            Lookup::Source => self
                .table(kind)
                .external(Uuid::nil(), name)
                .filter(|record| match (source, record.source.as_deref()) {
                    (_, None) => true,
                    (Some(asked), Some(own)) => asked.eq_ignore_ascii_case(own),
                    (None, Some(_)) => false,
                })
                .ok_or_else(Answer::missing),
        }
    }

    /// Stores a record, and moves it in the lists it belongs to.
    pub fn put(&mut self, kind: Kind, record: Record) {
        let scopes = self.scopes(&record.links);
        self.tables[kind as usize].put(record, scopes, kind.external_is_local());
    }

    /// Stores many new records.
    pub fn fill(&mut self, kind: Kind, records: Vec<Record>) {
        let scoped = |record: Record| {
            let scopes = self.scopes(&record.links);
            (record, scopes)
        };
        let records = records.into_iter().map(scoped).collect();
        self.tables[kind as usize].fill(records, kind.external_is_local());
    }

    /// Changes the text of a record where no list and no search knows of it; `updatedAt` stays.
    pub fn amend(&mut self, kind: Kind, id: Uuid, change: impl FnOnce(&str) -> String) {
        self.tables[kind as usize].amend(id, change);
    }

    /// Changes a record; `updatedAt` becomes now.
    pub fn edit(&mut self, kind: Kind, id: Uuid, change: impl FnOnce(&mut Fields, &mut Links)) {
        let Some(record) = self.get(kind, id) else { return };
        let (created, old, mut fields) = (record.created, record.links.clone(), record.fields());
        let updated = self.now().max(record.updated);
        let mut links = old.clone();
        change(&mut fields, &mut links);
        let moved = links != old;
        self.put(kind, Record::new(id, created, updated, fields, links));
        if moved {
            self.relist(id);
        }
    }

    /// Forgets a record.
    pub fn remove(&mut self, kind: Kind, id: Uuid) -> Option<Record> {
        self.tables[kind as usize].remove(id, kind.external_is_local())
    }

    /// Puts everything that hangs on this record into the lists it now belongs to.
    pub fn relist(&mut self, id: Uuid) {
        for kind in Kind::ALL {
            for below in self.table(kind).ids(Some(id)) {
                if let Some(record) = self.remove(kind, below) {
                    self.put(kind, record);
                }
            }
        }
    }

    /// Every record in whose sub-lists a record with these links appears.
    fn scopes(&self, links: &Links) -> Vec<Uuid> {
        let mut scopes: Vec<Uuid> = links.accounts.iter().chain(&links.organizations).copied().collect();
        scopes.extend(links.within);
        for user in &links.users {
            scopes.push(*user);
            if let Some(record) = self.get(Kind::User, *user) {
                scopes.extend(record.links.accounts.iter().chain(&record.links.organizations));
            }
        }
        let organizations: Vec<Uuid> = scopes
            .iter()
            .filter_map(|id| self.get(Kind::Account, *id))
            .flat_map(|account| account.links.organizations.iter().copied())
            .collect();
        scopes.extend(organizations);
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}

/// A UUID in its usual form with hyphens; the API takes no other.
pub(super) fn as_uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// A new record's fields: every key, missing values as null.
pub(super) fn blank(kind: Kind) -> Fields {
    serde_json::from_str(kind.blank()).unwrap_or_default()
}
