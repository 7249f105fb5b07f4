//! What people write into cells: yes and no, lists, numbers and days.

use super::super::raise::{Raised, mistake};
use super::super::value;
use super::super::words::described;
use super::{Entry, date, entry, numbers};
use jiff::tz::TimeZone;
use rhai::{Array, Dynamic, Engine};
use serde_json::Value;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "yes_no",
        "yes_no(text)",
        "true for Y, yes, true, 1 or x; false for N, no, false or 0; () for an empty text",
        "print(yes_no(\"Y\"));",
    ),
    entry(
        "list",
        "list(text)",
        "The parts of a text such as \"gold; silver\" as an array; the signs between them are ; and ,",
        "print(list(\"gold; silver, bronze\"));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("yes_no", |value: Dynamic| -> Result<Dynamic, Raised> {
        if value.is_bool() || value.is_unit() {
            return Ok(value);
        }
        let text =
            value.as_immutable_string_ref().map_or_else(|_| value.to_string(), |text| text.to_string());
        match truth(&text) {
            Ok(truth) => Ok(truth.map_or(Dynamic::UNIT, Dynamic::from)),
            Err(()) => Err(mistake(format!("yes_no cannot read {}", described(&value)), YES_NO)),
        }
    });
    engine.register_fn("list", |value: Dynamic| -> Result<Array, Raised> {
        if let Some(items) = value.read_lock::<Array>() {
            return Ok(items.clone());
        }
        if value.is_unit() {
            return Ok(Array::new());
        }
        match value.as_immutable_string_ref() {
            Ok(text) => Ok(parts(&text).into_iter().map(value::from_json).collect()),
            Err(_) => Err(mistake(format!("list needs a text, and got {}", described(&value)), LIST)),
        }
    });
}

const YES_NO: &str = "it can be Y, yes, true, 1 or x, and N, no, false or 0";
const NUMBER: &str = "numbers look like 1200, 1,200.50, £1,200, 12% or (1,200); \
                      if the comma stands before the decimals, leave the column as text and use num(…, \",\")";
const LIST: &str = "such as \"gold; silver\"";

/// Yes or no, or neither for an empty text; an error for anything else.
fn truth(text: &str) -> Result<Option<bool>, ()> {
    match text.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "y" | "yes" | "true" | "1" | "x" => Ok(Some(true)),
        "n" | "no" | "false" | "0" => Ok(Some(false)),
        _ => Err(()),
    }
}

/// The parts of a list; Vitally's own exports write lists as JSON.
fn parts(text: &str) -> Vec<Value> {
    if let Ok(Value::Array(items)) = serde_json::from_str(text) {
        return items;
    }
    text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect()
}

/// What the cells of a column are to become.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// The text as it is.
    Text,
    /// What `num` gives.
    Number,
    /// The text of a day, such as 2026-12-01, read in this order of day, month and year if one is given.
    Date(Option<&'static str>),
    /// What `yes_no` gives.
    YesNo,
    /// What `list` gives.
    List,
}

/// The words that a script says for types.
pub const TYPES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("number", Type::Number),
    ("date", Type::Date(None)),
    ("DMY", Type::Date(Some("DMY"))),
    ("MDY", Type::Date(Some("MDY"))),
    ("YMD", Type::Date(Some("YMD"))),
    ("yes_no", Type::YesNo),
    ("list", Type::List),
];

impl Type {
    /// A cell as this type; an empty one is null, or an empty list. What it cannot be is said with advice.
    pub fn read(self, text: &str, zone: &TimeZone) -> Result<Value, (String, &'static str)> {
        if text.trim().is_empty() && !matches!(self, Type::Text | Type::List) {
            return Ok(Value::Null);
        }
        let no = |what: &str, help| Err((format!("\"{text}\" is not {what}"), help));
        match self {
            Type::Text => Ok(text.into()),
            Type::List => Ok(parts(text).into()),
            Type::YesNo => match truth(text) {
                Ok(truth) => Ok(truth.into()),
                Err(()) => no("yes or no", YES_NO),
            },
            Type::Number => match numbers::parsed(text, '.').map(|number| value::to_json(&number)) {
                Some(Ok(number)) => Ok(number),
                _ => no("a number", NUMBER),
            },
            Type::Date(order) => {
                let day = match order {
                    None => date::of(&text.into(), zone, "date").ok().flatten(),
                    Some(order) => date::ordered(text, order).ok(),
                };
                match (day, order) {
                    (Some(day), _) => Ok(day.to_string().into()),
                    (None, None) => no(
                        "a day such as 2026-12-01",
                        "give its order instead of \"date\": \"DMY\", \"MDY\" or \"YMD\"",
                    ),
                    (None, Some(order)) => no(
                        &format!("a day in the order {order}"),
                        "the order is DMY, MDY or YMD, such as 28/10/2026 for DMY",
                    ),
                }
            }
        }
    }
}
