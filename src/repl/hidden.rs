//! A question whose answer is not shown while it is typed.

use super::editor::Interrupted;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, ColorMode, Config, Editor, Helper};
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr as _;

/// Terminals on which rustyline does not draw, so that the system would show what is typed.
const PLAIN: &[&str] = &["dumb", "cons25", "emacs"];

/// Whether a terminal of this kind can hide what is typed.
pub fn is_possible(term: Option<&str>) -> bool {
    term.is_none_or(|term| !PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(term)))
}

/// Asks at the terminal and shows a star for each letter: `Err` for Ctrl-C, `None` for no answer.
pub fn question(text: &str) -> Result<Option<String>, Interrupted> {
    let config = Config::builder()
        .auto_add_history(false)
        // The stars are drawn as colours are, so colours must not be off.
        .color_mode(ColorMode::Forced)
        .behavior(Behavior::PreferTerm)
        .build();
    let Ok(mut readline) = Editor::<Stars, MemHistory>::with_history(config, MemHistory::new()) else {
        return Ok(None);
    };
    readline.set_helper(Some(Stars));
    match readline.readline(text) {
        Ok(answer) => Ok(Some(answer)),
        Err(ReadlineError::Interrupted) => Err(Interrupted),
        Err(_) => Ok(None),
    }
}

/// Draws a line as stars.
struct Stars;

impl Helper for Stars {}
impl Validator for Stars {}

impl Hinter for Stars {
    type Hint = String;
}

impl Completer for Stars {
    type Candidate = String;
}

impl Highlighter for Stars {
    fn highlight<'l>(&self, line: &'l str, _position: usize) -> Cow<'l, str> {
        Cow::Owned("*".repeat(line.width()))
    }

    /// The line is drawn anew for every letter; a single one would be written as it is.
    fn highlight_char(&self, _line: &str, _position: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}
