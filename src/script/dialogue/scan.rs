//! A text in pieces: words, texts, comments. It never fails, and every byte of the text is in one piece, so that what
//! is half typed can be coloured and completed too.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Spaces and line breaks.
    Space,
    /// A name or a word of the language.
    Word,
    /// A number.
    Number,
    /// A text with its quotes.
    Text,
    /// A comment.
    Comment,
    /// Anything else, one character.
    Sign,
}

/// One piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: Kind,
    /// The piece itself.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Whether a text or a comment ends where it should.
    pub closed: bool,
}

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (kind, length, closed) = piece(rest, first);
        found.push(Piece { kind, text: &rest[..length], start, closed });
        start += length;
    }
    found
}

/// The kind and the length in bytes of the piece at the beginning of a text.
fn piece(rest: &str, first: char) -> (Kind, usize, bool) {
    let run = |test: &dyn Fn(char) -> bool| rest.find(|c: char| !test(c)).unwrap_or(rest.len());
    if first.is_whitespace() {
        return (Kind::Space, run(&char::is_whitespace), true);
    }
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()), true);
    }
    if rest.starts_with("/*") {
        let (length, closed) = block_comment(rest);
        return (Kind::Comment, length, closed);
    }
    if first.is_ascii_digit() {
        return (Kind::Number, run(&|c| c.is_ascii_alphanumeric() || c == '_'), true);
    }
    if first.is_alphanumeric() || first == '_' {
        return (Kind::Word, run(&|c| c.is_alphanumeric() || c == '_'), true);
    }
    let (length, closed) = match first {
        '"' => quoted(rest),
        '`' => back_ticks(rest),
        '#' => match raw(rest) {
            Some(raw) => raw,
            None => return (Kind::Sign, 1, true),
        },
        _ => return (Kind::Sign, first.len_utf8(), true),
    };
    (Kind::Text, length, closed)
}

/// Comments may stand in comments.
fn block_comment(rest: &str) -> (usize, bool) {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (at, true);
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    (rest.len(), false)
}

/// A text in double quotes; it ends on its line.
fn quoted(rest: &str) -> (usize, bool) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (at + 1, true),
            '\n' => return (at, false),
            _ => {}
        }
    }
    (rest.len(), false)
}

/// A text in back-ticks, with everything that is put into it in `${…}`.
fn back_ticks(rest: &str) -> (usize, bool) {
    let mut at = 1;
    while let Some(c) = rest[at..].chars().next() {
        if rest[at..].starts_with("${") {
            let (length, closed) = inserted(&rest[at + 2..]);
            at += 2 + length;
            if !closed {
                return (rest.len(), false);
            }
        } else if c == '`' {
            return (at + 1, true);
        } else {
            at += c.len_utf8();
        }
    }
    (rest.len(), false)
}

/// The code that is put into a text in back-ticks: where each begins, in bytes, and the code.
pub fn insertions(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 1;
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + begin + 2;
        let (length, closed) = inserted(&text[start..]);
        let end = start + length - usize::from(closed);
        found.push((start, &text[start..end]));
        at = start + length;
    }
    found
}

/// The length of what stands in `${…}`, with its closing brace.
fn inserted(rest: &str) -> (usize, bool) {
    let (mut depth, mut at) = (1_usize, 0);
    while let Some(first) = rest[at..].chars().next() {
        let (kind, length, _) = piece(&rest[at..], first);
        at += length;
        match (kind, first) {
            (Kind::Sign, '{') => depth += 1,
            (Kind::Sign, '}') => {
                depth -= 1;
                if depth == 0 {
                    return (at, true);
                }
            }
            _ => {}
        }
    }
    (rest.len(), false)
}

/// A raw text, `#"…"#`, with as many signs as one likes; `None` if it is none.
fn raw(rest: &str) -> Option<(usize, bool)> {
    let signs = rest.find(|c| c != '#')?;
    if !rest[signs..].starts_with('"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(signs));
    let found = rest[signs + 1..].find(&end);
    Some(found.map_or((rest.len(), false), |at| (signs + 1 + at + end.len(), true)))
}
