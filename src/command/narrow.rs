//! A terminal that is told to be a little narrower than it is.

use console::Term;
use indicatif::TermLike;
use std::io;

/// How many columns a terminal shows two presses of Ctrl-C in: `^C^C`.
const ECHO: u16 = 4;

/// Stderr without its last columns. What is typed during a long walk is shown where the line about it ends: in the last
/// column it would begin a new line, and the one above would never be taken away.
#[derive(Debug)]
pub struct Narrow(Term);

impl Narrow {
    /// The terminal of stderr.
    pub fn stderr() -> Narrow {
        Narrow(Term::buffered_stderr())
    }
}

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(ECHO).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
