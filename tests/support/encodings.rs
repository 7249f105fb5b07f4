//! A key and a secret, and every way in which they are likely to be written down.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A key whose signs are written in other ways in addresses, in JSON and in HTML.
pub const KEY: &str = "sk_live_canary+Zq/93~b1%=";
/// The secret of a script.
pub const TOKEN: &str = "tok-canary/55&e1+x";

/// A value as it is, and in every way in which it is likely to be written down.
pub fn forms(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let hex = value.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let escaped = |sign: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let one =
            |byte: u8| if plain(byte) { (byte as char).to_string() } else { format!("{sign}{byte:02X}") };
        value.bytes().map(one).collect::<Vec<_>>().concat()
    };
    let url = escaped("%");
    // Base64 of a longer text has the value's letters in one of three ways; the ends may differ.
    let within = |before: &str| {
        let whole = STANDARD.encode(format!("{before}{value}:"));
        whole[4..whole.len() - 8].to_string()
    };
    let mut forms: Vec<(&'static str, Vec<u8>)> = [
        ("plain", value.to_string()),
        ("base64", STANDARD.encode(value)),
        ("base64 of the login", STANDARD.encode(format!("{value}:"))),
        ("base64 for addresses", URL_SAFE_NO_PAD.encode(value)),
        ("base64 after one letter", within(" ")),
        ("base64 after two letters", within("  ")),
        ("base64 of anything after", within("")),
        ("in an address", url.clone()),
        ("in an address, small letters", url.to_lowercase()),
        ("hex", hex.clone()),
        ("hex, large letters", hex.to_uppercase()),
        ("backwards", value.chars().rev().collect()),
        ("JSON", value.replace('/', "\\/")),
        ("JSON in numbers", value.replace('/', "\\u002f").replace('+', "\\u002b")),
        ("HTML", value.replace('&', "&amp;").replace('/', "&#x2F;")),
        ("large letters", value.to_uppercase()),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.into_bytes()))
    .collect();
    forms.push(("UTF-16LE", value.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    forms.push(("UTF-16BE", value.encode_utf16().flat_map(u16::to_be_bytes).collect()));
    forms
}

/// Where a value is found in some bytes, and in which form.
pub fn seen(value: &str, bytes: &[u8]) -> Option<&'static str> {
    forms(value)
        .into_iter()
        .find(|(_, form)| bytes.windows(form.len()).any(|part| part == form))
        .map(|(name, _)| name)
}
