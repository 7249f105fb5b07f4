//! Text that is longer than the screen, in the person's pager.

use super::talk::Talk;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The pager where nobody named one: it leaves at once what fits, and shows colours.
const PAGER: &str = if cfg!(windows) { "more" } else { "less -FIRX" };

impl Talk {
    /// Writes text to stdout; through the pager if it is longer than the screen and a person looks at it.
    pub(super) fn paged(&self, text: &str) {
        let rows = terminal_size::terminal_size().map(|(_, rows)| usize::from(rows.0));
        let is_long = rows.is_some_and(|rows| text.lines().count() >= rows);
        if !(self.is_person && is_long && self.through_pager(text)) {
            self.context.console.line(text);
        }
    }

    /// Whether a pager could be started for it.
    fn through_pager(&self, text: &str) -> bool {
        let named = self.context.environment.get("PAGER").map_or(PAGER, |pager| pager.trim());
        let mut words = named.split_whitespace();
        let Some(program) = words.next() else { return false };
        let Ok(mut child) = Command::new(program).args(words).stdin(Stdio::piped()).spawn() else {
            return false;
        };
        if let Some(mut input) = child.stdin.take() {
            // Whoever has seen enough leaves before the end.
            let _ = writeln!(input, "{text}");
        }
        // What it ends with says nothing about the text.
        let _ = child.wait();
        true
    }
}
