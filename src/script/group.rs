//! Verbs that put items together by what they are.

use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::rows::{By, Call};
use super::total::plus;
use super::value::to_json;
use super::words::described;
use rhai::{Array, Dynamic, Map};
use std::collections::HashSet;

/// What groups call the items whose value is `()`.
pub const EMPTY: &str = "(empty)";

/// `group_by(what)`: a map from what it is to the items.
pub fn group_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut groups = Map::new();
    keyed(call, |key, item, _| {
        let group = groups.entry(key.into()).or_insert_with(|| Array::new().into());
        if let Some(mut group) = group.write_lock::<Array>() {
            group.push(item.clone());
        }
        Ok(())
    })?;
    Ok(groups.into())
}

/// `count_by(what)`: a map from what it is to how many.
pub fn count_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut counts = Map::new();
    keyed(call, |key, _, _| {
        let count = counts.entry(key.into()).or_insert(Dynamic::ZERO);
        *count = (count.as_int().unwrap_or(0) + 1).into();
        Ok(())
    })?;
    Ok(counts.into())
}

/// `sum_by(what, amount)`: a map from what it is to the sum of the amounts; empty amounts count as nothing.
pub fn sum_by(call: &Call) -> Result<Dynamic, Raised> {
    let amount = call.by(1)?;
    let mut sums = Map::new();
    keyed(call, |key, item, place| {
        let sum = sums.entry(key.into()).or_insert(Dynamic::ZERO);
        *sum = plus(sum, &amount.value(item, place)?, call.verb())?;
        Ok(())
    })?;
    Ok(sums.into())
}

/// `index_by(what)`: a map from what it is to the item; the last one of several stays.
pub fn index_by(call: &Call) -> Result<Dynamic, Raised> {
    let mut index = Map::new();
    keyed(call, |key, item, _| {
        index.insert(key.into(), item.clone());
        Ok(())
    })?;
    Ok(index.into())
}

fn keyed(
    call: &Call,
    mut put: impl FnMut(&str, &Dynamic, usize) -> Result<(), Raised>,
) -> Result<(), Raised> {
    let by = call.by(0)?;
    call.rows.each(|item, place| put(&key(call, &by, item, place)?, item, place))
}

/// What an item is called in a map: the text of a text, a number, yes or no, or of nothing.
pub fn key(call: &Call, by: &By, item: &Dynamic, place: usize) -> Result<String, Raised> {
    let key = by.scalar(item, place, |key| match key {
        Scalar::Text(text) => Some(text.to_string()),
        Scalar::Empty => Some(EMPTY.to_string()),
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Integer(value) => Some(value.to_string()),
        Scalar::Number(value) => Some(Dynamic::from_float(value).to_string()),
        Scalar::Other => None,
    })?;
    if let Some(key) = key {
        return Ok(key);
    }
    let value = by.value(item, place)?;
    Err(mistake(
        format!("{} needs one text or number for each item, and got {}", call.verb(), described(&value)),
        format!("such as {}(|item| item.name)", call.verb()),
    ))
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
