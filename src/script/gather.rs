//! Verbs that go through all items: to hold them, count them, find one, fold them into one value.

use super::equal;
use super::library::secret::Secret;
use super::raise::{Raised, mistake};
use super::room;
use super::rows::{Call, Rows};
use super::value;
use super::words::described;
use rhai::{Dynamic, ImmutableString};
use std::ops::ControlFlow::{Break, Continue};

/// `to_array()`.
pub fn to_array(call: &Call) -> Result<Dynamic, Raised> {
    call.rows.to_array().map(Dynamic::from)
}

/// `len()` of a lazy list: fetches all of it.
pub fn len(call: &Call) -> Result<Dynamic, Raised> {
    count(call.rows).map(Dynamic::from)
}

/// How many there are.
pub fn count(rows: Rows) -> Result<i64, Raised> {
    let mut count = 0;
    rows.each(|_, _| {
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

/// `is_empty()` of a lazy list: fetches up to its first item.
pub fn is_empty(call: &Call) -> Result<Dynamic, Raised> {
    Ok(call.rows.find(|_, _| Ok(true))?.is_none().into())
}

/// `for_each(function)`.
pub fn for_each(call: &Call) -> Result<Dynamic, Raised> {
    let function = call.needed_function(1)?;
    call.rows.each(|item, place| function.call(item.clone(), place).map(|_| ()))?;
    Ok(Dynamic::UNIT)
}

/// `reduce(|sofar, item| …)`, with a first value or beginning at the first item.
pub fn reduce(call: &Call) -> Result<Dynamic, Raised> {
    let function = call.needed_function(2)?;
    let mut sofar = call.values.get(1).cloned();
    call.rows.each(|item, place| {
        sofar = Some(match sofar.take() {
            Some(before) => function.call_pair(before, item.clone(), place)?,
            None => item.clone(),
        });
        Ok(())
    })?;
    Ok(sofar.unwrap_or_default())
}

/// `contains(value)`, and `value in list`.
pub fn contains(call: &Call) -> Result<Dynamic, Raised> {
    let wanted = call.values.first().cloned().unwrap_or_default();
    Ok(call.rows.find(|item, _| Ok(equal::same(item, &wanted)))?.is_some().into())
}

/// `index_of(value or function)`: its place from 0, or -1.
pub fn index_of(call: &Call) -> Result<Dynamic, Raised> {
    let function = call.function(0, 1)?;
    let wanted = call.values.first().cloned().unwrap_or_default();
    let mut found = -1;
    call.rows.visit(|item, place| {
        let is = match &function {
            Some(function) => function.says(item, place)?,
            None => equal::same(item, &wanted),
        };
        if is {
            found = i64::try_from(place).unwrap_or(i64::MAX);
        }
        Ok(if is { Break(()) } else { Continue(()) })
    })?;
    Ok(found.into())
}

/// `reversed()`.
pub fn reversed(call: &Call) -> Result<Dynamic, Raised> {
    let mut items = call.rows.to_array()?;
    items.reverse();
    Ok(items.into())
}

/// `join()` and `join(separator)`: the items as one text.
pub fn join(call: &Call) -> Result<Dynamic, Raised> {
    let separator = match call.values.first() {
        None => ImmutableString::from(", "),
        Some(value) => value.clone().into_immutable_string().map_err(|_| {
            mistake(
                format!("join needs a text to put between the items, and got {}", described(value)),
                "such as join(\", \")",
            )
        })?,
    };
    let mut texts = Vec::new();
    call.rows.each(|item, _| {
        texts.push(text_of(item));
        Ok(())
    })?;
    let whole: usize = texts.iter().map(String::len).sum();
    room::ask(whole.saturating_add(separator.len().saturating_mul(texts.len())))?;
    Ok(texts.join(separator.as_str()).into())
}

fn text_of(item: &Dynamic) -> String {
    if let Some(secret) = item.read_lock::<Secret>() {
        return format!("{:?}", *secret);
    }
    match value::plain(item) {
        Some(serde_json::Value::String(text)) => text,
        Some(json) => json.get("name").and_then(|name| name.as_str()).map_or(json.to_string(), Into::into),
        None => item.to_string(),
    }
}
