//! Regular expressions: whether a text fits one, and what it holds.

use super::super::aside::aside;
use super::super::host::Host;
use super::super::raise::{Raised, mistake};
use super::super::room;
use super::{Entry, entry};
use regex::{Regex, RegexBuilder};
use rhai::{Array, Dynamic, Engine};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Shorter texts are searched at once by patterns without counts that are shorter than that, too.
const SMALL: usize = 200;

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let own = Rc::clone(host);
    engine.register_fn("matches", move |text: &str, pattern: &str| -> Result<bool, Raised> {
        search(&own, text, pattern, |regex, text, _| regex.is_match(text))
    });
    let own = Rc::clone(host);
    engine.register_fn("extract", move |text: &str, pattern: &str| -> Result<Dynamic, Raised> {
        let found = search(&own, text, pattern, |regex, text, left| pieces(regex, text, 1, left))?;
        Ok(found.into_iter().next().flatten().map_or(Dynamic::UNIT, Dynamic::from))
    });
    let own = Rc::clone(host);
    engine.register_fn("extract_all", move |text: &str, pattern: &str| -> Result<Array, Raised> {
        let found = search(&own, text, pattern, |regex, text, left| pieces(regex, text, usize::MAX, left))?;
        Ok(found.into_iter().map(|piece| piece.map_or(Dynamic::UNIT, Dynamic::from)).collect())
    });
    let own = Rc::clone(host);
    engine.register_fn(
        "replace_pattern",
        move |text: &str, pattern: &str, new: &str| -> Result<String, Raised> {
            let new = new.to_string();
            search(&own, text, pattern, move |regex, text, left| replaced(regex, text, &new, left))?
                .ok_or_else(room::too_much)
        },
    );
}

/// Does a search, aside where it may take long: some patterns take time for every letter and every state they are in.
fn search<T: Send + 'static>(
    host: &Host,
    text: &str,
    pattern: &str,
    work: impl FnOnce(&Regex, &str, &AtomicBool) -> T + Send + 'static,
) -> Result<T, Raised> {
    let regex = compiled(host, pattern)?;
    if text.len() <= SMALL && pattern.len() <= SMALL && !pattern.contains('{') {
        return Ok(work(&regex, text, &AtomicBool::new(false)));
    }
    room::ask(text.len())?;
    let text = text.to_string();
    aside(host, move |left| work(&regex, &text, left))
}

/// What the first brackets hold, or the whole of each piece that fits; nothing for brackets that hold nothing.
fn pieces(pattern: &Regex, text: &str, most: usize, left: &AtomicBool) -> Vec<Option<String>> {
    let piece = |found: regex::Captures| {
        found.get(1).or_else(|| found.get(0)).map(|piece| piece.as_str().to_string())
    };
    let going_on = |_: &regex::Captures| !left.load(Ordering::Relaxed);
    pattern.captures_iter(text).take(most).take_while(going_on).map(piece).collect()
}

/// The text with every piece replaced, unless that takes more memory than there is.
fn replaced(pattern: &Regex, text: &str, new: &str, left: &AtomicBool) -> Option<String> {
    let mut whole = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let piece = found.get(0)?;
        whole.push_str(&text[from..piece.start()]);
        found.expand(new, &mut whole);
        from = piece.end();
        if left.load(Ordering::Relaxed) || room::ask(whole.len()).is_err() {
            return None;
        }
    }
    whole.push_str(&text[from..]);
    Some(whole)
}

/// The expression that a pattern means, compiled aside if its counts may make it large.
fn compiled(host: &Host, pattern: &str) -> Result<Regex, Raised> {
    if let Some(regex) = COMPILED.with_borrow(|known| known.get(pattern).cloned()) {
        return Ok(regex);
    }
    let own = pattern.to_string();
    let build = move |_: &AtomicBool| RegexBuilder::new(&own).size_limit(SIZE).build();
    let tried = if pattern.len() > SMALL || pattern.contains('{') {
        aside(host, build)?
    } else {
        build(&AtomicBool::new(false))
    };
    let regex = tried.map_err(|cause| unusable(&cause))?;
    COMPILED.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(pattern.to_string(), regex.clone());
    });
    Ok(regex)
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
