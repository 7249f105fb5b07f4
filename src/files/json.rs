//! JSON files.

use super::Trouble;
use serde_json::Value;
use serde_json::error::Category;

/// The value of a JSON text.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Value, Trouble> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(text).map_err(|cause| {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Trouble::file(format!("{name} is empty"), "an empty list is written []");
        }
        let help = match cause.classify() {
            Category::Eof => "it ends too early; check that the file is complete",
            _ => "check that place; read_csv reads tables of text",
        };
        Trouble::file(format!("{name} is not JSON: line {}, column {}", cause.line(), cause.column()), help)
    })
}
