//! Sorting by a field, by what a function gives, or by a function that compares two items.

use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::rows::{Call, Rows};
use super::sort_keys::Keys;
use super::words::described;
use rhai::{Array, Dynamic};
use std::cmp::Ordering;

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

/// `top(count)` and `top(count, what)`: the items with the largest values, the largest first.
pub fn top(call: &Call) -> Result<Dynamic, Raised> {
    few(call, true)
}

/// `bottom(count)` and `bottom(count, what)`: the items with the smallest values, the smallest first.
pub fn bottom(call: &Call) -> Result<Dynamic, Raised> {
    few(call, false)
}

fn few(call: &Call, descending: bool) -> Result<Dynamic, Raised> {
    let count = call.count()?;
    let by = Call { context: call.context, engine: call.engine, rows: call.rows, values: &call.values[1..] };
    let mut items = sorted(&by, descending)?.into_array().unwrap_or_default();
    items.truncate(count);
    Ok(items.into())
}

fn sorted(call: &Call, descending: bool) -> Result<Dynamic, Raised> {
    let comparer = if call.given_parameters() == Some(2) { call.function(0, 2)? } else { None };
    if let Some(compare) = comparer {
        let items = call.rows.to_array()?;
        let sorted = merge(items, &mut |one, two| {
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
    // Copied in the order in which they lie: in their new order every one of them would have to be waited for.
    let mut items = call.rows.to_array()?;
    Rows::Array(&items).each(add)?;
    let sorted: Array =
        keys.order(descending).into_iter().map(|place| std::mem::take(&mut items[place])).collect();
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

/// Sorts by a comparison that may fail, and need not make sense: the first error ends it.
pub fn merge<T: Clone>(
    items: Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering, Raised>,
) -> Result<Vec<T>, Raised> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let mut left = merge(left, compare)?.into_iter().peekable();
    let mut right = merge(right, compare)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
        let takes_right = compare(one, two)?.is_gt();
        merged.extend(if takes_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
