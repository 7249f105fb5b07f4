//! Verbs that gather items into something else: groups, sums, sorted arrays.

use super::equal;
use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::rows::{Call, Rows};
use super::sort::{self, Keys};
use super::value::{self, to_json};
use super::words::described;
use rhai::{Array, Dynamic, ImmutableString, Map};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::ControlFlow::{Break, Continue};

/// What groups call the items whose value is `()`.
const EMPTY: &str = "(empty)";

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

/// `sum()` and `sum(what)`; empty values count as nothing.
pub fn sum(call: &Call) -> Result<Dynamic, Raised> {
    let (sum, _) = total(call)?;
    Ok(sum)
}

/// `avg()` and `avg(what)`: `()` if there is nothing to average; empty values do not count.
pub fn avg(call: &Call) -> Result<Dynamic, Raised> {
    let (sum, count) = total(call)?;
    let sum = sum.as_float().unwrap_or_else(|_| sum.as_int().unwrap_or(0) as f64);
    Ok(if count == 0 { Dynamic::UNIT } else { Dynamic::from_float(sum / count as f64) })
}

fn total(call: &Call) -> Result<(Dynamic, usize), Raised> {
    let by = call.by(0)?;
    let (mut whole, mut float, mut is_float, mut count) = (0_i64, 0.0_f64, false, 0_usize);
    call.rows.each(|item, place| {
        let fits = by.scalar(item, place, |value| {
            match value {
                Scalar::Empty => return true,
                Scalar::Integer(number) if whole.checked_add(number).is_some() => whole += number,
                Scalar::Integer(number) => (float, is_float) = (float + number as f64, true),
                Scalar::Number(number) => (float, is_float) = (float + number, true),
                _ => return false,
            }
            count += 1;
            true
        })?;
        if fits { Ok(()) } else { Err(not_a_number(call, &by.value(item, place)?)) }
    })?;
    let sum = if is_float { Dynamic::from_float(float + whole as f64) } else { whole.into() };
    Ok((sum, count))
}

fn not_a_number(call: &Call, value: &Dynamic) -> Raised {
    let help = if value.is_string() {
        "text from a file or a trait becomes a number with num(…), such as |item| num(item.amount)"
    } else {
        "say what to add up: a field's name, or a function such as |item| item.mrr"
    };
    mistake(format!("{} needs numbers, and got {}", call.verb(), described(value)), help)
}

/// `min()` and `min(what)`: the smallest value.
pub fn min(call: &Call) -> Result<Dynamic, Raised> {
    extreme(call, false).map(|(value, _)| value)
}

/// `max()` and `max(what)`: the largest value.
pub fn max(call: &Call) -> Result<Dynamic, Raised> {
    extreme(call, true).map(|(value, _)| value)
}

/// `min_by(what)`: the item whose value is smallest.
pub fn min_by(call: &Call) -> Result<Dynamic, Raised> {
    extreme(call, false).map(|(_, item)| item)
}

/// `max_by(what)`: the item whose value is largest.
pub fn max_by(call: &Call) -> Result<Dynamic, Raised> {
    extreme(call, true).map(|(_, item)| item)
}

/// The smallest or largest value that is not empty, and its item.
fn extreme(call: &Call, largest: bool) -> Result<(Dynamic, Dynamic), Raised> {
    let by = call.by(0)?;
    let mut best: Option<(Dynamic, Dynamic)> = None;
    call.rows.each(|item, place| {
        let value = by.value(item, place)?;
        let order = match &best {
            _ if value.is_unit() => return Ok(()),
            None => order(&value, &value),
            Some((best, _)) => order(&value, best),
        };
        let Some(order) = order else {
            return Err(mistake(
                format!("{} needs numbers or texts of one kind, and got {}", call.verb(), described(&value)),
                format!("such as {}(|item| item.mrr)", call.verb()),
            ));
        };
        let wanted = if largest { Ordering::Greater } else { Ordering::Less };
        if best.is_none() || order == wanted {
            best = Some((value, item.clone()));
        }
        Ok(())
    })?;
    Ok(best.unwrap_or_default())
}

fn order(one: &Dynamic, two: &Dynamic) -> Option<Ordering> {
    Scalar::with(one, |one| Scalar::with(two, |two| one.order(two)))
}

/// `sort_by(what)`, `sort_by(what, "desc")`, `sort_by(|a, b| …)` and `sorted()`.
pub fn sort(call: &Call) -> Result<Dynamic, Raised> {
    let descending = match call.values.get(1) {
        None => false,
        Some(word) if word.is_string() && word.to_string() == "asc" => false,
        Some(word) if word.is_string() && word.to_string() == "desc" => true,
        Some(other) => {
            return Err(mistake(
                format!(
                    "{} knows the directions \"asc\" and \"desc\", not {}",
                    call.verb(),
                    described(other)
                ),
                format!("such as {}(\"mrr\", \"desc\")", call.verb()),
            ));
        }
    };
    sorted(call, descending)
}

/// `sort_desc(what)`: the largest first.
pub fn sort_desc(call: &Call) -> Result<Dynamic, Raised> {
    sorted(call, true)
}

fn sorted(call: &Call, descending: bool) -> Result<Dynamic, Raised> {
    let comparer = if call.given_parameters() == Some(2) { call.function(0, 2)? } else { None };
    if let Some(compare) = comparer {
        let items = call.rows.to_array()?;
        let sorted = sort::merge(items, &mut |one, two| {
            let answer = compare.call_pair(one.clone(), two.clone(), 0)?;
            let order = comparison(&answer)?;
            Ok(if descending { order.reverse() } else { order })
        })?;
        return Ok(sorted.into());
    }
    let by = call.by(0)?;
    let mut keys = Keys::default();
    let add = |item: &Dynamic, place: usize| match by.scalar(item, place, |key| keys.add(key))? {
        Ok(()) => Ok(()),
        Err(unfit) => Err(unfit.raised(&by.value(item, place)?)),
    };
    let sorted: Array = match call.rows {
        Rows::Array(items) => {
            call.rows.each(add)?;
            keys.order(descending).into_iter().map(|place| items[place].clone()).collect()
        }
        Rows::List(_) => {
            let mut items = call.rows.to_array()?;
            Rows::Array(&items).each(add)?;
            keys.order(descending).into_iter().map(|place| std::mem::take(&mut items[place])).collect()
        }
    };
    Ok(sorted.into())
}

fn comparison(answer: &Dynamic) -> Result<Ordering, Raised> {
    let zero = Scalar::Integer(0);
    Scalar::with(answer, |answer| answer.order(zero)).ok_or_else(|| {
        mistake(
            format!("a function that compares two items must give a number, and gave {}", described(answer)),
            "below 0: the first comes first; simpler is to say what to sort by: sort_by(|item| item.mrr)",
        )
    })
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
    Ok(texts.join(separator.as_str()).into())
}

fn text_of(item: &Dynamic) -> String {
    match value::plain(item) {
        Some(serde_json::Value::String(text)) => text,
        Some(json) => json.get("name").and_then(|name| name.as_str()).map_or(json.to_string(), Into::into),
        None => item.to_string(),
    }
}
