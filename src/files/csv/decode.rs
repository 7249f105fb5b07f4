//! From bytes to text, whatever a spreadsheet saved.

use super::super::Trouble;
use encoding_rs::{Encoding, WINDOWS_1252};

/// The text of a file. A byte order mark decides; else what the script says; else UTF-8 if it is, and Windows-1252
/// if it is not.
pub fn text(name: &str, bytes: Vec<u8>, said: Option<&'static Encoding>) -> Result<String, Trouble> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Trouble::file(
            format!("{name} is an Excel workbook, not a CSV file"),
            format!("read it with read_xlsx(\"{name}\")"),
        ));
    }
    if let Some(encoding) = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding).or(said) {
        let (text, used, broken) = encoding.decode(&bytes);
        if broken {
            return Err(Trouble::file(
                format!("{name} is not {} text", used.name()),
                "save it as \"CSV UTF-8\", or say what it is: read_csv(…, #{ encoding: \"windows-1252\" })",
            ));
        }
        return Ok(text.into_owned());
    }
    if bytes.iter().take(2).any(|byte| *byte == 0) {
        let order = if bytes.first() == Some(&0) { "utf-16be" } else { "utf-16le" };
        return Err(Trouble::file(
            format!("{name} looks like UTF-16, and does not say so"),
            format!("say it: read_csv(…, #{{ encoding: \"{order}\" }}); or save it as \"CSV UTF-8\""),
        ));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(cause) => WINDOWS_1252.decode(cause.as_bytes()).0.into_owned(),
    })
}
