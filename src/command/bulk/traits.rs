//! The traits that are defined for an object: their keys, the names people see, and their types.

use super::columns::plain;
use crate::catalogue::{Field, Kind, Object};
use crate::gate::Gate;
use serde_json::Value;

/// What the cells of a trait are to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraitType {
    /// Text, or whatever a workbook holds.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// A day or a time.
    Date,
}

/// One trait.
#[derive(Clone, Debug)]
pub struct Trait {
    /// Its key in `traits`.
    pub key: String,
    /// The name people see.
    label: String,
    /// Its type.
    pub kind: TraitType,
    /// The choices of a choice field: what people see, and what is written.
    pub choices: Vec<(String, String)>,
    /// It is not defined in Vitally yet.
    pub new: bool,
}

impl Trait {
    /// A trait that nobody defined.
    pub fn new(key: &str) -> Trait {
        Trait { key: key.into(), label: key.into(), kind: TraitType::Text, choices: Vec::new(), new: true }
    }

    /// The trait that a field is a view of.
    pub fn like(field: &Field) -> Trait {
        let kind = match field.kind {
            Kind::Number | Kind::Integer => TraitType::Number,
            Kind::Boolean => TraitType::YesNo,
            Kind::Date | Kind::DateTime => TraitType::Date,
            _ => TraitType::Text,
        };
        Trait { kind, new: false, ..Trait::new(field.name) }
    }

    fn defined(field: &Value) -> Option<Trait> {
        let text = |name: &str| field[name].as_str().map(ToString::to_string);
        let key = text("path")?;
        let kind = match field["type"].as_str().unwrap_or_default() {
            "number" | "integer" | "float" | "currency" | "percent" => TraitType::Number,
            "boolean" => TraitType::YesNo,
            "date" | "datetime" => TraitType::Date,
            _ => TraitType::Text,
        };
        let choice = |choice: &Value| {
            let value = choice["value"].as_str()?;
            Some((choice["label"].as_str().unwrap_or(value).to_string(), value.to_string()))
        };
        let choices = field["options"].as_array().into_iter().flatten().filter_map(choice).collect();
        Some(Trait { label: text("label").unwrap_or_else(|| key.clone()), key, kind, choices, new: false })
    }

    /// The part of the key behind the last point, as people shorten it.
    fn short(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }
}

/// The traits of an object.
#[derive(Default)]
pub struct Traits(Vec<Trait>);

impl Traits {
    /// Asks Vitally for them; none if the object has none, or they cannot be read.
    pub fn of(gate: &Gate, object: &Object, parent: Option<&str>) -> Traits {
        if object.field("traits").is_none() {
            return Traits::default();
        }
        let mut query = Vec::new();
        if object.name == "custom_object_instance" {
            query.push(("model".to_string(), "customObjects".to_string()));
            query.extend(parent.map(|id| ("customObjectId".to_string(), id.to_string())));
        } else {
            query.push(("model".to_string(), format!("{}s", object.name)));
        }
        let answer = gate.fetch("/customFields", &query).ok();
        let fields = answer.and_then(|answer| serde_json::from_slice::<Vec<Value>>(answer.body()).ok());
        Traits(fields.unwrap_or_default().iter().filter_map(Trait::defined).collect())
    }

    /// The trait of this key, name or short key.
    pub fn find(&self, name: &str) -> Option<Trait> {
        let all = || self.0.iter();
        let name = name.strip_prefix("traits.").unwrap_or(name);
        let exact = all().find(|one| one.key == name);
        let plainly = plain(name);
        let by = |of: fn(&Trait) -> &str| all().find(|one| plain(of(one)) == plainly);
        exact
            .or_else(|| by(|one| &one.key))
            .or_else(|| by(|one| &one.label))
            .or_else(|| by(Trait::short))
            .cloned()
    }

    /// Whether there is a trait of this key, name or short key.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Their names, for advice.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|one| [one.label.as_str(), one.short()])
    }
}
