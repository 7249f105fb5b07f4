//! The text of a whole dialogue: every input at lines of its own, so that a place in any of them can be told.

use crate::error::{Error, Finding, Place};
use std::fmt::Write as _;
use std::sync::Arc;

/// The name that the engine knows the whole text by.
pub const NAME: &str = "repl";

/// What was typed, input by input.
#[derive(Debug)]
pub struct Ledger {
    /// Everything; the first line stays empty, for what is put before an input.
    whole: String,
    inputs: Vec<Input>,
}

#[derive(Debug)]
struct Input {
    number: usize,
    /// The file it was read from, if nobody typed it.
    file: Option<String>,
    first_line: usize,
    text: Arc<str>,
}

impl Default for Ledger {
    /// Nothing was typed yet.
    fn default() -> Ledger {
        Ledger { whole: "\n".into(), inputs: Vec::new() }
    }
}

impl Ledger {
    /// Adds an input at the end; answers the text in which it stands alone at its own lines.
    pub fn add(&mut self, number: usize, text: &str) -> String {
        self.add_from(None, number, text)
    }

    /// The same, of a text that was read from a file.
    pub fn add_from(&mut self, file: Option<&str>, number: usize, text: &str) -> String {
        let first_line = self.whole.lines().count() + 1;
        let _ = writeln!(self.whole, "{text}");
        self.inputs.push(Input { number, file: file.map(String::from), first_line, text: text.into() });
        format!("{}{text}", "\n".repeat(first_line - 1))
    }

    /// Takes the last input back, which was not run.
    pub fn drop_last(&mut self) {
        if let Some(input) = self.inputs.pop() {
            let end = self.whole.len() - input.text.len() - 1;
            self.whole.truncate(end);
        }
    }

    /// Everything that was typed.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// The number of the input that a line of the whole text belongs to.
    pub fn number_at(&self, line: usize) -> Option<usize> {
        self.input_at(line).map(|input| input.number)
    }

    fn input_at(&self, line: usize) -> Option<&Input> {
        self.inputs.iter().rev().find(|input| input.first_line <= line)
    }

    /// An error whose places in the whole text are places in single inputs: `[3]:1:5`.
    pub fn located(&self, error: Error) -> Error {
        match error {
            Error::Check(findings) => {
                Error::Check(findings.into_iter().map(|finding| self.finding(finding)).collect())
            }
            Error::Thrown(finding) => Error::Thrown(Box::new(self.finding(*finding))),
            other => other,
        }
    }

    fn finding(&self, finding: Finding) -> Finding {
        let place = finding.place.map(|place| self.place(place));
        let trace = finding.trace.into_iter().map(|place| self.place(place)).collect();
        Finding { place, trace, ..finding }
    }

    fn place(&self, place: Place) -> Place {
        let input =
            Some(&place).filter(|place| place.file == NAME).and_then(|place| self.input_at(place.line));
        let Some(input) = input else { return place };
        let last = input.text.lines().count().max(1);
        Place {
            file: input.file.clone().unwrap_or_else(|| format!("[{}]", input.number)),
            source: Arc::clone(&input.text),
            line: (place.line - input.first_line + 1).min(last),
            ..place
        }
    }
}
