//! The records that rows are about: by id or externalId asked for directly, many at once; by anything else in one walk
//! through the list.

use super::cell::text_of;
use crate::catalogue::{Effect, Object, Thing};
use crate::client::{Failure, Kind};
use crate::error::{Error, Message};
use crate::gate::{Ask, Change, Gate, Listing, Shape};
use crate::show;
use crate::tape::Node;
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// From how many rows on the list is looked through first.
const MANY: usize = 64;

/// Finds records of one kind.
pub struct Finder<'a> {
    /// Where they are read.
    pub gate: &'a Rc<Gate>,
    /// What they are.
    pub object: &'static Object,
    /// The field they are found by, such as `externalId` or `traits.crm`.
    pub field: &'a str,
    /// The record they belong to, where there is one.
    pub parent: Option<&'a str>,
}

/// What was found for the rows that were asked for.
pub enum Found {
    /// Every key that is not among these is asked for.
    Direct(HashMap<String, Vec<Value>>),
    /// The records of a walk, by key.
    Walked(HashMap<String, Vec<Value>>),
}

impl Finder<'_> {
    /// Gets ready to find these keys.
    pub fn prepare(&self, keys: &[String]) -> Result<Found, Error> {
        if !self.asks_directly() {
            return self.walk(keys, usize::MAX).map(Found::Walked);
        }
        // A page holds a hundred records: for many rows, looking through some pages first saves most of the asking.
        if keys.len() < MANY || self.object.lists.is_empty() {
            return Ok(Found::Direct(HashMap::new()));
        }
        self.walk(keys, keys.len() / 4).map(Found::Direct)
    }

    /// The records of these keys, in their order: one, none, several, or the failure of asking.
    pub fn records(&self, found: &Found, keys: &[String]) -> Vec<Result<Vec<Value>, Failure>> {
        match found {
            Found::Walked(all) => {
                keys.iter().map(|key| Ok(all.get(&self.folded(key)).cloned().unwrap_or_default())).collect()
            }
            Found::Direct(seen) => {
                let seen = |key: &String| seen.get(&self.folded(key)).filter(|found| !found.is_empty());
                let asks: Vec<Ask> =
                    keys.iter().filter(|key| seen(key).is_none()).map(|key| self.ask(key)).collect();
                let mut asked = self.gate.get_many(&asks).into_iter().map(one_or_none);
                let of = |key: &String| match seen(key) {
                    Some(found) => Ok(found.clone()),
                    None => asked.next().unwrap_or_else(|| Ok(Vec::new())),
                };
                keys.iter().map(of).collect()
            }
        }
    }

    /// Whether Vitally answers to this key in a path.
    fn asks_directly(&self) -> bool {
        let thing = self.reader().map(|get| get.thing);
        match self.field {
            "id" => thing.is_some(),
            "externalId" => matches!(thing, Some(Thing::Key | Thing::KeyOrSource)),
            _ => false,
        }
    }

    fn reader(&self) -> Option<&'static crate::catalogue::Action> {
        let name = format!("get_{}", self.object.name);
        self.object.actions.iter().find(|action| action.name == name)
    }

    fn ask(&self, key: &str) -> Ask {
        let change = Change::of_record(self.object, key, self.parent);
        let path = self.reader().map_or_else(String::new, |get| change.path(get));
        Ask { object: self.object, path, query: Vec::new(), shape: Shape::One(key.into()) }
    }

    /// Looks for keys in so many pages of the list; fewer if all have been seen and each can have one record only.
    fn walk(&self, keys: &[String], pages: usize) -> Result<HashMap<String, Vec<Value>>, Error> {
        let listing = self.listing()?;
        let mut found: HashMap<String, Vec<Value>> =
            keys.iter().map(|key| (self.folded(key), Vec::new())).collect();
        let mut missing = found.len();
        for page in self.gate.walk(&listing).take(pages) {
            let page = page.map_err(|failure| Error::Api(Box::new(failure)))?;
            let root = page.root();
            let records = root.get("results").or_else(|| root.get("data")).unwrap_or(root);
            for record in records.items().into_iter().flatten().map(Node::to_value) {
                let key = text_of(show::pick(&record, self.field));
                if let Some(same) = found.get_mut(&self.folded(&key)) {
                    missing -= usize::from(same.is_empty());
                    same.push(record);
                }
            }
            if missing == 0 && pages != usize::MAX {
                break;
            }
        }
        Ok(found)
    }

    /// The list with every record in it that is not archived.
    fn listing(&self) -> Result<Listing, Error> {
        let noun = self.object.name.replace('_', " ");
        let list = self.object.lists.first().ok_or_else(|| {
            Error::usage(
                format!("Vitally has no list of {noun}s to find one by its {}", self.field),
                "use --match id",
            )
        })?;
        let mut path = list.path.to_string();
        let mut within = None;
        if let (Some(parent), Some(id)) = (list.parent, self.parent) {
            let change = Change::of_record(self.object, "", Some(id));
            path = change.path_of(list.path);
            within = Some((parent, id.to_string()));
        }
        let query = list.filters.iter().filter_map(|filter| {
            let value = if filter.values.contains(&"activeOrChurned") {
                Some("activeOrChurned")
            } else {
                filter.default
            };
            Some((filter.name.to_string(), value?.to_string()))
        });
        Ok(Listing { object: self.object, within, path, query: query.collect(), envelope: list.envelope })
    }

    /// A key as it is compared: e-mail addresses without their capitals.
    pub fn folded(&self, key: &str) -> String {
        let key = key.trim();
        if self.field == "email" { key.to_lowercase() } else { key.to_string() }
    }
}

fn one_or_none(answer: Result<crate::client::Answer, Failure>) -> Result<Vec<Value>, Failure> {
    match answer {
        Ok(answer) => Ok(serde_json::from_slice::<Value>(answer.body()).into_iter().collect()),
        Err(failure) if failure.kind == Kind::NotFound => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

/// The record that a row is about, or why there is none to be changed; a create wants none.
pub fn the_one(
    effect: Effect,
    noun: &str,
    (field, key): (&str, &str),
    found: Vec<Value>,
) -> Result<Option<Value>, Message> {
    let count = found.len();
    match (effect, found.into_iter().next()) {
        (Effect::Create, None) => Ok(None),
        (Effect::Create, Some(_)) => Err(Message::new(
            format!("there is a {noun} already whose {field} is {key}"),
            "change it with bulk update",
        )),
        (_, Some(record)) if count == 1 => Ok(Some(record)),
        (_, None) => {
            Err(Message::new(format!("there is no {noun} whose {field} is {key}"), "check the cell"))
        }
        (_, Some(_)) => Err(Message::new(
            format!("there are {count} {noun}s whose {field} is {key}"),
            "match by id or externalId",
        )),
    }
}
