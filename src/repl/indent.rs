//! How far the lines of an input are indented while it is typed.

use super::editor::goes_on;
use crate::script::dialogue::scan::{Kind, pieces};
use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, KeyCode, KeyEvent, Modifiers, RepeatCount,
};
use std::sync::{Arc, Mutex, PoisonError};

/// How many columns an open bracket moves what follows.
const STEP: usize = 2;

/// Enter at the end of an unfinished input: the next line begins below the one before, deeper after a bracket.
pub struct NewLine;

impl ConditionalEventHandler for NewLine {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        let line = context.line();
        if context.pos() < line.len() || !goes_on(line) {
            return None;
        }
        Some(Cmd::Insert(1, format!("\n{}", " ".repeat(indent(line)))))
    }
}

/// A closing bracket that is the first on its line: it goes below the line that opened it. The editor knows no command
/// that takes space away and puts something there with the cursor behind it, but it does that when a word is completed:
/// so the bracket is asked for as if it were the only completion.
pub struct Closing {
    sign: char,
    typed: Arc<Mutex<Option<char>>>,
}

impl Closing {
    /// All closing brackets, and where the one that was typed is found.
    pub fn all(typed: &Arc<Mutex<Option<char>>>) -> [Closing; 3] {
        ['}', ']', ')'].map(|sign| Closing { sign, typed: Arc::clone(typed) })
    }

    /// The key that types it.
    pub fn key(&self) -> KeyEvent {
        KeyEvent(KeyCode::Char(self.sign), Modifiers::NONE)
    }
}

impl ConditionalEventHandler for Closing {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        outdent(&context.line()[..context.pos()])?;
        *self.typed.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.sign);
        Some(Cmd::Complete)
    }
}

/// Where the line of a closing bracket begins, and what it becomes; `None` if none was typed since the last time.
pub fn closed(text: &str, typed: &Mutex<Option<char>>) -> Option<(usize, String)> {
    let sign = typed.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    Some((text.len() - last_line(text).len(), format!("{}{sign}", outdent(text)?)))
}

/// How far the line after this text is indented.
pub fn indent(text: &str) -> usize {
    let last = last_line(text);
    let opens =
        last.trim_end().ends_with(['{', '(', '[']) || last.trim_end().ends_with('|') && last.contains('|');
    space(last).len() + if opens { STEP } else { 0 }
}

/// The space that goes before a closing bracket typed after this text, if less than stands there.
pub fn outdent(text: &str) -> Option<&str> {
    let last = last_line(text);
    let pieces = pieces(text);
    // A line of a text or of a comment stays as it is typed.
    if !last.trim().is_empty() || pieces.last()?.kind != Kind::Space {
        return None;
    }
    let mut open = Vec::new();
    for piece in &pieces {
        match piece.text {
            "{" | "[" | "(" => open.push(piece.start),
            "}" | "]" | ")" => drop(open.pop()),
            _ => {}
        }
    }
    let wanted = space(last_line(&text[..=open.pop()?]));
    (wanted.len() < last.len()).then_some(wanted)
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// The space that a line begins with.
fn space(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
