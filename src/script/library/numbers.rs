//! Numbers from text, and numbers for people.

use super::super::raise::{Raised, mistake};
use super::super::words::described;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "num",
        "num(text, [\",\"])",
        "A number from text such as £1,200.50, 12% or (1,200), which is -1200; \",\" says that the comma stands before \
         the decimals. Empty text and () give ()",
        "print(num(\"£1,200.50\") + num(\"1.200,50\", \",\"));",
    ),
    entry(
        "round",
        "round(number, [digits])",
        "A number with that many digits after the point; none if you do not say",
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
    engine.register_fn("num", |value: Dynamic| number(value, '.'));
    engine.register_fn("num", |value: Dynamic, point: &str| number(value, decimal_sign(point)?));
    engine.register_fn("num", |value: Dynamic, point: char| number(value, decimal_sign(&point.to_string())?));
    engine.register_fn("round", |number: f64, digits: i64| rounded(number, digits));
    engine.register_fn("round", |number: i64, _digits: i64| number);
    engine.register_fn("round", |number: i64| number);
    engine.register_fn("percent", |part: Dynamic, whole: Dynamic| -> Result<Dynamic, Raised> {
        let (part, whole) = (float(&part)?, float(&whole)?);
        Ok(if whole == 0.0 { Dynamic::UNIT } else { (part / whole * 100.0).into() })
    });
}

const LOOK: &str = "numbers look like 1200, 1,200.50, £1,200, 12% or (1,200); \
                        if the comma stands before the decimals, write num(…, \",\")";

fn number(value: Dynamic, point: char) -> Result<Dynamic, Raised> {
    if value.is_unit() || value.is_int() || value.is_float() {
        return Ok(value);
    }
    let text = value.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
    if value.is_string() && text.trim().is_empty() {
        return Ok(Dynamic::UNIT);
    }
    let help = if point == '.' { LOOK } else { "with a decimal comma, numbers look like 1200 or 1.200,50" };
    parsed(&text, point)
        .ok_or_else(|| mistake(format!("num cannot read {} as a number", described(&value)), help))
}

fn decimal_sign(text: &str) -> Result<char, Raised> {
    match text {
        "," => Ok(','),
        "." => Ok('.'),
        _ => Err(mistake(
            format!("the decimal sign of num cannot be \"{text}\""),
            "it is \".\" or \",\": num(\"1.234,50\", \",\")",
        )),
    }
}

/// A number as people write it: with signs of money, in groups of three, in brackets when it is below zero.
/// `point` stands before the decimals.
pub fn parsed(text: &str, point: char) -> Option<Dynamic> {
    let bare: String = text.chars().filter(|c| !matches!(c, '$' | '£' | '€' | '¥' | '₹' | '%')).collect();
    let bare = bare.trim();
    let (bare, bracketed) = match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (bare, false),
    };
    let sign = if bracketed || bare.starts_with(['-', '−']) { "-" } else { "" };
    let unsigned = bare.strip_prefix(['-', '−', '+']).unwrap_or(bare).trim_start();
    let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = digits.split_once(point).unwrap_or((digits, ""));
    let whole = ungrouped(whole, point).filter(|whole| !(whole.is_empty() && fraction.is_empty()))?;
    let integer = if digits == unsigned && !digits.contains(point) {
        format!("{sign}{whole}").parse::<i64>().ok()
    } else {
        None
    };
    if let Some(integer) = integer {
        return Some(integer.into());
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i32 = exponent.parse().ok()?;
    let number = format!("{sign}{whole}.{fraction}e{exponent}").parse::<f64>().ok()?;
    number.is_finite().then(|| number.into())
}

/// The digits of a whole number, without what stands between its groups; groups have two or three digits, and the
/// last one has three.
fn ungrouped(whole: &str, point: char) -> Option<String> {
    let between =
        |c: char| c == if point == '.' { ',' } else { '.' } || matches!(c, '\'' | '’') || c.is_whitespace();
    let groups: Vec<&str> = whole.split(between).collect();
    let fits = |(place, group): (usize, &&str)| {
        let length = group.len();
        match place {
            _ if groups.len() == 1 => true,
            0 => (1..=3).contains(&length),
            place if place + 1 == groups.len() => length == 3,
            _ => length == 2 || length == 3,
        }
    };
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    (digits && groups.iter().enumerate().all(fits)).then(|| groups.concat())
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
pub fn rounded(number: f64, digits: i64) -> f64 {
    let digits = i32::try_from(digits.clamp(0, 15)).unwrap_or(0);
    let scale = 10f64.powi(digits);
    let scaled = number * scale;
    // 2.345 is stored a little below itself; a nudge far below the last digit gives what people expect.
    let nudged = scaled + scaled.signum() * scaled.abs() * f64::EPSILON;
    if nudged.is_finite() { nudged.round() / scale } else { number }
}
