//! The map of fields a script gives to `create_…` and `update_…`, checked against the catalogue before anything
//! is sent. The checks never refuse what Vitally would accept: unknown traits pass, unknown fields do not.

use super::raise::{Raised, mistake};
use super::record::Record;
use super::value::{self, Clear};
use super::words::{described, did_you_mean};
use crate::catalogue::{Action, Effect, Field, Kind, Object};
use rhai::{Array, Dynamic, Map};
use serde_json::{Map as Json, Value};

/// The checked fields, split by where they travel.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Keys of the query string.
    pub query: Vec<(String, String)>,
    /// The JSON body.
    pub body: Json<String, Value>,
}

/// Checks the map of an action that writes.
pub fn sorted(object: &'static Object, action: &'static Action, map: &Map) -> Result<Sorted, Raised> {
    let mut sorted = Sorted::default();
    for (key, value) in map {
        if action.query.contains(&key.as_str()) {
            sorted.query.push((key.to_string(), query_text(action, key, value)?));
            continue;
        }
        let field = writable(object, action, key)?;
        if value.is_unit() {
            if action.effect == Effect::Create {
                continue;
            }
            return Err(empty_value(action, key));
        }
        let json = converted(action, field, value)?;
        sorted.body.insert(key.to_string(), json);
    }
    if let Some(what) = missing_keys(action, &|key| sorted.body.contains_key(key)) {
        return Err(missing(object, action, &what));
    }
    Ok(sorted)
}

/// The keys an action accepts in its map.
pub fn accepted(object: &'static Object, action: &'static Action) -> Vec<&'static str> {
    let may = |field: &&Field| match action.effect {
        Effect::Create => field.access.create,
        Effect::Update => field.access.update,
        Effect::Read | Effect::Delete => false,
    };
    let fields = object.fields.iter().filter(may).map(|field| field.name);
    fields.chain(action.query.iter().copied()).collect()
}

fn writable(object: &'static Object, action: &'static Action, key: &str) -> Result<&'static Field, Raised> {
    match (key_problem(object, action, key), object.field(key)) {
        (None, Some(field)) => Ok(field),
        (Some((message, help)), _) => Err(mistake(message, help)),
        (None, None) => Err(mistake(format!("{} cannot set \"{key}\"", action.name), "check the spelling")),
    }
}

/// Why an action does not take a key, and what to do; `None` if it does.
pub fn key_problem(object: &'static Object, action: &'static Action, key: &str) -> Option<(String, String)> {
    let accepted = accepted(object, action);
    if accepted.contains(&key) {
        return None;
    }
    let keys = accepted.join(", ");
    if let Some(field) = object.field(key) {
        let why = if field.access.create { "it is set when the record is made" } else { field.doc };
        let message = format!("{} cannot set \"{key}\": {}", action.name, lower_first(why));
        return Some((message, format!("it can set: {keys}")));
    }
    let near = did_you_mean(key, accepted.iter().copied());
    let help = format!("it can set: {keys}. Your own fields go into traits: #{{ … }}");
    Some((format!("{} knows no field \"{key}\"{near}", action.name), help))
}

/// What an action needs and these keys do not give.
pub fn missing_keys(action: &Action, has: &dyn Fn(&str) -> bool) -> Option<String> {
    if let Some(key) = action.required.iter().find(|key| !has(key)) {
        return Some(format!("\"{key}\""));
    }
    let group = action.one_of.iter().find(|group| !group.iter().any(|key| has(key)))?;
    Some(format!("\"{}\"", group.join("\" or \"")))
}

fn missing(object: &Object, action: &Action, what: &str) -> Raised {
    mistake(
        format!("{} needs {what}", action.name),
        format!("see `vitally-script docs {}` for an example; it makes: {}", action.name, object.doc),
    )
}

fn empty_value(action: &Action, key: &str) -> Raised {
    mistake(
        format!("{} got an empty value, (), for \"{key}\": this would erase it", action.name),
        "write CLEAR to erase it on purpose, or leave the key out to keep what is there",
    )
}

fn query_text(action: &Action, key: &str, value: &Dynamic) -> Result<String, Raised> {
    match value::to_json(value)? {
        Value::String(text) if !text.is_empty() => Ok(text),
        _ => Err(mistake(
            format!("{} needs text for \"{key}\", and got {}", action.name, described(value)),
            "put the value in double quotes",
        )),
    }
}

