//! Numbers as people write them: money, percent, groups of three; and rounding up and down.

use super::super::raise::{Raised, mistake};
use super::super::words::described;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "money",
        "money(number, [currency], [digits])",
        "A number as an amount of money, such as £1,200.50; the currency is a sign or a code: GBP, EUR, USD. Two digits after \
         the point unless you say how many; () gives an empty text",
        "print(money(1200.5, \"GBP\"));\nprint(money(1200.5, \"CHF\", 0));",
    ),
    entry(
        "grouped",
        "grouped(number, [digits])",
        "A number with , between thousands",
        "print(grouped(1234567));\nprint(grouped(1234.5, 2));",
    ),
    entry(
        "percent_text",
        "percent_text(part, whole, [digits])",
        "How many percent one number is of another, as a text such as 37.5%; an empty text when the whole is 0",
        "print(percent_text(3, 8));\nprint(percent_text(3, 8, 0));",
    ),
    entry(
        "round_up",
        "round_up(number, [digits])",
        "A number rounded away from 0",
        "print(round_up(2.341, 2));",
    ),
    entry(
        "round_down",
        "round_down(number, [digits])",
        "A number rounded towards 0",
        "print(round_down(2.349, 2));",
    ),
];

/// Codes of currencies, and the sign that stands before the amount; other codes stand before it with a space.
const CURRENCIES: &[(&str, &str)] =
    &[("USD", "$"), ("GBP", "£"), ("EUR", "€"), ("JPY", "¥"), ("INR", "₹"), ("AUD", "A$"), ("CAD", "C$")];

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("money", |number: Dynamic| money(&number, "", 2));
    engine.register_fn("money", |number: Dynamic, currency: &str| money(&number, currency, 2));
    engine.register_fn("money", |number: Dynamic, currency: &str, digits: i64| {
        money(&number, currency, digits)
    });
    engine.register_fn("grouped", |number: Dynamic| -> Result<String, Raised> {
        let digits = if number.is_int() { 0 } else { natural_digits(float(&number, "grouped")?) };
        Ok(grouped(float(&number, "grouped")?, digits))
    });
    engine.register_fn("grouped", |number: Dynamic, digits: i64| -> Result<String, Raised> {
        Ok(grouped(float(&number, "grouped")?, places(digits)))
    });
    engine.register_fn("percent_text", |part: Dynamic, whole: Dynamic| percent_text(&part, &whole, None));
    engine.register_fn("percent_text", |part: Dynamic, whole: Dynamic, digits: i64| {
        percent_text(&part, &whole, Some(digits))
    });
    for (name, round) in [("round_up", up as fn(f64) -> f64), ("round_down", f64::trunc)] {
        engine.register_fn(name, move |number: Dynamic| directed(&number, 0, name, round));
        engine.register_fn(name, move |number: Dynamic, digits: i64| directed(&number, digits, name, round));
    }
}

fn up(number: f64) -> f64 {
    if number < 0.0 { number.floor() } else { number.ceil() }
}

fn money(number: &Dynamic, currency: &str, digits: i64) -> Result<String, Raised> {
    if number.is_unit() {
        return Ok(String::new());
    }
    let number = float(number, "money")?;
    let amount = grouped(number.abs(), places(digits));
    let sign = if number < 0.0 && amount.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { "-" } else { "" };
    let code = currency.trim().to_uppercase();
    let before = match CURRENCIES.iter().find(|(known, _)| *known == code) {
        Some((_, mark)) => (*mark).to_string(),
        None if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) => {
            format!("{code} ")
        }
        None => currency.to_string(),
    };
    Ok(format!("{sign}{before}{amount}"))
}

fn percent_text(part: &Dynamic, whole: &Dynamic, digits: Option<i64>) -> Result<String, Raised> {
    let (part, whole) = (float(part, "percent_text")?, float(whole, "percent_text")?);
    if whole == 0.0 {
        return Ok(String::new());
    }
    let percent = super::numbers::rounded(part / whole * 100.0, digits.unwrap_or(1));
    let digits = digits.map_or_else(|| natural_digits(percent), places);
    Ok(format!("{}%", grouped(percent, digits)))
}

/// A number with so many digits after the point, and commas between thousands.
pub fn grouped(number: f64, digits: usize) -> String {
    let rounded = super::numbers::rounded(number, i64::try_from(digits).unwrap_or(0));
    let text = format!("{rounded:.digits$}");
    let (sign, bare) = text.strip_prefix('-').map_or(("", text.as_str()), |bare| ("-", bare));
    let (whole, fraction) = bare.split_once('.').map_or((bare, ""), |(whole, fraction)| (whole, fraction));
    let mut groups = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            groups.push(',');
        }
        groups.push(digit);
    }
    if fraction.is_empty() { format!("{sign}{groups}") } else { format!("{sign}{groups}.{fraction}") }
}

/// How many digits after the point a number has as it prints, at most 15.
fn natural_digits(number: f64) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len().min(15))
}

fn places(digits: i64) -> usize {
    usize::try_from(digits.clamp(0, 15)).unwrap_or(0)
}

fn directed(number: &Dynamic, digits: i64, name: &str, round: fn(f64) -> f64) -> Result<Dynamic, Raised> {
    if let Ok(whole) = number.as_int() {
        return Ok(whole_directed(whole, digits, round(0.5) > 0.0).into());
    }
    let value = float(number, name)?;
    let scale = 10f64.powi(i32::try_from(digits.clamp(-15, 15)).unwrap_or(0));
    let scaled = value * scale;
    // 2.3 times 100 is 229.99999999999997: what is this near to a whole number is meant as one.
    let near = scaled.round();
    let exact = if (scaled - near).abs() <= scaled.abs() * 4.0 * f64::EPSILON { near } else { round(scaled) };
    let result = exact / scale;
    Ok(Dynamic::from_float(if result.is_finite() { result } else { value }))
}

/// A whole number rounded to tens, hundreds and so on, for digits below 0.
fn whole_directed(number: i64, digits: i64, away: bool) -> i64 {
    let zeros = u32::try_from(-digits).unwrap_or(0);
    let Some(step) = 10_i64.checked_pow(zeros) else { return 0 };
    let down = number / step * step;
    if away && down != number { down.saturating_add(step * number.signum()) } else { down }
}

fn float(value: &Dynamic, function: &str) -> Result<f64, Raised> {
    let whole = value.as_int().map(|number| number as f64);
    value.as_float().or(whole).map_err(|_| {
        mistake(
            format!("{function} needs a number, and got {}", described(value)),
            "use num(…) to turn text into a number",
        )
    })
}
