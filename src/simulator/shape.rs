//! The shapes of JSON values, and the report of what does not fit, in the service's own form (an Ajv error list).

use serde_json::{Value, json};

use super::html;
use super::moment;
use super::request::Fields;

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    /// Text of at least one character.
    Filled,
    Html,
    Number,
    /// A number from 0 to 10.
    Score,
    Boolean,
    DateTime,
    Date,
    Traits,
    /// Only null may be sent.
    Nothing,
    Choice(&'static [&'static str]),
    List(&'static Shape),
    Object(&'static [Entry]),
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The key on the wire.
    pub name: &'static str,
    /// The shape of its value.
    pub shape: Shape,
    /// Null is accepted.
    pub null: bool,
    /// It must be present.
    pub required: bool,
}

/// A key that must be present.
pub(super) const fn must(name: &'static str, shape: Shape) -> Entry {
    Entry { name, shape, null: false, required: true }
}

/// A key that may be left out, but not be null.
pub(super) const fn may(name: &'static str, shape: Shape) -> Entry {
    Entry { name, shape, null: false, required: false }
}

/// A key that may be left out or be null.
pub(super) const fn null(name: &'static str, shape: Shape) -> Entry {
    Entry { name, shape, null: true, required: false }
}

/// The issues with an object's keys.
pub(super) fn issues_of(entries: &[Entry], fields: &Fields) -> Vec<Value> {
    let mut issues = Vec::new();
    object(entries, fields, "", "#", &mut issues);
    issues
}

/// The issue "one of these keys must be present".
pub(super) fn none_of(names: &[&str], path: &str) -> Vec<Value> {
    let each = names.iter().enumerate().map(|(at, name)| missing(name, path, &format!("#/anyOf/{at}")));
    let whole = issue(path, "#/anyOf", "anyOf", &json!({}), "must match a schema in anyOf");
    each.chain(std::iter::once(whole)).collect()
}

/// One issue.
pub(super) fn issue(path: &str, schema: &str, keyword: &str, params: &Value, message: &str) -> Value {
    json!({
        "instancePath": path, "schemaPath": schema, "keyword": keyword, "params": params, "message": message,
    })
}

/// A value as it is stored: dates in the API's form, HTML stripped.
pub(super) fn stored(shape: Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::DateTime, Value::String(text)) => moment::parse(text).map_or(Value::Null, moment::value),
        (Shape::Date, Value::String(text)) => {
            moment::parse(text).map_or(Value::Null, |ms| Value::String(moment::date(ms)))
        }
        (Shape::Html, Value::String(text)) => Value::String(html::strip(text)),
        _ => value.clone(),
    }
}

fn object(entries: &[Entry], fields: &Fields, path: &str, schema: &str, issues: &mut Vec<Value>) {
    for entry in entries {
        let here = format!("{path}/{}", entry.name);
        let place = format!("{schema}/properties/{}", entry.name);
        match fields.get(entry.name) {
            None if entry.required => issues.push(missing(entry.name, path, schema)),
            None => {}
            Some(Value::Null) if entry.null || matches!(entry.shape, Shape::Nothing) => {}
            Some(value) => check(entry.shape, entry.null, value, &here, &place, issues),
        }
    }
}

fn missing(name: &str, path: &str, schema: &str) -> Value {
    let message = format!("must have required property '{name}'");
    issue(path, &format!("{schema}/required"), "required", &json!({ "missingProperty": name }), &message)
}

fn check(shape: Shape, null: bool, value: &Value, path: &str, schema: &str, issues: &mut Vec<Value>) {
    if let Some(wrong) = wrong_type(shape, null, value, path, schema) {
        issues.push(wrong);
        return;
    }
    match (shape, value) {
        (Shape::Filled, Value::String(text)) if text.is_empty() => {
            let message = "must NOT have fewer than 1 characters";
            let place = format!("{schema}/minLength");
            issues.push(issue(path, &place, "minLength", &json!({ "limit": 1 }), message));
        }
        (Shape::DateTime, Value::String(text)) if moment::parse(text).is_none() => {
            issues.push(wrong_format("date-time", path, schema));
        }
        (Shape::Date, Value::String(text)) if moment::parse(text).is_none() => {
            issues.push(wrong_format("date", path, schema));
        }
        (Shape::Score, Value::Number(number)) => {
            let score = number.as_f64().unwrap_or(-1.0);
            if !(0.0..=10.0).contains(&score) {
                let (keyword, sign, edge) =
                    if score < 0.0 { ("minimum", ">=", 0) } else { ("maximum", "<=", 10) };
                let params = json!({ "comparison": sign, "limit": edge });
                let place = format!("{schema}/{keyword}");
                issues.push(issue(path, &place, keyword, &params, &format!("must be {sign} {edge}")));
            }
        }
        (Shape::Choice(words), Value::String(text)) if !words.contains(&text.as_str()) => {
            let params = json!({ "allowedValues": words });
            let message = "must be equal to one of the allowed values";
            issues.push(issue(path, &format!("{schema}/enum"), "enum", &params, message));
        }
        (Shape::List(inner), Value::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                check(*inner, false, item, &format!("{path}/{at}"), &format!("{schema}/items"), issues);
            }
        }
        (Shape::Object(entries), Value::Object(fields)) => object(entries, fields, path, schema, issues),
        _ => {}
    }
}

fn wrong_format(format: &str, path: &str, schema: &str) -> Value {
    let message = format!("must match format \"{format}\"");
    issue(path, &format!("{schema}/format"), "format", &json!({ "format": format }), &message)
}

fn wrong_type(shape: Shape, null: bool, value: &Value, path: &str, schema: &str) -> Option<Value> {
    let (word, fits) = match shape {
        Shape::Number | Shape::Score => ("number", value.is_number()),
        Shape::Boolean => ("boolean", value.is_boolean()),
        Shape::Traits | Shape::Object(_) => ("object", value.is_object()),
        Shape::List(_) => ("array", value.is_array()),
        Shape::Nothing => ("null", value.is_null()),
        _ => ("string", value.is_string()),
    };
    if fits {
        return None;
    }
    let (params, words) = if null {
        (json!({ "type": [word, "null"] }), format!("{word},null"))
    } else {
        (json!({ "type": word }), word.to_string())
    };
    Some(issue(path, &format!("{schema}/type"), "type", &params, &format!("must be {words}")))
}
