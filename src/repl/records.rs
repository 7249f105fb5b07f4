//! The names of records that were read: what somebody types is found without asking Vitally.

use super::complete::Candidate;
use crate::catalogue::{self, Object};
use crate::store::names::RecordName;
use crate::tape::{Node, Page};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many candidates are shown; whoever sees more types on.
const MOST: usize = 60;
/// How many names are kept for a tenant.
const KEPT: usize = 100_000;

/// Which id a place in the code takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Vitally's.
    Id,
    /// The caller's own, inside of `ext(…)`.
    External,
}

/// The names of the records of one tenant. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Records(Arc<RwLock<Index>>);

#[derive(Debug, Default)]
struct Index {
    /// Every record, by its kind and id.
    all: HashMap<(&'static str, String), Arc<RecordName>>,
    /// The same by what somebody may begin to type: the kind, a key in small letters, and the id.
    keys: BTreeMap<(&'static str, String, String), Arc<RecordName>>,
    /// What is not in the store yet.
    unsaved: Vec<RecordName>,
    /// Whether nothing more is noted.
    closed: bool,
}

impl Records {
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what the store holds. What was read since is newer and stays.
    pub fn load(&self, names: Vec<RecordName>) {
        let mut index = self.write();
        for name in names {
            let Some(object) = catalogue::object(&name.object) else { continue };
            if !index.closed && !index.all.contains_key(&(object.name, name.id.clone())) {
                index.add(object.name, name);
            }
        }
    }

    /// Takes in the records of an answer.
    pub fn note(&self, path: &str, page: &Page) {
        if self.read().closed {
            return;
        }
        let Some(object) = object_of(path) else { return };
        let found = records(page).filter_map(|node| name_of(object, node)).collect::<Vec<_>>();
        let mut index = self.write();
        for name in found {
            let known = index.all.get(&(object.name, name.id.clone()));
            if known.is_none_or(|known| **known != name) && (known.is_some() || index.all.len() < KEPT) {
                index.unsaved.push(name.clone());
                index.add(object.name, name);
            }
        }
    }

    /// What is to be put into the store; it counts as saved from now on.
    pub fn unsaved(&self) -> Vec<RecordName> {
        std::mem::take(&mut self.write().unsaved)
    }

    /// What could not be put into the store, for another time.
    pub fn not_saved(&self, names: Vec<RecordName>) {
        self.write().unsaved.extend(names);
    }

    /// Forgets everything, and notes nothing more.
    pub fn close(&self) {
        *self.write() = Index { closed: true, ..Index::default() };
    }

    /// How many records of each kind are known.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (object, _) in self.read().all.keys() {
            *counts.entry(*object).or_default() += 1;
        }
        counts
    }

