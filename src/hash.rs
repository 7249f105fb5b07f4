//! The hash of texts: the same as long as nobody changes a character of them.

use ring::digest::{Context, SHA256};
use std::fmt::Write as _;

/// The SHA-256 of several texts in order, as hexadecimal digits. Where one text ends and the next begins counts.
pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Context::new(&SHA256);
    for text in texts {
        hash.update(&(text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finish().as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
