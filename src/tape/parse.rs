//! From JSON text to slots, in one pass. What is not JSON is left to `serde_json` to explain.

use super::keys::Path;
use super::number;
use super::shape::{Paths, Shapes};
use super::text::plain_length;
use super::{NotJson, Page, Slot, Span};
use serde::de::Error as _;
use serde_json::{Error, Value};

/// How deep lists and objects may lie in each other; as in `serde_json`.
const DEEPEST: usize = 127;

pub fn page(text: Vec<u8>) -> Result<Page, NotJson> {
    let text = String::from_utf8(text).map_err(|error| {
        let cause = Error::custom(format!("it is not UTF-8 text: {}", error.utf8_error()));
        NotJson { text: error.into_bytes(), cause }
    })?;
    let text = text.into_boxed_str();
    match tape(&text) {
        Ok((unescaped, slots, shapes)) => Ok(Page { text, unescaped, slots, shapes }),
        Err(cause) => Err(NotJson { text: text.into_string().into_bytes(), cause }),
    }
}

/// The unescaped text, the slots and the key lists of a text.
fn tape(text: &str) -> Result<(String, Box<[Slot]>, Shapes), Error> {
    if u32::try_from(text.len()).is_err() {
        return Err(Error::custom("it is larger than 4 GB"));
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        unescaped: String::new(),
        slots: Vec::with_capacity(text.len() / 24 + 1),
        open: Vec::with_capacity(256),
        paths: Paths::new(),
    };
    reader.slots.push(Slot::Null);
    if reader.whole().is_none() {
        let cause = serde_json::from_str::<Value>(text).err();
        return Err(cause.unwrap_or_else(|| Error::custom("it is not JSON")));
    }
    reader.slots[0] = reader.open[0];
    let Reader { unescaped, slots, paths, .. } = reader;
    Ok((unescaped, slots.into_boxed_slice(), paths.into_shapes()))
}

/// Reads a text from its start to its end. What is not JSON is `None` throughout.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
    pub(super) unescaped: String,
    slots: Vec<Slot>,
    /// The children of the lists and objects that have not ended yet.
    open: Vec<Slot>,
    pub(super) paths: Paths,
}

impl Reader<'_> {
    fn whole(&mut self) -> Option<()> {
        self.value()?;
        self.peek().is_none().then_some(())
    }

    /// The next byte that is not white space; it is not passed.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes the next byte, if it is this one.
    fn pass(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Reads a value and puts it on the open ones. It is written there at once: handed on by value it would be
    /// written in parts and read as a whole, which stalls.
    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => {
                let span = self.string()?;
                self.open.push(Slot::Text(span));
            }
            b'{' => self.nested(Reader::object)?,
            b'[' => self.nested(Reader::list)?,
            b'n' => self.word("null", Slot::Null)?,
            b't' => self.word("true", Slot::Bool(true))?,
            b'f' => self.word("false", Slot::Bool(false))?,
            _ => {
                let (slot, length) = number::read(&self.text[self.at..])?;
                self.at += length;
                self.open.push(slot);
            }
        }
        Some(())
    }

    fn word(&mut self, word: &str, slot: Slot) -> Option<()> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end)? != word.as_bytes() {
            return None;
        }
        self.at = end;
        self.open.push(slot);
        Some(())
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        read(self)?;
        self.depth -= 1;
        Some(())
    }

    fn list(&mut self) -> Option<()> {
        let mark = self.open.len();
        if self.peek()? != b']' {
            loop {
                self.value()?;
                match self.peek()? {
                    b',' => self.at += 1,
                    b']' => break,
                    _ => return None,
                }
            }
        }
        self.at += 1;
        let (first, length) = self.close(mark);
        self.open.push(Slot::List { first, length });
        Some(())
    }

    fn object(&mut self) -> Option<()> {
        let mark = self.open.len();
        let mut path = Path::new();
        if self.peek()? != b'}' {
            loop {
                let place = mark + self.key(&mut path)?;
                self.pass(b':')?;
                self.value()?;
                if place + 1 < self.open.len() {
                    self.open.swap_remove(place);
                }
                match self.peek()? {
                    b',' => self.at += 1,
                    b'}' => break,
                    _ => return None,
                }
            }
        }
        self.at += 1;
        let (first, _) = self.close(mark);
        let shape = self.paths.shape(path.at);
        self.open.push(Slot::Object { first, shape });
        Some(())
    }

    /// Reads a text, whose opening quote is next.
    #[inline]
    pub(super) fn string(&mut self) -> Option<Span> {
        let start = self.at + 1;
        let length = plain_length(self.text.as_bytes().get(start..)?);
        match self.text.as_bytes().get(start + length)? {
            b'"' => {
                self.at = start + length + 1;
                Some(span(start, length))
            }
            b'\\' => self.escaped(start + length),
            _ => None,
        }
    }

    /// Reads a text with escapes, the first of them at `at`.
    fn escaped(&mut self, mut at: usize) -> Option<Span> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(at)? {
                b'\\' => at += 2,
                b'"' => break,
                _ => at += 1 + plain_length(bytes.get(at + 1..)?),
            }
        }
        let text: String = serde_json::from_str(self.text.get(self.at..=at)?).ok()?;
        self.at = at + 1;
        let start = self.text.len() + self.unescaped.len();
        self.unescaped.push_str(&text);
        Some(span(start, text.len()))
    }

    /// Moves the children since `mark` to their place on the tape.
    fn close(&mut self, mark: usize) -> (u32, u32) {
        let first = self.slots.len();
        self.slots.extend_from_slice(&self.open[mark..]);
        self.open.truncate(mark);
        (small(first), small(self.slots.len() - first))
    }
}

pub(super) fn slice<'t>(text: &'t str, unescaped: &'t str, span: Span) -> &'t str {
    let (start, length) = (span.start as usize, span.length as usize);
    match start.checked_sub(text.len()) {
        None => &text[start..start + length],
        Some(start) => &unescaped[start..start + length],
    }
}

fn span(start: usize, length: usize) -> Span {
    Span { start: small(start), length: small(length) }
}

/// A place in a text that is known to be smaller than 4 GB.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
