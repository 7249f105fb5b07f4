//! Whether an input goes on at the next line. The parser says where it gave up: at the end, there is more to come.

use super::super::compile;
use super::scan::{Kind, pieces};
use rhai::{LexError, ParseErrorType, Position};

/// Whether a text is the beginning of something. Two empty lines at the end say that it is all there is.
pub fn is_unfinished(text: &str) -> bool {
    if text.ends_with("\n\n\n") || text.trim().is_empty() {
        return false;
    }
    // The parser takes a comment without an end for a whole one.
    if pieces(text).last().is_some_and(|piece| piece.kind == Kind::Comment && !piece.closed) {
        return true;
    }
    let text = text.trim_end();
    let Err(error) = compile::written(text) else { return false };
    match *error.0 {
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            let open = pieces(text).into_iter().find(|piece| piece.kind == Kind::Text && !piece.closed);
            open.is_some_and(|piece| piece.text.starts_with(['`', '#']))
        }
        _ => is_at_end(error.1, text),
    }
}

/// Whether a position is behind the last character.
fn is_at_end(position: Position, text: &str) -> bool {
    let Some(line) = position.line() else { return true };
    let lines = text.lines().count();
    let last = text.lines().last().map_or(0, |line| line.chars().count());
    line > lines || line == lines && position.position().is_none_or(|column| column > last)
}
