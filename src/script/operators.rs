//! Comparisons that say so when they make no sense. Rhai's own answer to `"10" > 9` is a silent `false`; every value
//! of a CSV file is text, so here it is a mistake. `x == ()` stays what it is.
//!
//! Needs `engine.set_fast_operators(false)`. The pairs that do make sense are registered with their exact types: Rhai
//! finds those at once, and only the others come to the last, general function.

use super::equal;
use super::raise::{Raised, mistake};
use super::words::described;
use rhai::{Dynamic, Engine, ImmutableString, Map};
use std::any::TypeId;
use std::cmp::Ordering;

/// Registers the comparisons.
pub fn register(engine: &mut Engine) {
    order(engine, "<", Ordering::is_lt);
    order(engine, "<=", Ordering::is_le);
    order(engine, ">", Ordering::is_gt);
    order(engine, ">=", Ordering::is_ge);
    equality(engine, "==", true);
    equality(engine, "!=", false);
}

fn order(engine: &mut Engine, operator: &'static str, is: fn(Ordering) -> bool) {
    numbers(engine, operator, move |order| order.is_some_and(is));
    texts(engine, operator, is);
    mismatched(engine, operator, move |one, two| match (text(one), text(two)) {
        (Some(one), Some(two)) => Ok(is(one.cmp(&two))),
        _ => Err(no_order(one, operator, two)),
    });
}

fn equality(engine: &mut Engine, operator: &'static str, yes: bool) {
    numbers(engine, operator, move |order| order.is_some_and(Ordering::is_eq) == yes);
    texts(engine, operator, move |order| order.is_eq() == yes);
    engine.register_fn(operator, move |one: bool, two: bool| (one == two) == yes);
    engine.register_fn(operator, move |one: Map, two: Map| equal::maps(&one, &two) == yes);
    mismatched(engine, operator, move |one, two| {
        let (texts, numbers) = (is_text(one) || is_text(two), is_number(one) || is_number(two));
        if texts && numbers {
            return Err(text_and_number(one, operator, two));
        }
        Ok(equal::same(one, two) == yes)
    });
}

/// Functions that read their values in place: half the cost of having Rhai hand them over.
fn numbers(engine: &mut Engine, operator: &str, says: impl Fn(Option<Ordering>) -> bool + Copy + 'static) {
    let (whole, float) = (TypeId::of::<i64>(), TypeId::of::<f64>());
    engine.register_raw_fn(operator, [whole, whole], move |_, values| {
        Ok(says(Some(values[0].as_int().cmp(&values[1].as_int()))))
    });
    for types in [[float, float], [whole, float], [float, whole]] {
        engine.register_raw_fn(operator, types, move |_, values| {
            Ok(says(floats(float_of(values[0]), float_of(values[1]))))
        });
    }
}

fn float_of(value: &Dynamic) -> f64 {
    value.as_float().unwrap_or_else(|_| value.as_int().unwrap_or_default() as f64)
}

fn texts(engine: &mut Engine, operator: &str, says: impl Fn(Ordering) -> bool + 'static) {
    let text = TypeId::of::<ImmutableString>();
    engine.register_raw_fn(operator, [text, text], move |_, values| {
        let (one, two) = (values[0].as_immutable_string_ref(), values[1].as_immutable_string_ref());
        Ok(one.is_ok_and(|one| two.is_ok_and(|two| says(one.as_str().cmp(two.as_str())))))
    });
}

/// Registers a comparison for all pairs without one of their own. Rhai computes comparisons of two literals itself,
/// unless there is a function of exactly their types: hence the pairs that someone may write.
fn mismatched(
    engine: &mut Engine,
    operator: &str,
    compare: impl Fn(&Dynamic, &Dynamic) -> Result<bool, Raised> + Clone + 'static,
) {
    let (text, whole, float) = (TypeId::of::<ImmutableString>(), TypeId::of::<i64>(), TypeId::of::<f64>());
    let (empty, any) = (TypeId::of::<()>(), TypeId::of::<Dynamic>());
    let mut pairs = vec![[any, any]];
    for (one, two) in [(text, whole), (text, float), (empty, text), (empty, whole), (empty, float)] {
        pairs.extend([[one, two], [two, one]]);
    }
    for pair in pairs {
        let compare = compare.clone();
        engine.register_raw_fn(operator, pair, move |_, values| compare(values[0], values[1]));
    }
}

/// The order of two numbers with a point; those that only differ by what computing lost are equal.
fn floats(one: f64, two: f64) -> Option<Ordering> {
    if equal::close(one, two) { Some(Ordering::Equal) } else { one.partial_cmp(&two) }
}

fn is_text(value: &Dynamic) -> bool {
    value.is_string() || value.is_char()
}

fn is_number(value: &Dynamic) -> bool {
    value.is_int() || value.is_float()
}

fn text(value: &Dynamic) -> Option<ImmutableString> {
    if is_text(value) { Some(value.to_string().into()) } else { None }
}

fn text_and_number(one: &Dynamic, operator: &str, two: &Dynamic) -> Raised {
    mistake(
        format!("{} and {} cannot be compared with {operator}", described(one), described(two)),
        "turn the text into a number first: num(…)",
    )
}

fn no_order(one: &Dynamic, operator: &str, two: &Dynamic) -> Raised {
    if (is_text(one) && is_number(two)) || (is_number(one) && is_text(two)) {
        return text_and_number(one, operator, two);
    }
    let help = if one.is_unit() || two.is_unit() {
        "check for it first, as in `x != () && x > 5`, or give a value to use instead: `(x ?? 0) > 5`"
    } else {
        "numbers can be compared with numbers, and texts with texts"
    };
    mistake(format!("{} and {} cannot be compared with {operator}", described(one), described(two)), help)
}
