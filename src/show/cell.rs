//! One value in one line.

use serde_json::Value;

/// A value as one cell: `–` for null, `""` for empty text, lists and maps as short JSON.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::String(text) if text.is_empty() => "\"\"".into(),
        Value::String(text) => one_line(text),
        Value::Array(_) | Value::Object(_) => one_line(&value.to_string()),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Line breaks and tabs become a space; other control characters, which could steer a terminal, become `�`.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' => {}
            '\n' | '\t' | '\u{2028}' | '\u{2029}' => line.push(' '),
            c if c.is_control() => line.push('\u{fffd}'),
            c => line.push(c),
        }
    }
    line
}
