//! The records of one kind, with the indexes that lists, searches and externalIds need.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Included};

use uuid::Uuid;

use super::record::Record;

/// The two orders of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Created,
    Updated,
}

/// A place in a list: whose list, in which order, when, and which record.
type Place = (u128, Order, i64, u128);

/// The scope of the list of everything.
const ALL: u128 = 0;

/// The records of one kind.
#[derive(Debug, Default)]
pub(super) struct Table {
    records: HashMap<Uuid, Record>,
    scopes: HashMap<Uuid, Box<[Uuid]>>,
    externals: HashMap<(Uuid, Box<str>), Vec<Uuid>>,
    emails: BTreeSet<(String, String, Uuid)>,
    places: BTreeSet<Place>,
}

impl Table {
    /// The record with this id.
    pub fn get(&self, id: Uuid) -> Option<&Record> {
        self.records.get(&id)
    }

    /// Stores a record in the lists of these scopes, in the place of one with the same id.
    pub fn put(&mut self, record: Record, scopes: Vec<Uuid>, local: bool) {
        self.remove(record.id, local);
        for scope in std::iter::once(ALL).chain(scopes.iter().map(Uuid::as_u128)) {
            self.places.insert((scope, Order::Created, record.created, record.id.as_u128()));
            self.places.insert((scope, Order::Updated, record.updated, record.id.as_u128()));
        }
        if let Some(key) = external_key(&record, local) {
            self.externals.entry(key).or_default().push(record.id);
        }
        self.emails.extend(email_key(&record));
        self.scopes.insert(record.id, scopes.into_boxed_slice());
        self.records.insert(record.id, record);
    }

    /// Stores many new records at once, each in the lists of its scopes: sorting their places costs a third of
    /// putting each where it belongs, and is done beside the rest.
    pub fn fill(&mut self, records: Vec<(Record, Vec<Uuid>)>, local: bool) {
        let mut places: Vec<Place> = Vec::with_capacity(records.len() * 4);
        for (record, scopes) in &records {
            for scope in std::iter::once(ALL).chain(scopes.iter().map(Uuid::as_u128)) {
                places.push((scope, Order::Created, record.created, record.id.as_u128()));
                places.push((scope, Order::Updated, record.updated, record.id.as_u128()));
            }
        }
        let mut sorted: BTreeSet<Place> = std::thread::scope(|scope| {
            let sorting = scope.spawn(move || {
                places.sort_unstable();
                places.into_iter().collect()
            });
            self.keep(records, local);
            sorting.join().unwrap_or_default()
        });
        self.places.append(&mut sorted);
    }

    /// Keeps new records under their keys.
    fn keep(&mut self, records: Vec<(Record, Vec<Uuid>)>, local: bool) {
        self.records.reserve(records.len());
        self.scopes.reserve(records.len());
        self.externals.reserve(records.len());
        for (record, scopes) in records {
            if let Some(key) = external_key(&record, local) {
                self.externals.entry(key).or_default().push(record.id);
            }
            self.emails.extend(email_key(&record));
            self.scopes.insert(record.id, scopes.into_boxed_slice());
            self.records.insert(record.id, record);
        }
    }

    /// Changes the text of a record where no list and no search knows of it.
    pub fn amend(&mut self, id: Uuid, change: impl FnOnce(&str) -> String) {
        if let Some(record) = self.records.get_mut(&id) {
            record.text = change(&record.text).into_boxed_str();
        }
    }

    /// Forgets a record.
    pub fn remove(&mut self, id: Uuid, local: bool) -> Option<Record> {
        let record = self.records.remove(&id)?;
        let scopes = self.scopes.remove(&id).unwrap_or_default();
        for scope in std::iter::once(ALL).chain(scopes.iter().map(Uuid::as_u128)) {
            self.places.remove(&(scope, Order::Created, record.created, id.as_u128()));
            self.places.remove(&(scope, Order::Updated, record.updated, id.as_u128()));
        }
        if let Some(key) = external_key(&record, local)
            && let Some(ids) = self.externals.get_mut(&key)
        {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.externals.remove(&key);
            }
        }
        if let Some(key) = email_key(&record) {
            self.emails.remove(&key);
        }
        Some(record)
    }

    /// The record with this externalId; `within` is nil unless the key is local to a parent.
    pub fn external(&self, within: Uuid, key: &str) -> Option<&Record> {
        let ids = self.externals.get(&(within, Box::from(key)))?;
        ids.first().and_then(|id| self.get(*id))
    }

    /// Those with this e-mail address.
    pub fn with_email(&self, email: &str) -> Vec<&Record> {
        let email = email.to_lowercase();
        let domain = domain_of(&email).to_string();
        let from = (domain.clone(), email.clone(), Uuid::nil());
        let to = (domain, email, Uuid::max());
        self.emails.range(from..=to).filter_map(|(_, _, id)| self.get(*id)).collect()
    }

    /// Those whose e-mail address is at this domain.
    pub fn at_domain(&self, domain: &str) -> Vec<&Record> {
        let domain = domain.to_lowercase();
        let from = (domain.clone(), String::new(), Uuid::nil());
        let same = self.emails.range(from..).take_while(|(other, _, _)| *other == domain);
        same.filter_map(|(_, _, id)| self.get(*id)).collect()
    }

    /// The list of a scope (or of everything), newest first, below a place if one is given.
    pub fn list(
        &self,
        scope: Option<Uuid>,
        order: Order,
        below: Option<(i64, Uuid)>,
    ) -> impl Iterator<Item = &Record> {
        let scope = scope.map_or(ALL, |id| id.as_u128());
        let end = match below {
            Some((time, id)) => Excluded((scope, order, time, id.as_u128())),
            None => Included((scope, order, i64::MAX, u128::MAX)),
        };
        let places = self.places.range((Included((scope, order, i64::MIN, 0)), end));
        places.rev().filter_map(|(_, _, _, id)| self.records.get(&Uuid::from_u128(*id)))
    }

    /// The ids in a scope, oldest first.
    pub fn ids(&self, scope: Option<Uuid>) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = self.list(scope, Order::Created, None).map(|record| record.id).collect();
        ids.reverse();
        ids
    }
}

fn external_key(record: &Record, local: bool) -> Option<(Uuid, Box<str>)> {
    let within = record.links.within.filter(|_| local).unwrap_or_default();
    record.external.clone().map(|external| (within, external))
}

fn email_key(record: &Record) -> Option<(String, String, Uuid)> {
    let email = record.email.as_deref()?;
    Some((domain_of(email).to_string(), email.to_string(), record.id))
}

fn domain_of(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain)
}
