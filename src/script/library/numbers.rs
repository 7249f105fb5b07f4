//! Numbers from text, and numbers for people.

use super::super::raise::{Raised, mistake};
use super::super::words::described;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "num",
        "num(text)",
        "A number from text such as \"£1,200.50\"; (), the empty value, stays ()",
        "print(num(\"£1,200.50\"));",
    ),
    entry(
        "round",
        "round(number, digits)",
        "A number with that many digits after the point",
        "print(round(2.345, 2));",
    ),
    entry(
        "percent",
        "percent(part, whole)",
        "How many percent one number is of another; () when the whole is 0",
        "print(percent(3, 8));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("num", number);
    engine.register_fn("round", |number: f64, digits: i64| rounded(number, digits));
    engine.register_fn("round", |number: i64, _digits: i64| number);
    engine.register_fn("percent", |part: Dynamic, whole: Dynamic| -> Result<Dynamic, Raised> {
        let (part, whole) = (float(&part)?, float(&whole)?);
        Ok(if whole == 0.0 { Dynamic::UNIT } else { (part / whole * 100.0).into() })
    });
}

fn number(value: Dynamic) -> Result<Dynamic, Raised> {
    if value.is_unit() || value.is_int() || value.is_float() {
        return Ok(value);
    }
    let text = value.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '$' | '£' | '€' | '%' | '\''))
        .collect();
    if value.is_string() && plain.is_empty() {
        return Ok(Dynamic::UNIT);
    }
    let decimal = || plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(Dynamic::from);
    plain.parse::<i64>().map(Dynamic::from).ok().or_else(decimal).ok_or_else(|| {
        mistake(
            format!("num cannot read {} as a number", described(&value)),
            "numbers look like 1200, 1,200.50 or £1,200; a decimal comma is not understood",
        )
    })
}

fn float(value: &Dynamic) -> Result<f64, Raised> {
    let whole = value.as_int().map(|number| number as f64);
    value.as_float().or(whole).map_err(|_| {
        mistake(
            format!("percent needs two numbers, and got {}", described(value)),
            "use num(…) to turn text into a number",
        )
    })
}

/// Rounded half away from zero, as spreadsheets do.
fn rounded(number: f64, digits: i64) -> f64 {
    let digits = i32::try_from(digits.clamp(0, 15)).unwrap_or(0);
    let scale = 10f64.powi(digits);
    let scaled = number * scale;
    // 2.345 is stored a little below itself; a nudge far below the last digit gives what people expect.
    let nudged = scaled + scaled.signum() * scaled.abs() * f64::EPSILON;
    if nudged.is_finite() { nudged.round() / scale } else { number }
}
