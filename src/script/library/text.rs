//! Text functions that answer the new text and never change the old one. Rhai's own change in place and answer
//! nothing, so `let name = name.trim()` would lose the name.

use super::super::raise::{Raised, mistake};
use super::super::room;
use super::{Entry, entry};
use rhai::{Engine, ImmutableString};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "contains",
        ".contains(text)",
        "Whether a text has another one in it; also text in text",
        "print(\"Acme Corp\".contains(\"Corp\"));",
    ),
    entry(
        "starts_with",
        ".starts_with(text)",
        "Whether a text begins with another one",
        "print(\"Acme Corp\".starts_with(\"Acme\"));",
    ),
    entry(
        "ends_with",
        ".ends_with(text)",
        "Whether a text ends with another one",
        "print(\"Acme Corp\".ends_with(\"Corp\"));",
    ),
    entry(
        "split",
        ".split([mark])",
        "The parts between marks as an array; without a mark the words",
        "print(\"gold;silver\".split(\";\"));",
    ),
    entry("trim", ".trim()", "The text without spaces at its ends", "print(\"  Acme \".trim());"),
    entry(
        "replace",
        ".replace(old, new)",
        "The text with every occurrence replaced",
        "print(\"a-b\".replace(\"-\", \" \"));",
    ),
    entry("to_upper", ".to_upper()", "The text in capitals", "print(\"acme\".to_upper());"),
    entry("to_lower", ".to_lower()", "The text in small letters", "print(\"ACME\".to_lower());"),
    entry(
        "title_case",
        ".title_case()",
        "The text with a capital at each word",
        "print(\"dana reyes\".title_case());",
    ),
    entry(
        "pad",
        ".pad(length, \" \")",
        "The text filled up to a length",
        "print(\"7\".pad(3, \" \") + \"|\");",
    ),
    entry(
        "pad_left",
        ".pad_left(length, \"0\")",
        "The text filled up at its start",
        "print(\"7\".pad_left(3, \"0\"));",
    ),
    entry("left", ".left(count)", "The first characters", "print(\"Acme Corp\".left(4));"),
    entry("right", ".right(count)", "The last characters", "print(\"Acme Corp\".right(4));"),
];

/// How long `pad` may make a text, in characters.
const LONGEST: i64 = 1_000_000;

/// What a replacement may give before it is counted, in bytes.
const LONGEST_UNCOUNTED: usize = 16 * 1024 * 1024;

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("trim", |text: &str| text.trim().to_string());
    engine.register_fn("replace", |text: &str, old: &str, new: &str| replaced(text, old, new));
    engine.register_fn("replace", |text: &str, old: char, new: &str| replaced(text, &old.to_string(), new));
    engine.register_fn("replace", |text: &str, old: &str, new: char| replaced(text, old, &new.to_string()));
    engine.register_fn("replace", |text: &str, old: char, new: char| {
        replaced(text, &old.to_string(), &new.to_string())
    });
    engine.register_fn("to_upper", |text: &str| text.to_uppercase());
    engine.register_fn("to_lower", |text: &str| text.to_lowercase());
    engine.register_fn("make_upper", |text: &str| text.to_uppercase());
    engine.register_fn("make_lower", |text: &str| text.to_lowercase());
    engine.register_fn("title_case", title_case);
    engine.register_fn("pad", |text: &str, length: i64, fill: &str| padded(text, length, fill));
    engine.register_fn("pad", |text: &str, length: i64, fill: char| padded(text, length, &fill.to_string()));
    engine.register_fn("pad_left", |text: &str, length: i64, fill: &str| filled(text, length, fill));
    engine.register_fn("pad_left", |text: &str, length: i64, fill: char| {
        filled(text, length, &fill.to_string())
    });
    engine.register_fn("left", |text: &str, count: i64| text.chars().take(size(count)).collect::<String>());
    engine.register_fn("right", |text: &str, count: i64| {
        let skip = text.chars().count().saturating_sub(size(count));
        text.chars().skip(skip).collect::<String>()
    });
}

fn size(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

fn replaced(text: &str, old: &str, new: &str) -> Result<ImmutableString, Raised> {
    if old.is_empty() {
        return Ok(text.into());
    }
    if new.len() > old.len() && text.len().saturating_mul(new.len()) > LONGEST_UNCOUNTED {
        let more = text.matches(old).count().saturating_mul(new.len() - old.len());
        room::ask(text.len().saturating_add(more))?;
    }
    Ok(text.replace(old, new).into())
}

fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphanumeric() && c != '\'';
    }
    out
}

fn padded(text: &str, length: i64, fill: &str) -> Result<String, Raised> {
    Ok(format!("{text}{}", filling(text, length, fill)?))
}

fn filled(text: &str, length: i64, fill: &str) -> Result<String, Raised> {
    Ok(format!("{}{text}", filling(text, length, fill)?))
}

/// What is missing up to a length.
fn filling(text: &str, length: i64, fill: &str) -> Result<String, Raised> {
    if length > LONGEST {
        return Err(mistake(
            format!("pad would make a text of {length} characters"),
            format!("the most is {LONGEST}; check the length"),
        ));
    }
    let missing = size(length).saturating_sub(text.chars().count());
    Ok(fill.chars().cycle().take(if fill.is_empty() { 0 } else { missing }).collect())
}
