//! Verbs that put items together by what they are.

use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::rows::Call;
use super::value::to_json;
use super::words::described;
use rhai::{Array, Dynamic, Map};
use std::collections::HashSet;

/// What groups call the items whose value is `()`.
const EMPTY: &str = "(empty)";

/// `group_by(what)`: a map from what it is to the items.
pub fn group_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut groups = Map::new();
    keyed(call, |key, item| {
        let group = groups.entry(key.into()).or_insert_with(|| Array::new().into());
        if let Some(mut group) = group.write_lock::<Array>() {
            group.push(item.clone());
        }
    })?;
    Ok(groups.into())
}

/// `count_by(what)`: a map from what it is to how many.
pub fn count_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut counts = Map::new();
    keyed(call, |key, _| {
        let count = counts.entry(key.into()).or_insert(Dynamic::ZERO);
        *count = (count.as_int().unwrap_or(0) + 1).into();
    })?;
    Ok(counts.into())
}

/// `index_by(what)`: a map from what it is to the item; the last one of several stays.
pub fn index_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut index = Map::new();
    keyed(call, |key, item| {
        index.insert(key.into(), item.clone());
    })?;
    Ok(index.into())
}

fn keyed(call: &Call, mut put: impl FnMut(&str, &Dynamic)) -> Result<(), Raised> {
    let by = call.by(0)?;
    call.rows.each(|item, place| {
        let fits = by.scalar(item, place, |key| {
            match key {
                Scalar::Text(text) => put(text, item),
                Scalar::Empty => put(EMPTY, item),
                Scalar::Bool(value) => put(if value { "true" } else { "false" }, item),
                Scalar::Integer(value) => put(&value.to_string(), item),
                Scalar::Number(value) => put(&Dynamic::from_float(value).to_string(), item),
                Scalar::Other => return false,
            }
            true
        })?;
        if fits {
            return Ok(());
        }
        let value = by.value(item, place)?;
        Err(mistake(
            format!("{} needs one text or number for each item, and got {}", call.verb(), described(&value)),
            format!("such as {}(|item| item.name)", call.verb()),
        ))
    })
}

/// `unique()` and `unique(what)`: the first of each.
pub fn unique(call: &Call) -> Result<Dynamic, Raised> {
    let by = call.by(0)?;
    let mut seen = HashSet::new();
    let mut unique = Array::new();
    call.rows.each(|item, place| {
        if seen.insert(identity(&by.value(item, place)?)?) {
            unique.push(item.clone());
        }
        Ok(())
    })?;
    Ok(unique.into())
}

/// A text that is the same for values that are the same.
fn identity(value: &Dynamic) -> Result<String, Raised> {
    match Scalar::with(value, |scalar| match scalar {
        Scalar::Text(text) => Some(format!("text {text}")),
        Scalar::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(format!("{number:.0}"))
        }
        _ => None,
    }) {
        Some(identity) => Ok(identity),
        None => Ok(to_json(value)?.to_string()),
    }
}
