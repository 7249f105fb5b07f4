//! When two script values are the same: by what they hold, a record like the map of its fields.

use super::record::Record;
use super::value;
use crate::tape::{Node, Read};
use rhai::{Array, Dynamic, Map};
use serde_json::Value;

/// Whether two values are the same. A whole number equals the same number with a point; text never equals a number.
pub fn same(one: &Dynamic, two: &Dynamic) -> bool {
    if let (Ok(one), Ok(two)) = (one.as_int(), two.as_int()) {
        return one == two;
    }
    if let (Some(one), Some(two)) = (number(one), number(two)) {
        return close(one, two);
    }
    if let (Ok(one), Ok(two)) = (one.as_immutable_string_ref(), two.as_immutable_string_ref()) {
        return *one == *two;
    }
    if one.is_unit() || two.is_unit() {
        return one.is_unit() && two.is_unit();
    }
    if let (Ok(one), Ok(two)) = (one.as_bool(), two.as_bool()) {
        return one == two;
    }
    if let (Some(one), Some(two)) = (one.read_lock::<Record>(), two.read_lock::<Record>()) {
        return records(&one, &two);
    }
    if let (Some(one), Some(two)) = (one.read_lock::<Array>(), two.read_lock::<Array>()) {
        return arrays(&one, &two);
    }
    if let (Some(one), Some(two)) = (one.read_lock::<Map>(), two.read_lock::<Map>()) {
        return maps(&one, &two);
    }
    match (value::to_json(one), value::to_json(two)) {
        (Ok(one), Ok(two)) => values(&one, &two),
        _ => false,
    }
}

/// Whether two arrays hold the same, in the same order.
pub fn arrays(one: &[Dynamic], two: &[Dynamic]) -> bool {
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
}

/// Whether two maps hold the same under the same keys.
pub fn maps(one: &Map, two: &Map) -> bool {
    let mut pairs = one.iter();
    one.len() == two.len() && pairs.all(|(key, one)| two.get(key).is_some_and(|two| same(one, two)))
}

/// Whether two records hold the same.
pub fn records(one: &Record, two: &Record) -> bool {
    one.is_same(two) || nodes(one.node(), two.node())
}

/// Whether two numbers only differ by what computing lost, as `0.1 + 0.2` and `0.3` do.
#[allow(clippy::float_cmp, reason = "what is not equal is then compared within a margin")]
pub fn close(one: f64, two: f64) -> bool {
    let size = one.abs().max(two.abs());
    one == two || ((one - two).abs() <= size * f64::EPSILON && size.is_finite())
}

fn number(value: &Dynamic) -> Option<f64> {
    value.as_float().ok().or_else(|| value.as_int().ok().map(|whole| whole as f64))
}

/// Whether two values of pages are the same.
fn nodes(one: Node, two: Node) -> bool {
    match (one.read(), two.read()) {
        (Read::Null, Read::Null) => true,
        (Read::Bool(one), Read::Bool(two)) => one == two,
        (Read::Integer(one), Read::Integer(two)) => one == two,
        (Read::Text(one), Read::Text(two)) => one == two,
        (Read::List, Read::List) => {
            let (mut one, mut two) = (one.items().into_iter().flatten(), two.items().into_iter().flatten());
            loop {
                match (one.next(), two.next()) {
                    (None, None) => return true,
                    (Some(one), Some(two)) if nodes(one, two) => {}
                    _ => return false,
                }
            }
        }
        (Read::Object, Read::Object) => {
            let count = |node: Node| node.entries().map_or(0, |entries| entries.len());
            let mut entries = one.entries().into_iter().flatten();
            count(one) == count(two)
                && entries.all(|(key, one)| two.get(key).is_some_and(|two| nodes(one, two)))
        }
        _ => values(&one.to_value(), &two.to_value()),
    }
}

/// Whether two JSON values are the same; the order of keys does not matter, nor does `1` against `1.0`.
fn values(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) if one.is_f64() || two.is_f64() => {
            one.as_f64() == two.as_f64()
        }
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| values(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, one)| two.get(key).is_some_and(|two| values(one, two)))
        }
        _ => one == two,
    }
}
