//! The functions scripts have beside Vitally's actions. One file a namespace; each lists its entries for `docs`.

pub mod again;
pub mod answers;
pub mod ask;
pub mod cells;
pub mod charts;
pub mod checks;
pub mod clear;
pub mod date;
pub mod each;
pub mod email;
pub mod figures;
pub mod files;
pub mod html;
pub mod http;
pub mod job;
pub mod lists;
pub mod moment;
pub mod numbers;
pub mod on;
pub mod options;
pub mod patterns;
pub mod pieces;
pub mod profiles;
pub mod report;
pub mod run;
pub mod say;
pub mod schedule;
pub mod secret;
pub mod slack;
pub mod span;
pub mod state;
pub mod template;
pub mod text;

use super::record_type;
use std::sync::OnceLock;

/// One function as `docs` shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name in scripts.
    pub name: &'static str,
    /// The function as a person types it; methods start with a dot.
    pub signature: &'static str,
    /// One line for people.
    pub doc: &'static str,
    /// A script that runs against the demo tenant.
    pub example: &'static str,
}

/// Makes an entry; the lists in the files below are tables of these.
pub const fn entry(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
) -> Entry {
    Entry { name, signature, doc, example }
}

/// The native functions by group, in the order `docs` shows them.
pub const GROUPS: &[(&str, &[Entry])] = &[
    ("Lists", lists::ENTRIES),
    ("Records", record_type::ENTRIES),
    ("Say and log", say::ENTRIES),
    ("Cards and charts", charts::ENTRIES),
    ("Questions", ask::ENTRIES),
    ("The run", run::ENTRIES),
    ("Try and try again", again::ENTRIES),
    ("Between runs", state::ENTRIES),
    ("Many rows", each::ENTRIES),
    ("Hooks", on::ENTRIES),
    ("Schedules", schedule::ENTRIES),
    ("The job", job::ENTRIES),
    ("Checks", checks::ENTRIES),
    ("Dates", date::ENTRIES),
    ("Times", moment::ENTRIES),
    ("Files", files::ENTRIES),
    ("Reports", report::ENTRIES),
    ("Templates", template::ENTRIES),
    ("Other services", http::ENTRIES),
    ("Secrets", secret::ENTRIES),
    ("Slack", slack::ENTRIES),
    ("E-mail", email::ENTRIES),
    ("Cells", cells::ENTRIES),
    ("Numbers", numbers::ENTRIES),
    ("Numbers for people", figures::ENTRIES),
    ("Text", text::ENTRIES),
    ("Pieces of a text", pieces::ENTRIES),
    ("Patterns", patterns::ENTRIES),
    ("HTML", html::ENTRIES),
    ("Profiles and records", profiles::ENTRIES),
    ("Answers", answers::ENTRIES),
];

/// The parts of the standard library that are written in Rhai. Their functions are there without an import, and
/// `import "std/…"` gives them a namespace.
pub const MODULES: &[(&str, &str)] = &[
    ("find", include_str!("../../../stdlib/find.rhai")),
    ("upsert", include_str!("../../../stdlib/upsert.rhai")),
    ("ensure", include_str!("../../../stdlib/ensure.rhai")),
    ("words", include_str!("../../../stdlib/words.rhai")),
];

/// The text of an embedded module.
pub fn embedded(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".rhai").unwrap_or(name);
    MODULES.iter().find(|(module, _)| *module == name).map(|(_, text)| *text)
}

/// The functions of the standard library that are written in Rhai, read from their own `///` lines: what it does,
/// then `Example:` and a script that runs.
pub fn scripted() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| MODULES.iter().flat_map(|(_, text)| documented(text)).collect())
}

/// The functions of one embedded module.
pub fn documented(text: &'static str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let (mut doc, mut example) = ("", "");
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("/// Example: ") {
            example = words;
        } else if let Some(words) = line.strip_prefix("/// ") {
            doc = words.trim_end_matches('.');
        } else if let Some(rest) = line.strip_prefix("fn ") {
            let signature = rest.split(" {").next().unwrap_or(rest);
            let name = signature.split('(').next().unwrap_or(signature);
            if !doc.is_empty() {
                entries.push(entry(name, signature, doc, example));
            }
            (doc, example) = ("", "");
        }
    }
    entries
}

/// Every function beside the actions and lists.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    GROUPS.iter().flat_map(|(_, entries)| entries.iter()).chain(scripted())
}
