//! Where the cursor is in half-typed code: which calls and maps are open, what stands before the dot.

use crate::script::dialogue::scan::{Kind, Piece, insertions, pieces};

/// A bracket that is not closed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open<'a> {
    /// `(`, `[`, `{`, or `#` for a map.
    pub sign: char,
    /// The function before a `(`.
    pub call: Option<&'a str>,
    /// The key whose value a map is.
    pub key: Option<&'a str>,
    /// How many commas stand in it so far.
    pub commas: usize,
    /// The keys that a map has so far.
    pub keys: Vec<&'a str>,
    /// Whether a key is next, in a map.
    pub wants_key: bool,
}

/// The code before the cursor.
pub struct Cursor<'a> {
    /// The text before the cursor.
    pub before: &'a str,
    /// Its pieces without spaces and comments; the half-typed word or text is not among them.
    pub done: Vec<Piece<'a>>,
    /// The half-typed word; empty if none was begun.
    pub word: &'a str,
    /// The half-typed text without its quote.
    pub text: Option<&'a str>,
    /// The open brackets, outermost first.
    pub open: Vec<Open<'a>>,
}

impl<'a> Cursor<'a> {
    /// Looks at the text before the cursor.
    pub fn new(before: &'a str) -> Cursor<'a> {
        let mut done: Vec<Piece> = pieces(before);
        if let Some(piece) = done.last().filter(|piece| piece.text.starts_with('`') && !piece.closed)
            && let Some((start, inner)) = insertions(piece.text).pop()
            && start + inner.len() == piece.text.len()
        {
            return Cursor::new(inner);
        }
        let (mut word, mut text) = ("", None);
        match done.last().copied() {
            Some(piece) if piece.kind == Kind::Word => {
                word = piece.text;
                done.pop();
            }
            Some(piece) if piece.kind == Kind::Text && !piece.closed => {
                text = Some(piece.text.get(1..).unwrap_or_default());
                done.pop();
            }
            _ => {}
        }
        let is_comment = done.last().is_some_and(|piece| piece.kind == Kind::Comment);
        if is_comment && !before.ends_with('\n') {
            // Nothing is completed in a comment.
            return Cursor { before, done: Vec::new(), word: "", text: Some(""), open: Vec::new() };
        }
        done.retain(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment));
        let open = open(&done);
        Cursor { before, done, word, text, open }
    }

    /// The sign before the half-typed word.
    pub fn sign(&self) -> Option<&'a str> {
        self.back(0).filter(|piece| piece.kind == Kind::Sign).map(|piece| piece.text)
    }

    /// A piece counted from the end.
    pub fn back(&self, count: usize) -> Option<Piece<'a>> {
        self.done.len().checked_sub(count + 1).map(|at| self.done[at])
    }
}

fn open<'a>(done: &[Piece<'a>]) -> Vec<Open<'a>> {
    let mut open: Vec<Open> = Vec::new();
    for (at, piece) in done.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| done[at]);
        match piece.text {
            "(" | "[" | "{" => {
                let is_map = piece.text == "{" && before.is_some_and(|before| before.text == "#");
                let sign = if is_map { '#' } else { piece.text.chars().next().unwrap_or('(') };
                let call = before.filter(|before| sign == '(' && before.kind == Kind::Word);
                let key = open.last().filter(|_| is_map).and_then(|outer| outer.keys.last().copied());
                let key = key.filter(|_| at >= 2 && done[at - 2].text == ":");
                open.push(Open {
                    sign,
                    call: call.map(|call| call.text),
                    key,
                    commas: 0,
                    keys: Vec::new(),
                    wants_key: is_map,
                });
            }
            ")" | "]" | "}" => drop(open.pop()),
            "," => {
                if let Some(inner) = open.last_mut() {
                    inner.commas += 1;
                    inner.wants_key = inner.sign == '#';
                }
            }
            ":" => {
                if let (Some(inner), Some(before)) = (open.last_mut(), before)
                    && inner.wants_key
                {
                    inner.wants_key = false;
                    inner.keys.push(before.text.trim_matches('"'));
                }
            }
            _ => {}
        }
    }
    open
}
