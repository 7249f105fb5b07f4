//! Lines from a person at a terminal: editing, history, colours, completion, hints.

use super::complete::{Candidate, complete};
use super::hint::{Hint, hint};
use super::indent::{Closing, NewLine, closed};
use super::line::{Line, LineSource, Printer};
use super::meta;
use super::names::Names;
use super::paint::painted;
use super::prompt::Prompt;
use super::secret::looks_secret;
use super::tidy::tidy;
use crate::script::dialogue::is_unfinished;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::{FileHistory, MemHistory, SearchDirection};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    CompletionType, Config, Context, Editor as Readline, EventHandler, ExternalPrinter as _, Helper, KeyCode,
    KeyEvent, Modifiers,
};
use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// How many lines are remembered.
const REMEMBERED: usize = 2000;

/// A person at a terminal.
pub struct Editor {
    readline: Readline<Assistant, FileHistory>,
    history: PathBuf,
    with_colours: bool,
}

impl Editor {
    /// Opens the terminal; lines of before are read from the history file, and new ones written to it.
    pub fn open(history: PathBuf, with_colours: bool) -> io::Result<Editor> {
        let config = Config::builder()
            .max_history_size(REMEMBERED)
            .map_err(failed)?
            .history_ignore_dups(true)
            .map_err(failed)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .auto_add_history(false)
            .build();
        let mut readline = Readline::with_config(config).map_err(failed)?;
        let bracket = Arc::default();
        let names = Names::default();
        readline.set_helper(Some(Assistant { names, with_colours, bracket: Arc::clone(&bracket) }));
        let enter = KeyEvent(KeyCode::Enter, Modifiers::NONE);
        readline.bind_sequence(enter, EventHandler::Conditional(Box::new(NewLine)));
        for bracket in Closing::all(&bracket) {
            readline.bind_sequence(bracket.key(), EventHandler::Conditional(Box::new(bracket)));
        }
        // The first time there is none.
        let _ = readline.load_history(&history);
        Ok(Editor { readline, history, with_colours })
    }

    fn remember(&mut self, text: &str) -> io::Result<()> {
        if looks_secret(text) || !self.readline.add_history_entry(text).map_err(failed)? {
            return Ok(());
        }
        if let Some(folder) = self.history.parent() {
            std::fs::create_dir_all(folder)?;
        }
        self.readline.append_history(&self.history).map_err(failed)
    }
}

impl LineSource for Editor {
    fn read(&mut self, prompt: &Prompt, begun: &str) -> io::Result<Line> {
        let coloured = if self.with_colours { &prompt.coloured } else { &prompt.plain };
        match self.readline.readline_with_initial(&(&prompt.plain, coloured), (begun, "")) {
            Ok(text) => {
                let text = tidy(&text);
                // What cannot be remembered can still be run.
                let _ = self.remember(text.trim_end());
                Ok(Line::Text(text))
            }
            Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(error) => Err(failed(error)),
        }
    }

    fn printer(&mut self) -> Option<Printer> {
        // Some terminals cannot; then it is said as anything else.
        let mut printer = self.readline.create_external_printer().ok()?;
        Some(Box::new(move |text| {
            // A terminal that is gone hears nothing.
            let _ = printer.print(text);
        }))
    }

    fn learn(&mut self, names: Names) {
        if let Some(assistant) = self.readline.helper_mut() {
            assistant.names = names;
        }
    }

    fn is_person(&self) -> bool {
        true
    }
}

/// Asks one question at the terminal: `Err` for Ctrl-C, `None` for no answer.
pub fn question(text: &str) -> Result<Option<String>, Interrupted> {
    let config = Config::builder().auto_add_history(false).build();
    let Ok(mut readline) = Readline::<(), MemHistory>::with_history(config, MemHistory::new()) else {
        return Ok(None);
    };
    match readline.readline(text) {
        Ok(answer) => Ok(Some(answer)),
        Err(ReadlineError::Interrupted) => Err(Interrupted),
        Err(_) => Ok(None),
    }
}

/// Ctrl-C at a question.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted;

fn failed(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(cause) => cause,
        other => io::Error::other(other),
    }
}

/// Helps while a line is typed.
struct Assistant {
    names: Names,
    with_colours: bool,
    /// A closing bracket that was typed as the first of its line.
    bracket: Arc<Mutex<Option<char>>>,
}

impl Helper for Assistant {}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let goes_on = goes_on(context.input());
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether Enter makes a new line. Two empty lines at the end say that it is all there is.
pub(super) fn goes_on(text: &str) -> bool {
    let mut ends = text.rsplit('\n');
    let is_forced =
        text.matches('\n').count() >= 2 && ends.by_ref().take(2).all(|line| line.trim().is_empty());
    !is_forced && !meta::is_meta(text) && is_unfinished(&tidy(text))
}

impl Completer for Assistant {
    type Candidate = Candidate;

    fn complete(&self, line: &str, at: usize, _: &Context) -> rustyline::Result<(usize, Vec<Candidate>)> {
        if let Some((start, text)) = closed(&line[..at], &self.bracket) {
            return Ok((start, vec![Candidate { shown: text.clone(), text }]));
        }
        let completion = complete(line, at, &self.names, &files);
        Ok((completion.start, completion.candidates))
    }
}

impl rustyline::completion::Candidate for Candidate {
    fn display(&self) -> &str {
        &self.shown
    }

    fn replacement(&self) -> &str {
        &self.text
    }
}

/// Files and folders whose path begins so.
fn files(begin: &str) -> Vec<String> {
    let (folder, start) = begin.rsplit_once('/').map_or(("", begin), |(folder, start)| (folder, start));
    let Ok(entries) = std::fs::read_dir(if folder.is_empty() { "." } else { folder }) else {
        return Vec::new();
    };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !start.starts_with('.');
            let slash = if entry.path().is_dir() { "/" } else { "" };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            (name.starts_with(start) && !hidden).then(|| format!("{path}{slash}"))
        })
        .collect();
    found.sort();
    found
}

impl Hinter for Assistant {
    type Hint = Hint;

    fn hint(&self, line: &str, at: usize, context: &Context) -> Option<Hint> {
        if at < line.len() {
            return None;
        }
        hint(line, &self.names).or_else(|| before(line, context))
    }
}

/// What was typed before and begins so.
fn before(line: &str, context: &Context) -> Option<Hint> {
    if line.is_empty() || line.contains('\n') {
        return None;
    }
    let history = context.history();
    let last = history.len().checked_sub(1)?;
    let found = history.starts_with(line, last, SearchDirection::Reverse).ok()??;
    let rest = found.entry.strip_prefix(line).filter(|rest| !rest.is_empty() && !rest.contains('\n'))?;
    Some(Hint { shown: rest.into(), typed: Some(rest.into()) })
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.typed.as_deref()
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.with_colours { painted(line, &self.names).into() } else { line.into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.with_colours { format!("\x1b[2m{hint}\x1b[0m").into() } else { hint.into() }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.with_colours && kind != CmdKind::MoveCursor
    }
}
