//! A word of an expression and its place in it.

use std::ops::Range;

/// A word between blanks.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// The word.
    pub text: &'a str,
    /// The byte it starts at, in the whole expression.
    pub start: usize,
}

impl Token<'_> {
    /// Where it stands, in bytes of the whole expression.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// The words of a text that starts at this byte of the expression.
pub fn tokens(text: &str, at: usize) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (index, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (letter.is_whitespace(), start) {
            (true, Some(from)) => {
                found.push(Token { text: &text[from..index], start: at + from });
                start = None;
            }
            (false, None) => start = Some(index),
            _ => {}
        }
    }
    found
}
