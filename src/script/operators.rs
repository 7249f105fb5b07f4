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
    let says = move |order: Option<Ordering>| order.is_some_and(is);
    engine.register_fn(operator, move |one: i64, two: i64| is(one.cmp(&two)));
    engine.register_fn(operator, move |one: f64, two: f64| says(floats(one, two)));
    engine.register_fn(operator, move |one: i64, two: f64| says(floats(one as f64, two)));
    engine.register_fn(operator, move |one: f64, two: i64| says(floats(one, two as f64)));
    engine.register_fn(operator, move |one: ImmutableString, two: ImmutableString| is(one.cmp(&two)));
    mismatched(engine, operator, move |one, two| match (text(one), text(two)) {
        (Some(one), Some(two)) => Ok(is(one.cmp(&two))),
        _ => Err(no_order(one, operator, two)),
    });
}

fn equality(engine: &mut Engine, operator: &'static str, yes: bool) {
    let says = move |order: Option<Ordering>| order.is_some_and(Ordering::is_eq) == yes;
    engine.register_fn(operator, move |one: i64, two: i64| (one == two) == yes);
    engine.register_fn(operator, move |one: f64, two: f64| says(floats(one, two)));
    engine.register_fn(operator, move |one: i64, two: f64| says(floats(one as f64, two)));
    engine.register_fn(operator, move |one: f64, two: i64| says(floats(one, two as f64)));
    engine.register_fn(operator, move |one: ImmutableString, two: ImmutableString| (one == two) == yes);
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
    if close(one, two) { Some(Ordering::Equal) } else { one.partial_cmp(&two) }
}

fn close(one: f64, two: f64) -> bool {
    let size = one.abs().max(two.abs());
    one == two || ((one - two).abs() <= size * f64::EPSILON && size.is_finite())
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
