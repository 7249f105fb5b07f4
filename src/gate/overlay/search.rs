//! Searches: one criterion of the query, checked again against what this run changed.

use super::belongs::is_at;
use super::table::State;
use super::{Met, Overlay, segment, text_of, texts};
use crate::catalogue;
use crate::gate::ask::Ask;
use crate::gate::change::Fields;
use serde_json::{Value, json};

impl Overlay {
    /// The answer of a search that Vitally cannot know anything about: below a record of this run, or for one.
    #[allow(
        clippy::option_option,
        reason = "the outer None is \"not known here\", the inner one is an answer"
    )]
    pub(super) fn known_search(&self, ask: &Ask) -> Option<Option<Value>> {
        if ask.object.name != "custom_object_instance" {
            return None;
        }
        let object = catalogue::object("custom_object")?;
        match self.alone(object, &segment(&ask.path, 1)?) {
            Some(true) => return Some(Some(self.found(ask).into())),
            Some(false) => return Some(None),
            None => {}
        }
        let (name, wanted) = ask.query.first()?;
        let kind = match name.as_str() {
            "id" => "custom_object_instance",
            "customerId" => "account",
            "organizationId" => "organization",
            _ => return None,
        };
        let ours = self.entry(kind, wanted).is_some_and(|entry| entry.state != State::Changed);
        ours.then(|| Some(self.found(ask).into()))
    }

    /// Vitally's answer to a search with the changes of this run, in the envelope it came in.
    pub(super) fn seen_search(&mut self, ask: &Ask, answer: Option<Value>) -> Option<Value> {
        let mut own = self.found(ask);
        let Some(mut answer) = answer else {
            return (!own.is_empty()).then(|| json!({ "results": own }));
        };
        let bare = answer.is_object() && answer.get("id").is_some();
        let list = match &mut answer {
            Value::Array(list) => Some(list),
            Value::Object(fields) if !bare => ["results", "data"]
                .into_iter()
                .find(|name| fields.get(*name).is_some_and(Value::is_array))
                .and_then(|name| fields.get_mut(name)?.as_array_mut()),
            _ => None,
        };
        let Some(list) = list else {
            let Value::Object(record) = answer else { return Some(answer) };
            return self.found_one(ask, record);
        };
        let found = std::mem::take(list).into_iter();
        own.extend(found.filter_map(|one| match one {
            Value::Object(record) => self.found_one(ask, record),
            other => Some(other),
        }));
        *list = own;
        Some(answer)
    }

    /// A record that Vitally found, if it is still to be found.
    fn found_one(&mut self, ask: &Ask, record: Fields) -> Option<Value> {
        if ask.object.name == "user" {
            self.learnt.user(&record);
        }
        let fitted = self.fits(ask, &record);
        let touched = match self.met(ask.object, &record) {
            Met::Gone => return None,
            Met::Changed(_) => true,
            Met::Unknown => false,
        };
        let record = self.laid_over(ask.object, record)?;
        let dropped = touched && fitted && !self.fits(ask, &record);
        (!dropped).then_some(Value::Object(record))
    }

    /// The records that Vitally would find and does not, the newest first.
    fn found(&self, ask: &Ask) -> Vec<Value> {
        let Some(table) = self.table(ask.object.name) else { return Vec::new() };
        let mut found = Vec::new();
        for place in (0..table.len()).rev() {
            let entry = table.at(place);
            if !(entry.state == State::Made || entry.has_base()) {
                continue;
            }
            let found_already = entry.base().is_some_and(|base| self.fits(ask, &base));
            let Some(record) = self.shown(ask.object, place) else { continue };
            if !found_already && self.fits(ask, &record) {
                found.push(Value::Object(record));
            }
        }
        found
    }

    /// Whether a search finds a record like this.
    fn fits(&self, ask: &Ask, record: &Fields) -> bool {
        let instance = ask.object.name == "custom_object_instance";
        if instance {
            let object = segment(&ask.path, 1).unwrap_or_default();
            let own = text_of(record, "customObjectId");
            if !own.is_some_and(|own| self.same("custom_object", own, &object)) {
                return false;
            }
            // Archived records are found by their ids only.
            let direct = ask.query.iter().any(|(name, _)| matches!(name.as_str(), "id" | "externalId"));
            if !direct && record.get("archivedAt").is_some_and(|at| !at.is_null()) {
                return false;
            }
        }
        let param =
            |name: &str| ask.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = param("customFieldValue");
        if param("customFieldId").is_some() || value.is_some() {
            return self.has_trait(ask, record, param("customFieldId"), value);
        }
        ask.query.iter().all(|(name, wanted)| match name.as_str() {
            "email" => {
                text_of(record, "email").is_some_and(|own| own.to_lowercase() == wanted.to_lowercase())
            }
            "emailSubdomain" => is_at(record.get("email"), wanted),
            "id" => text_of(record, "id").is_some_and(|id| self.same(ask.object.name, id, wanted)),
            "externalId" => text_of(record, "externalId") == Some(wanted),
            "customerId" => {
                let linked = texts(record.get("customers"), "id");
                let own = text_of(record, "customerId");
                linked.iter().map(String::as_str).chain(own).any(|id| self.same("account", id, wanted))
            }
            "organizationId" => {
                text_of(record, "organizationId").is_some_and(|id| self.same("organization", id, wanted))
            }
            _ => true,
        })
    }

    /// Whether a trait, or any if none is named, holds a value, or is set if none is given.
    fn has_trait(&self, ask: &Ask, record: &Fields, field: Option<&str>, value: Option<&str>) -> bool {
        let path = field.map(|id| self.path_of_field(ask, id).unwrap_or_default());
        let traits = record.get("traits").and_then(Value::as_object).into_iter().flatten();
        traits.filter(|(_, set)| !set.is_null()).any(|(key, set)| {
            let text = set.as_str().map_or_else(|| set.to_string(), String::from);
            path.as_ref().is_none_or(|path| path == key) && value.is_none_or(|value| value == text)
        })
    }

    /// The key in traits of a field of the custom object that is searched, where this run has read the object.
    fn path_of_field(&self, ask: &Ask, id: &str) -> Option<String> {
        let key = self.canonical("custom_object", &segment(&ask.path, 1)?);
        let page = catalogue::object("custom_object")?;
        let learnt = self.learnt.whole(page.name, &key).and_then(|whole| whole.as_object().cloned());
        let object = match self.place(page.name, &key) {
            Some(place) => self.record_of(page, place, learnt),
            None => learnt?,
        };
        let fields = object.get("customFields")?.as_array()?;
        fields.iter().find(|field| field["id"] == id)?["path"].as_str().map(String::from)
    }
}
