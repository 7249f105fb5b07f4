//! Where lines come from: a person at a terminal, or a pipe.

use super::names::Names;
use super::prompt::Prompt;
use std::io;

/// What came of reading a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A whole input, which may have several lines.
    Text(String),
    /// Ctrl-C: what was typed so far is dropped.
    Interrupted,
    /// Ctrl-D, or the end of the pipe.
    End,
}

/// Prints above the line that is typed.
pub type Printer = Box<dyn FnMut(String) + Send>;

/// Where lines come from.
pub trait LineSource {
    /// Reads one input; `begun` stands there already, to be changed.
    fn read(&mut self, prompt: &Prompt, begun: &str) -> io::Result<Line>;

    /// What can be named from now on, for help while typing.
    fn learn(&mut self, names: Names);

    /// Prints text above the line that is typed, from any thread; the text ends with a line break.
    fn printer(&mut self) -> Option<Printer>;

    /// Whether a person types, so that an error does not end everything.
    fn is_person(&self) -> bool;
}
