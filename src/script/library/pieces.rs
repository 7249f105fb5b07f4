//! Pieces of a text: what stands before, after and between, its lines and words, its address.

use super::{Entry, entry};
use rhai::{Array, Engine};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "before",
        ".before(mark)",
        "What stands before the first mark; all of it if there is none",
        "print(\"dana@example.com\".before(\"@\"));",
    ),
    entry(
        "after",
        ".after(mark)",
        "What stands after the first mark; nothing if there is none",
        "print(\"Renewal: Acme\".after(\": \"));",
    ),
    entry(
        "between",
        ".between(start, end)",
        "What stands between two marks; nothing if they are not there",
        "print(\"Acme (EU)\".between(\"(\", \")\"));",
    ),
    entry("lines", ".lines()", "The lines as an array", "print(\"one\\ntwo\".lines().len());"),
    entry(
        "words",
        ".words()",
        "The words as an array; what stands between them is spaces and ends of lines",
        "print(\"  Acme   Corp \".words());",
    ),
    entry("digits", ".digits()", "Only the digits", "print(\"+44 (0)20 7946\".digits());"),
    entry(
        "email_domain",
        ".email_domain()",
        "What stands after the @ of an address, in small letters; () if it is no address",
        "print(\"Dana@Example.com\".email_domain());",
    ),
    entry(
        "shorten",
        ".shorten(length)",
        "The text, or as much of it as fits with … at its end",
        "print(\"A long sentence about Acme\".shorten(12));",
    ),
    entry(
        "slug",
        ".slug()",
        "The text in small letters and digits with - between them, as a part of an externalId",
        "print(\"Q3 Review: Acme & Co.\".slug());",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("before", |text: &str, mark: &str| before(text, mark).to_string());
    engine.register_fn("before", |text: &str, mark: char| before(text, &mark.to_string()).to_string());
    engine.register_fn("after", |text: &str, mark: &str| after(text, mark).to_string());
    engine.register_fn("after", |text: &str, mark: char| after(text, &mark.to_string()).to_string());
    engine.register_fn("between", |text: &str, start: &str, end: &str| {
        after(text, start).split_once(end).map_or("", |(inside, _)| inside).to_string()
    });
    engine.register_fn("lines", |text: &str| -> Array {
        text.lines().map(|line| line.to_string().into()).collect()
    });
    engine.register_fn("words", |text: &str| -> Array {
        text.split_whitespace().map(|word| word.to_string().into()).collect()
    });
    engine.register_fn("digits", |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>());
    engine
        .register_fn("email_domain", |text: &str| email_domain(text).map_or(().into(), rhai::Dynamic::from));
    engine.register_fn("shorten", |text: &str, length: i64| shortened(text, length));
    engine.register_fn("slug", slug);
}

fn before<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or("", |(_, after)| after)
}

fn email_domain(text: &str) -> Option<String> {
    let (name, domain) = text.trim().trim_end_matches('>').rsplit_once('@')?;
    let fits = !name.is_empty() && domain.contains('.') && !domain.contains(char::is_whitespace);
    fits.then(|| domain.to_lowercase())
}

fn shortened(text: &str, length: i64) -> String {
    let length = usize::try_from(length).unwrap_or(0);
    if text.chars().count() <= length {
        return text.to_string();
    }
    let Some(room) = length.checked_sub(1) else { return String::new() };
    let kept: String = text.chars().take(room).collect();
    format!("{}…", kept.trim_end())
}

fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
