//! The texts of a run: what was read, where it came from, and how a position becomes a place.

use super::Script;
use crate::error::Place;
use rhai::Position;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// One script text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text, ready to be compiled: no byte order mark, the `#!` line turned into a comment of the same length.
    pub text: Arc<str>,
    /// The folder its imports are looked for in; embedded modules have none.
    pub folder: Option<PathBuf>,
    /// Lines before what the person wrote.
    pub hidden_lines: usize,
}

/// Every text of a run, by the name that the engine knows it by.
#[derive(Clone, Debug, Default)]
pub struct Sources(Rc<RefCell<BTreeMap<String, Source>>>);

impl Source {
    /// The text of the script a command was given.
    pub fn of(script: &Script) -> Source {
        let folder = match &script.path {
            Some(path) => path.parent().map(std::path::Path::to_path_buf),
            None => Some(script.root.clone()),
        };
        Source { text: prepared(&script.text).into(), folder, hidden_lines: script.hidden_lines }
    }
}

impl Sources {
    /// Remembers a text under a name.
    pub fn add(&self, name: &str, source: Source) {
        self.0.borrow_mut().insert(name.to_string(), source);
    }

    /// The text of that name.
    pub fn get(&self, name: &str) -> Option<Source> {
        self.0.borrow().get(name).cloned()
    }

    /// Every text: the script itself first, then what it imports, by name.
    pub fn texts_in_order(&self, first: &str) -> Vec<Arc<str>> {
        let sources = self.0.borrow();
        let own = sources.get(first).map(|source| Arc::clone(&source.text));
        let others = sources.iter().filter(|(name, _)| *name != first);
        own.into_iter().chain(others.map(|(_, source)| Arc::clone(&source.text))).collect()
    }

    /// Every text but this one, by name.
    pub fn others(&self, name: &str) -> Vec<(String, Source)> {
        let sources = self.0.borrow();
        let others = sources.iter().filter(|(other, _)| *other != name);
        others.map(|(name, source)| (name.clone(), source.clone())).collect()
    }

    /// The place of a position in a text, with the length of the word that stands there.
    pub fn place(&self, name: &str, position: Position) -> Option<Place> {
        let source = self.get(name)?;
        let line = position.line()?;
        let text = source.text.lines().nth(line - 1).unwrap_or_default();
        let column = word_start(text, position.position().unwrap_or(1));
        let length = word_length(text, column);
        let shown: Arc<str> = match source.hidden_lines {
            0 => Arc::clone(&source.text),
            hidden => source.text.lines().skip(hidden).collect::<Vec<_>>().join("\n").into(),
        };
        let last = shown.lines().count().max(1);
        let line = line.saturating_sub(source.hidden_lines).clamp(1, last);
        Some(Place { file: name.to_string(), source: shown, line, column, length })
    }
}

/// Drops a byte order mark and comments out a `#!` line without moving anything.
pub fn prepared(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.strip_prefix("#!") {
        Some(rest) => format!("//{rest}"),
        None => text.to_string(),
    }
}

/// Where the word begins that a column means: the engine points at the dot before a field.
fn word_start(line: &str, column: usize) -> usize {
    let mut rest = line.chars().skip(column.saturating_sub(1));
    let dot = rest.next() == Some('.');
    if dot && rest.next().is_some_and(|c| c.is_alphabetic() || c == '_') { column + 1 } else { column }
}

/// How many characters the word, number or text at a column takes; 1 for anything else.
fn word_length(line: &str, column: usize) -> usize {
    let rest: Vec<char> = line.chars().skip(column.saturating_sub(1)).collect();
    let word = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
    if word > 0 {
        return word;
    }
    match rest.first() {
        Some(quote @ ('"' | '`' | '\'')) => {
            let end = rest.iter().skip(1).position(|c| c == quote);
            end.map_or(1, |end| end + 2)
        }
        _ => 1,
    }
}
