//! Turns every list of the catalogue into a lazy script function.

use super::actions::{owned, parent_key, tenant_of};
use super::host::Host;
use super::list::{List, PageSource};
use super::raise::{self, Raised, mistake};
use super::record::Record;
use super::tenant::Tenant;
use super::words::{described, did_you_mean};
use crate::catalogue::{self, Object};
use crate::gate::Listing;
use crate::tape::Page;
use rhai::{Dynamic, Engine, Map};
use std::any::TypeId;
use std::rc::Rc;
use std::sync::Arc;

/// One list as asked for: it is fetched when something walks it, from the start each time.
pub struct Query {
    /// The profile to read from.
    pub tenant: Tenant,
    /// The function's name.
    pub name: &'static str,
    /// What is walked.
    pub listing: Listing,
}

impl PageSource for Query {
    fn open(&self) -> Box<dyn Iterator<Item = Result<Arc<Page>, Raised>>> {
        let walk = self.tenant.gate().walk(&self.listing);
        Box::new(walk.map(|page| page.map_err(|failure| raise::failure(&failure))))
    }

    fn name(&self) -> &str {
        self.name
    }
}

impl Query {
    /// The records, fetched page by page.
    pub fn records(self: Rc<Self>) -> impl Iterator<Item = Result<Record, Raised>> {
        let (envelope, object) = (self.listing.envelope, self.listing.object);
        List::new(self, envelope, Some(object)).records()
    }
}

/// Registers every list.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for (object, list) in catalogue::lists() {
        let least = usize::from(list.parent.is_some());
        let most = least + usize::from(!list.keys().is_empty());
        for count in least..=most + 1 {
            let host = Rc::clone(host);
            let types = vec![TypeId::of::<Dynamic>(); count];
            engine.register_raw_fn(list.name, types, move |_, values| {
                let mut values = owned(values);
                let tenant = tenant_of(&mut values, &host);
                if !(least..=most).contains(&values.len()) {
                    return Err(mistake(
                        format!("{} takes {most} values, and got {}", list.name, values.len()),
                        format!("write {}", list.signature()),
                    ));
                }
                let query = query(tenant, object, list, values)?;
                Ok(Dynamic::from(List::new(Rc::new(query), list.envelope, Some(object))))
            });
        }
    }
}

fn query(
    tenant: Tenant,
    object: &'static Object,
    list: &'static catalogue::List,
    values: Vec<Dynamic>,
) -> Result<Query, Raised> {
    let mut values = values.into_iter();
    let mut parameters = Vec::new();
    let mut path = list.path.to_string();
    let mut within = None;
    if let Some(parent) = list.parent {
        let value = values.next().unwrap_or_default();
        if parent == "model" {
            parameters.push(("model".to_string(), model(&value)?));
        } else {
            let key = parent_key(&tenant, parent, &value, list.name)?;
            path = path.replace("{parent}", &key.segment());
            within = Some((parent, key.text().to_string()));
        }
    }
    let options = match values.next() {
        Some(value) => value.read_lock::<Map>().map(|map| map.clone()).ok_or_else(|| {
            mistake(
                format!("{} takes its filters as a map, and got {}", list.name, described(&value)),
                format!("write {}", list.signature()),
            )
        })?,
        None => Map::new(),
    };
    for (key, value) in &options {
        if let Some((parent, below)) = list.within.iter().find(|(parent, _)| *parent == key.as_str()) {
            if within.is_some() {
                return Err(mistake(
                    format!("{} can be narrowed to one record, not to two", list.name),
                    "give either account or organization, and filter the result with .where(…)",
                ));
            }
            let key = parent_key(&tenant, parent, value, list.name)?;
            path = below.replace("{parent}", &key.segment());
            within = Some((*parent, key.text().to_string()));
        } else {
            parameters.push((key.to_string(), filter_text(list, key, value)?));
        }
    }
    for filter in list.filters {
        if let Some(default) = filter.default.filter(|_| !options.contains_key(filter.name)) {
            parameters.push((filter.name.to_string(), default.to_string()));
        }
    }
    let listing = Listing { object, within, path, query: parameters, envelope: list.envelope };
    Ok(Query { tenant, name: list.name, listing })
}

fn filter_text(list: &'static catalogue::List, key: &str, value: &Dynamic) -> Result<String, Raised> {
    let filter = list.filters.iter().find(|filter| filter.name == key);
    let values: &[&str] = match filter {
        Some(filter) => filter.values,
        None if key == "sortBy" && list.sortable => &["createdAt", "updatedAt"],
        None => {
            let keys = list.keys();
            return Err(mistake(
                format!("{} has no filter \"{key}\"{}", list.name, did_you_mean(key, keys.iter().copied())),
                if keys.is_empty() {
                    "it takes no filters; use .where(…) on the result".to_string()
                } else {
                    format!("it knows: {}. Use .where(…) for anything else", keys.join(", "))
                },
            ));
        }
    };
    let record = value.read_lock::<Record>().and_then(|record| record.id().map(ToString::to_string));
    let text = record.unwrap_or_else(|| value.to_string());
    let fits = if values.is_empty() {
        value.is_string() || value.is::<Record>()
    } else {
        values.contains(&text.as_str())
    };
    if fits {
        return Ok(text);
    }
    let choices = if values.is_empty() { "text".to_string() } else { values.join(", ") };
    Err(mistake(
        format!(
            "{}: \"{key}\" cannot be {}{}",
            list.name,
            described(value),
            did_you_mean(&text, values.iter().copied())
        ),
        format!("it can be: {choices}"),
    ))
}

fn model(value: &Dynamic) -> Result<String, Raised> {
    let text = value.to_string();
    if value.is_string() && catalogue::MODELS.contains(&text.as_str()) {
        return Ok(text);
    }
    Err(mistake(
        format!(
            "custom_fields knows no model {}{}",
            described(value),
            did_you_mean(&text, catalogue::MODELS.iter().copied())
        ),
        format!("the models are: {}", catalogue::MODELS.join(", ")),
    ))
}