    /// The records that are called so, or have this id, with their kinds.
    pub fn called(&self, typed: &str) -> Vec<(&'static Object, Arc<RecordName>)> {
        let index = self.read();
        let key = typed.to_lowercase();
        let of = |object: &&'static Object| {
            let from = Bound::Included((object.name, key.clone(), String::new()));
            let fits = index.keys.range((from, Bound::Unbounded));
            let fits = fits.take_while(|((of, known, _), _)| *of == object.name && *known == key);
            // A single word of a longer name is a key, too, but not what a record is called.
            let is_whole = |name: &RecordName| {
                let own = [Some(&name.name), Some(&name.id), name.external_id.as_ref()];
                own.into_iter().flatten().any(|text| text.to_lowercase() == key)
            };
            let whole = fits.filter(|(_, name)| is_whole(name));
            whole.map(|(_, name)| (*object, Arc::clone(name))).collect::<Vec<_>>()
        };
        let mut found: Vec<_> = catalogue::OBJECTS.iter().flat_map(of).collect();
        found.dedup_by(|one, two| Arc::ptr_eq(&one.1, &two.1));
        found
    }

    /// What a half-typed name or id can become. One record becomes its id; of several the name is put on, as far as
    /// they share it. It looks at those that fit, however many there are beside them.
    pub fn find(&self, object: &str, typed: &str, wants: Wants) -> Vec<Candidate> {
        let Some(object) = catalogue::object(object).map(|object| object.name) else { return Vec::new() };
        let index = self.read();
        let begin = typed.to_lowercase();
        let from = Bound::Included((object, begin.clone(), String::new()));
        let fits = index.keys.range((from, Bound::Unbounded));
        let fits = fits.take_while(|((of, key, _), _)| *of == object && key.starts_with(&begin));
        let mut found: Vec<&Arc<RecordName>> = Vec::new();
        for (_, name) in fits {
            let has_id = wants == Wants::Id || name.external_id.is_some();
            if has_id && !found.iter().any(|known| Arc::ptr_eq(known, name)) {
                found.push(name);
            }
            if found.len() > MOST {
                break;
            }
        }
        let is_more = found.len() > MOST;
        found.truncate(MOST);
        found.sort_by(|one, two| (&one.name, &one.id).cmp(&(&two.name, &two.id)));
        let is_name = found.iter().all(|record| record.name == typed);
        let is_id = |record: &RecordName| id_of(record, wants).to_lowercase().starts_with(&begin);
        let by_id =
            is_name || found.len() == 1 || !begin.is_empty() && found.iter().all(|record| is_id(record));
        let mut candidates: Vec<Candidate> = found
            .into_iter()
            .map(|record| Candidate {
                text: if by_id { id_of(record, wants).into() } else { record.name.clone() },
                shown: format!("{}  {}", record.name, id_of(record, wants)),
            })
            .collect();
        if is_more {
            // Its text is what is typed already, so that nothing is put on.
            candidates.push(Candidate { text: typed.into(), shown: "…  and more: type on".into() });
        }
        candidates
    }
}

impl Index {
    fn add(&mut self, object: &'static str, name: RecordName) {
        let (id, name) = (name.id.clone(), Arc::new(name));
        if let Some(old) = self.all.insert((object, id.clone()), Arc::clone(&name)) {
            for key in keys(&old) {
                self.keys.remove(&(object, key, id.clone()));
            }
        }
        for key in keys(&name) {
            self.keys.insert((object, key, id.clone()), Arc::clone(&name));
        }
    }
}

/// What somebody may begin to type: the name from any of its words on, and both ids.
fn keys(record: &RecordName) -> Vec<String> {
    let name = record.name.to_lowercase();
    let words = name.char_indices().filter(|(at, c)| {
        !c.is_whitespace() && name[..*at].chars().next_back().is_none_or(char::is_whitespace)
    });
    let mut keys: Vec<String> = words.map(|(at, _)| name[at..].to_string()).collect();
    keys.push(record.id.to_lowercase());
    keys.extend(record.external_id.as_ref().map(|id| id.to_lowercase()));
    keys
}

fn id_of(record: &RecordName, wants: Wants) -> &str {
    match wants {
        Wants::Id => &record.id,
        Wants::External => record.external_id.as_deref().unwrap_or(&record.id),
    }
}

/// The kind of records that an answer holds: what its path ends with, or ends with before an id.
fn object_of(path: &str) -> Option<&'static Object> {
    let path = path.split('?').next().unwrap_or(path);
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let of = |step: &&str| {
        let found = catalogue::lists().find(|(_, list)| list.path.rsplit('/').next() == Some(step));
        found.map(|(object, _)| object)
    };
    let last = steps.last().and_then(of);
    last.or_else(|| steps.len().checked_sub(2).and_then(|at| of(&steps[at])))
}

/// The records of an answer: of a list, or the one it is.
fn records(page: &Page) -> impl Iterator<Item = Node<'_>> {
    let root = page.root();
    let list = ["results", "data"].iter().find_map(|key| root.get(key)?.items()).or_else(|| root.items());
    let one = list.is_none().then_some(root);
    list.into_iter().flatten().chain(one)
}

fn name_of(object: &Object, record: Node) -> Option<RecordName> {
    let text = |key: &str| record.get(key).and_then(Node::text).filter(|text| !text.is_empty());
    let name = ["name", "email", "subject"].into_iter().find_map(text)?;
    Some(RecordName {
        object: object.name.into(),
        id: text("id")?.into(),
        external_id: text("externalId").map(String::from),
        name: name.into(),
    })
}
