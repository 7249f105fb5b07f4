//! Whether a field holds what it should: the comparison behind "unchanged" and "drifted".

use super::change::Fields;
use crate::catalogue::{Kind, Object};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Number, Value};

/// A field that does not hold what it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, such as `name` or `traits.plan`.
    pub field: String,
    /// What it should hold.
    pub expected: Value,
    /// What it holds.
    pub found: Value,
}

impl Difference {
    /// The sentence for people.
    pub fn reason(&self) -> String {
        let (expected, found) = (short(&self.expected), short(&self.found));
        format!("{} was changed since: expected {expected}, found {found}", self.field)
    }
}

/// The touched fields as a record has them: an absent field or trait as null, of the traits only the touched ones.
/// Fields that Vitally never shows are left out. `held` tells what the record has under a name, or what is under a key
/// below it.
pub fn touched(object: &Object, after: &Fields, held: impl Fn(&str, Option<&str>) -> Value) -> Fields {
    let mut before = Fields::new();
    for (name, value) in after.iter().filter(|(name, _)| is_shown(object, name)) {
        let held = match (is_traits(object, name), value) {
            (true, Value::Object(traits)) => {
                let keys = traits.keys();
                Value::Object(keys.map(|key| (key.clone(), held(name, Some(key)))).collect())
            }
            _ => held(name, None),
        };
        before.insert(name.clone(), held);
    }
    before
}

/// [`touched`] of a record whose fields are these.
pub fn touched_of(object: &Object, record: &Fields, after: &Fields) -> Fields {
    touched(object, after, |name, key| {
        let field = record.get(name);
        key.map_or(field, |key| field?.get(key)).cloned().unwrap_or(Value::Null)
    })
}

/// Whether `before` names every field that `after` touches and Vitally shows.
pub fn covers(object: &Object, before: &Fields, after: &Fields) -> bool {
    after.iter().filter(|(name, _)| is_shown(object, name)).all(|(name, value)| match before.get(name) {
        None => false,
        Some(held) => match (is_traits(object, name), value) {
            (true, Value::Object(traits)) => traits.keys().all(|key| held.get(key).is_some()),
            _ => true,
        },
    })
}

/// Whether a record already holds everything that is to be written. Text with HTML, which Vitally tidies, and fields
/// that it never shows cannot be compared; if there is one, the answer is no.
pub fn holds(object: &Object, held: &Fields, after: &Fields) -> bool {
    after.keys().all(|name| is_exact(object, name)) && differences(object, after, held).is_empty()
}

/// The fields of a record that do not hold what is expected, as far as they can be compared: text with HTML by its
/// words, fields that Vitally never shows not at all.
pub fn differences(object: &Object, expected: &Fields, record: &Fields) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, value) in expected.iter().filter(|(name, _)| is_comparable(object, name)) {
        let held = record.get(name).unwrap_or(&Value::Null);
        let kind = object.field(name).map_or(Kind::Any, |field| field.kind);
        match (kind, value) {
            (Kind::Traits, Value::Object(traits)) => {
                for (key, value) in traits {
                    let held = held.get(key).unwrap_or(&Value::Null);
                    if !same(Kind::Any, value, held) {
                        found.push(difference(format!("traits.{key}"), value, held));
                    }
                }
            }
            _ if same(kind, value, held) => {}
            _ => found.push(difference(name.clone(), value, held)),
        }
    }
    found
}

/// Fields without those that differ.
pub fn without(fields: &Fields, differing: &[Difference]) -> Fields {
    let mut rest = fields.clone();
    for Difference { field, .. } in differing {
        if rest.remove(field).is_some() {
            continue;
        }
        if let Some((outer, inner)) = field.split_once('.')
            && let Some(Value::Object(traits)) = rest.get_mut(outer)
        {
            traits.remove(inner);
            if traits.is_empty() {
                rest.remove(outer);
            }
        }
    }
    rest
}

/// Whether a field can be compared with what was sent.
pub fn is_comparable(object: &Object, name: &str) -> bool {
    is_shown(object, name)
        && object.field(name).is_none_or(|field| {
            !matches!(field.kind, Kind::Messages | Kind::Many(_) | Kind::One(_) | Kind::Participants)
        })
}

fn is_exact(object: &Object, name: &str) -> bool {
    is_comparable(object, name) && object.field(name).is_none_or(|field| field.kind != Kind::Html)
}

fn is_shown(object: &Object, name: &str) -> bool {
    object.field(name).is_none_or(|field| field.access.read)
}

fn is_traits(object: &Object, name: &str) -> bool {
    object.field(name).is_some_and(|field| field.kind == Kind::Traits)
}

fn difference(field: String, expected: &Value, found: &Value) -> Difference {
    Difference { field, expected: expected.clone(), found: found.clone() }
}

/// Whether two values mean the same to Vitally.
fn same(kind: Kind, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::String(one), Value::String(other)) => one == other || same_text(kind, one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(Kind::Any, one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| same(Kind::Any, one, other)))
        }
        _ => one == other,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

fn same_text(kind: Kind, one: &str, other: &str) -> bool {
    match kind {
        Kind::Html => words(one) == words(other),
        Kind::Date => day(one).is_some_and(|one| day(other) == Some(one)),
        // Traits have no type here: what looks like a moment on both sides is compared as one.
        Kind::DateTime | Kind::Any => moment(one).is_some_and(|one| moment(other) == Some(one)),
        _ => false,
    }
}

/// The moment that an ISO date, with or without a time, names; without a zone it is UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let looks = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if !looks {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let naive = match text.parse::<DateTime>() {
        Ok(moment) => moment,
        Err(_) => text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
    };
    TimeZone::UTC.to_timestamp(naive).ok()
}

fn day(text: &str) -> Option<Date> {
    moment(text).map(|moment| TimeZone::UTC.to_datetime(moment).date())
}

/// The words of a text with HTML, without tags and spaces: Vitally drops some tags and attributes.
fn words(html: &str) -> String {
    let mut inside = false;
    let bare: String = html
        .chars()
        .filter(|c| {
            let was = inside;
            inside = (inside || *c == '<') && *c != '>';
            !was && !inside
        })
        .collect();
    let entities =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(bare, |text, (entity, plain)| text.replace(entity, plain));
    text.split_whitespace().collect()
}

fn short(value: &Value) -> String {
    const MOST: usize = 60;
    let text = if value.is_null() { "nothing".into() } else { value.to_string() };
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}
