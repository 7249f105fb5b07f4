//! Cells that name another record by what people know of it: an account by its externalId, an admin by an e-mail
//! address. Vitally wants its own ids there.

use super::find::{Finder, the_one};
use super::rows::Ready;
use crate::catalogue::{self, Effect};
use crate::error::Error;
use crate::gate::Gate;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use uuid::Uuid;

/// Fields that hold ids of other records, the object of those, and the field that people know them by.
const FIELDS: &[(&str, &str, &str)] = &[
    ("accountId", "account", "externalId"),
    ("accountIds", "account", "externalId"),
    ("customerId", "account", "externalId"),
    ("customerIds", "account", "externalId"),
    ("organizationId", "organization", "externalId"),
    ("organizationIds", "organization", "externalId"),
    ("userId", "user", "externalId"),
    ("assignedToId", "admin", "email"),
    ("completedById", "admin", "email"),
    ("authorId", "admin", "email"),
    ("ownedByVitallyUserId", "admin", "email"),
];

/// Puts Vitally's ids in place of what people know records by; a row that names none, or several, fails.
pub fn resolve(gate: &Rc<Gate>, rows: &mut [Ready]) -> Result<(), Error> {
    for (field, object, by) in FIELDS {
        let fields = rows.iter().filter_map(|row| row.fields.as_ref().ok());
        let named: BTreeSet<String> = fields.flat_map(|fields| foreign(fields, field)).collect();
        let Some(object) = catalogue::object(object).filter(|_| !named.is_empty()) else { continue };
        let named: Vec<String> = named.into_iter().collect();
        let finder = Finder { gate, object, field: by, parent: None };
        let found = finder.prepare(&named)?;
        let mut ids: HashMap<&str, Result<String, String>> = HashMap::new();
        for (key, records) in named.iter().zip(finder.records(&found, &named)) {
            let records = records.map_err(|failure| Error::Api(Box::new(failure)))?;
            let one = the_one(Effect::Update, object.name, (by, key), records);
            let id = one.map(|one| one.and_then(|one| one["id"].as_str().map(ToString::to_string)));
            ids.insert(key, id.map(Option::unwrap_or_default).map_err(|message| message.text));
        }
        for row in rows.iter_mut() {
            let Ok(fields) = &mut row.fields else { continue };
            let Some(value) = fields.get_mut(*field) else { continue };
            if let Err(why) = replaced(value, &ids) {
                row.fields = Err(format!("{field}: {why}"));
            }
        }
    }
    Ok(())
}

/// What a field holds that is no id of Vitally's.
fn foreign(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    let value = fields.get(name).unwrap_or(&Value::Null);
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let texts = items.iter().filter_map(Value::as_str).filter(|text| Uuid::try_parse(text).is_err());
    texts.map(ToString::to_string).collect()
}

fn replaced(value: &mut Value, ids: &HashMap<&str, Result<String, String>>) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| replaced(item, ids)),
        Value::String(text) => {
            if let Some(id) = ids.get(text.as_str()) {
                *text = id.clone()?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
