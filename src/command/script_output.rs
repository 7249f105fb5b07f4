//! The console as a script sees it.

use super::console::Console;
use crate::report::harmless;
use crate::script::host::{Level, Output, Rows};
use std::sync::Arc;

/// The console as a script sees it.
pub struct ScriptOutput {
    /// The console.
    pub console: Arc<Console>,
    /// Whether stdout is kept for the value, so that `print` goes to stderr.
    pub stdout_is_taken: bool,
}

impl Output for ScriptOutput {
    fn progress(&self, rows: &Rows) {
        self.console.rows(rows);
    }

    fn print(&self, text: &str) {
        self.console.log_line("print", text);
        if self.stdout_is_taken {
            self.console.stderr(text);
        } else {
            self.console.line(text);
        }
    }

    fn log(&self, level: Level, text: &str) {
        let text = harmless(text);
        match level {
            Level::Debug => self.console.detail(&text),
            Level::Info => self.console.say(&text),
            Level::Warning => self.console.warn(&text),
            Level::Error => {
                self.console.log_line("error", &text);
                self.console.stderr(&format!("error: {text}"));
            }
        }
    }

    fn can_ask(&self) -> bool {
        self.console.can_ask()
    }

    fn ask(&self, lines: &[String], question: &str) -> Option<String> {
        self.console.end_progress();
        self.console.notice_lines(lines);
        self.console.ask(question)
    }

    fn width(&self) -> Option<usize> {
        if self.stdout_is_taken { self.console.style.width } else { self.console.width() }
    }
}
