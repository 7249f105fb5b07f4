//! Code in colours. The text itself stays as it is, so that the cursor stands where it should.

use super::meta;
use super::names::Names;
use crate::script::dialogue::scan::{Kind, Piece, pieces};

/// Words of the language.
pub const KEYWORDS: &[&str] = &[
    "let", "const", "if", "else", "switch", "while", "loop", "do", "until", "for", "in", "break", "continue",
    "return", "throw", "try", "catch", "fn", "private", "import", "export", "as", "true", "false", "global",
    "this", "is", "!in",
];

const COMMENT: &str = "\x1b[2m";
const TEXT: &str = "\x1b[32m";
const OPEN_TEXT: &str = "\x1b[33m";
const NUMBER: &str = "\x1b[36m";
const KEYWORD: &str = "\x1b[35m";
const FUNCTION: &str = "\x1b[34m";
const WRITE: &str = "\x1b[1;31m";
const META: &str = "\x1b[1m";
const END: &str = "\x1b[0m";

/// A line in colours. Functions that change something in Vitally stand out.
pub fn painted(line: &str, names: &Names) -> String {
    if meta::is_meta(line) {
        let (word, rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
        return [META, word, END, rest].concat();
    }
    pieces(line).iter().map(|piece| one(piece, names)).collect()
}

fn one(piece: &Piece, names: &Names) -> String {
    let colour = match piece.kind {
        Kind::Comment => COMMENT,
        Kind::Text if piece.closed => TEXT,
        Kind::Text => OPEN_TEXT,
        Kind::Number => NUMBER,
        Kind::Word if KEYWORDS.contains(&piece.text) => KEYWORD,
        Kind::Word if names.writes(piece.text) => WRITE,
        Kind::Word if names.function(piece.text).is_some() => FUNCTION,
        Kind::Word | Kind::Sign | Kind::Space => return piece.text.into(),
    };
    [colour, piece.text, END].concat()
}
