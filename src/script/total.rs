//! Verbs that make one number, or one item, of many: sums, averages, extremes.

use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::rows::Call;
use super::words::described;
use rhai::Dynamic;
use std::cmp::Ordering;

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
        if fits { Ok(()) } else { Err(not_a_number(call.verb(), &by.value(item, place)?)) }
    })?;
    let sum = if is_float { Dynamic::from_float(float + whole as f64) } else { whole.into() };
    Ok((sum, count))
}

/// A sum with one more amount in it, which may be empty.
pub fn plus(sum: &Dynamic, amount: &Dynamic, verb: &str) -> Result<Dynamic, Raised> {
    if amount.is_unit() {
        return Ok(sum.clone());
    }
    let whole = sum.as_int().ok().zip(amount.as_int().ok()).and_then(|(sum, amount)| sum.checked_add(amount));
    let float = |value: &Dynamic| value.as_float().or(value.as_int().map(|whole| whole as f64)).ok();
    match (whole, float(sum).zip(float(amount))) {
        (Some(sum), _) => Ok(sum.into()),
        (None, Some((sum, amount))) => Ok(Dynamic::from_float(sum + amount)),
        (None, None) => Err(not_a_number(verb, amount)),
    }
}

/// `median()` and `median(what)`: the value in the middle, or between the two in the middle; `()` if there is none.
pub fn median(call: &Call) -> Result<Dynamic, Raised> {
    let by = call.by(0)?;
    let mut values: Vec<f64> = Vec::new();
    call.rows.each(|item, place| {
        let value = by.value(item, place)?;
        let number = value.as_float().or(value.as_int().map(|whole| whole as f64));
        match number {
            Ok(number) => values.push(number),
            Err(_) if value.is_unit() => {}
            Err(_) => return Err(not_a_number(call.verb(), &value)),
        }
        Ok(())
    })?;
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    Ok(match values.len() {
        0 => Dynamic::UNIT,
        length if length % 2 == 1 => Dynamic::from_float(values[middle]),
        _ => Dynamic::from_float(f64::midpoint(values[middle - 1], values[middle])),
    })
}

fn not_a_number(verb: &str, value: &Dynamic) -> Raised {
    let help = if value.is_string() {
        "text from a file or a trait becomes a number with num(…), such as |item| num(item.amount)"
    } else {
        "say what to add up: a field's name, or a function such as |item| item.mrr"
    };
    mistake(format!("{verb} needs numbers, and got {}", described(value)), help)
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