/// The value as Vitally wants it for this field.
fn converted(action: &Action, field: &Field, value: &Dynamic) -> Result<Value, Raised> {
    let wrong = || {
        let advice = match field.kind {
            Kind::Text | Kind::Html if value.is_int() || value.is_float() => {
                format!("Vitally does not turn numbers into text; write \"{value}\"")
            }
            Kind::Number | Kind::Integer if value.is_string() => {
                "use num(…) to turn text into a number".to_string()
            }
            _ => format!("{}: {}", field.name, field.doc),
        };
        mistake(
            format!(
                "{}: \"{}\" must be {}, and got {}",
                action.name,
                field.name,
                field.kind.words(),
                described(value)
            ),
            advice,
        )
    };
    if value.is::<Clear>() {
        if field.access.null {
            return Ok(Value::Null);
        }
        return Err(mistake(
            format!("{}: \"{}\" can never be empty, so it cannot be cleared", action.name, field.name),
            "give it a new value, or leave it out",
        ));
    }
    let json = match field.kind {
        Kind::Traits => return traits(action, value, &wrong),
        Kind::Id => match value.read_lock::<Record>() {
            Some(record) => Value::from(record.id().ok_or_else(wrong)?),
            None => value::to_json(value)?,
        },
        Kind::Ids => Value::Array(ids(value).ok_or_else(wrong)?),
        Kind::Participants | Kind::Messages if value.is_string() => {
            let text = value.clone().into_immutable_string().unwrap_or_default();
            serde_json::from_str::<Value>(&text).map_err(|cause| {
                mistake(
                    format!("{}: the text for \"{}\" is not JSON: {cause}", action.name, field.name),
                    "give a list such as [#{ type: \"user\", id: \"…\" }], or the same as JSON text",
                )
            })?
        }
        Kind::DateTime => date_time(value::to_json(value)?),
        _ => value::to_json(value)?,
    };
    let fits = match field.kind {
        Kind::Id | Kind::Text | Kind::Html | Kind::Choice(_) | Kind::DateTime | Kind::Date => {
            json.is_string()
        }
        Kind::Number => json.is_number(),
        Kind::Integer => json.as_f64().is_some_and(|number| number.fract() == 0.0),
        Kind::Boolean => json.is_boolean(),
        Kind::Participant | Kind::One(_) => json.is_object(),
        Kind::Participants | Kind::Messages | Kind::Many(_) | Kind::Ids => json.is_array(),
        Kind::Texts => json.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        Kind::Traits | Kind::Any => true,
    };
    if fits { Ok(json) } else { Err(wrong()) }
}

/// Traits: a map in which `CLEAR` erases and `()` is refused, except when the record is new.
fn traits(action: &Action, value: &Dynamic, wrong: &dyn Fn() -> Raised) -> Result<Value, Raised> {
    let Some(map) = value.read_lock::<Map>() else {
        let record = value.read_lock::<Record>().map(|record| record.to_value());
        return record.filter(Value::is_object).ok_or_else(wrong);
    };
    let mut json = Json::new();
    for (key, value) in map.iter() {
        if value.is::<Clear>() {
            json.insert(key.to_string(), Value::Null);
        } else if !value.is_unit() {
            json.insert(key.to_string(), value::to_json(value)?);
        } else if action.effect != Effect::Create {
            return Err(empty_value(action, &format!("traits.{key}")));
        }
    }
    Ok(Value::Object(json))
}

fn ids(value: &Dynamic) -> Option<Vec<Value>> {
    let items = value.read_lock::<Array>()?;
    items
        .iter()
        .map(|item| match item.read_lock::<Record>() {
            Some(record) => record.id().map(Value::from),
            None => item.as_immutable_string_ref().ok().map(|text| Value::from(text.as_str())),
        })
        .collect()
}

/// A plain day where Vitally wants a time means the start of that day.
fn date_time(value: Value) -> Value {
    match &value {
        Value::String(text) if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() => {
            Value::from(format!("{text}T00:00:00.000Z"))
        }
        _ => value,
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
