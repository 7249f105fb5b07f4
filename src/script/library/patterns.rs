//! Regular expressions: whether a text fits one, and what it holds.

use super::super::raise::{Raised, mistake};
use super::{Entry, entry};
use regex::{Regex, RegexBuilder};
use rhai::{Array, Dynamic, Engine};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "matches",
        ".matches(pattern)",
        "Whether a regular expression fits anywhere in the text; ^ and $ are its ends",
        "print(\"AC-1042\".matches(`^[A-Z]{2}-\\d+$`));",
    ),
    entry(
        "extract",
        ".extract(pattern)",
        "The first piece that a regular expression fits, or what its first brackets hold; () if there is none",
        "print(\"Invoice 1042 of Acme\".extract(`Invoice (\\d+)`));",
    ),
    entry(
        "extract_all",
        ".extract_all(pattern)",
        "Every such piece, as an array",
        "print(\"a@x.com, b@y.com\".extract_all(`[\\w.]+@[\\w.]+`));",
    ),
    entry(
        "replace_pattern",
        ".replace_pattern(pattern, new)",
        "The text with every piece that a regular expression fits replaced; $1 is what its first brackets hold",
        "print(\"2026-11-25\".replace_pattern(`(\\d+)-(\\d+)-(\\d+)`, \"$3/$2/$1\"));",
    ),
];

/// How large a compiled expression may be, in bytes.
const SIZE: usize = 1024 * 1024;
/// How many expressions are kept; a script has a few, unless it makes them up.
const KEPT: usize = 64;

thread_local! {
    /// The expressions of this script, compiled once.
    static COMPILED: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("matches", |text: &str, pattern: &str| -> Result<bool, Raised> {
        Ok(compiled(pattern)?.is_match(text))
    });
    engine.register_fn("extract", |text: &str, pattern: &str| -> Result<Dynamic, Raised> {
        let found = pieces(&compiled(pattern)?, text, 1).into_iter().next();
        Ok(found.unwrap_or_default())
    });
    engine.register_fn("extract_all", |text: &str, pattern: &str| -> Result<Array, Raised> {
        Ok(pieces(&compiled(pattern)?, text, usize::MAX))
    });
    engine.register_fn("replace_pattern", |text: &str, pattern: &str, new: &str| -> Result<String, Raised> {
        Ok(compiled(pattern)?.replace_all(text, new).into_owned())
    });
}

/// What the first brackets hold, or the whole of each piece that fits.
fn pieces(pattern: &Regex, text: &str, most: usize) -> Array {
    let piece = |found: regex::Captures| {
        let piece = found.get(1).or_else(|| found.get(0)).map(|piece| piece.as_str().to_string());
        piece.map_or(Dynamic::UNIT, Dynamic::from)
    };
    pattern.captures_iter(text).take(most).map(piece).collect()
}

fn compiled(pattern: &str) -> Result<Regex, Raised> {
    COMPILED.with_borrow_mut(|known| {
        if let Some(regex) = known.get(pattern) {
            return Ok(regex.clone());
        }
        let regex = RegexBuilder::new(pattern).size_limit(SIZE).build().map_err(|cause| unusable(&cause))?;
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(pattern.to_string(), regex.clone());
        Ok(regex)
    })
}

fn unusable(cause: &regex::Error) -> Raised {
    if matches!(cause, regex::Error::CompiledTooBig(_)) {
        return mistake("this pattern is too large", "take a shorter one, with smaller counts in { }");
    }
    let told = cause.to_string();
    let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string();
    mistake(
        format!("this is not a regular expression: {reason}"),
        "put it in back-ticks, so that \\ stands for itself; a sign that is meant as it is gets \\ before it: `\\(`",
    )
}
