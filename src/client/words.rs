//! The API's own words, found in whatever body an error came with.

use serde_json::Value;

/// The most of foreign text that reaches a message, in characters.
const MOST: usize = 500;
/// The most findings of a validation report that are told.
const FINDINGS: usize = 5;

/// What the body of an error says, on one line; nothing if it says nothing.
pub(super) fn of_body(body: &[u8]) -> Option<String> {
    let words = match serde_json::from_slice::<Value>(body) {
        Ok(value) => of_json(&value),
        Err(_) => of_text(&String::from_utf8_lossy(body)),
    };
    words.map(|words| tidy(&words)).filter(|words| !words.is_empty())
}

/// Whether a body is a web page.
pub(super) fn is_web_page(body: &[u8]) -> bool {
    let start: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(9).collect();
    start.first() == Some(&b'<')
        && ["<!doctype", "<html", "<head", "<body", "<script"]
            .iter()
            .any(|tag| start.to_ascii_lowercase().starts_with(tag.as_bytes()))
}

/// One line without control characters, and not too long.
pub(super) fn tidy(words: &str) -> String {
    let visible = words.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect::<String>();
    let mut line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(MOST - 1)
        && line.chars().nth(MOST).is_some()
    {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Control characters, and those that turn or hide text on a terminal.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn of_json(value: &Value) -> Option<String> {
    match value {
        Value::String(words) => Some(words.clone()),
        Value::Object(members) => {
            let said = members.get("error").filter(|error| !error.is_null());
            let detail = members.get("errors").and_then(Value::as_array);
            match (said, detail) {
                (Some(error), _) => of_json(error).or_else(|| Some(error.to_string())),
                (None, Some(errors)) => Some(of_report(members.get("message"), errors)),
                (None, None) => match members.get("message") {
                    Some(Value::String(words)) => Some(words.clone()),
                    Some(other) if !other.is_null() => Some(other.to_string()),
                    _ if members.is_empty() => None,
                    _ => Some(value.to_string()),
                },
            }
        }
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().map(finding).collect::<Vec<_>>().join("; ")),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn of_report(message: Option<&Value>, errors: &[Value]) -> String {
    let mut told: Vec<String> = errors.iter().take(FINDINGS).map(finding).collect();
    if errors.len() > FINDINGS {
        told.push(format!("and {} more", errors.len() - FINDINGS));
    }
    match (message.and_then(Value::as_str), told.is_empty()) {
        (Some(message), true) => message.to_string(),
        (Some(message), false) => format!("{message}: {}", told.join("; ")),
        (None, _) => told.join("; "),
    }
}

/// One entry of a validation report as a phrase, such as `externalId must be string`.
fn finding(entry: &Value) -> String {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let param = |name: &str| entry.get("params").and_then(|params| params.get(name));
    let place = text("instancePath").or_else(|| text("dataPath")).unwrap_or_default();
    let place = place.trim_matches(['/', '.']).replace('/', ".").replace("~1", "/").replace("~0", "~");
    if let Some(missing) = param("missingProperty").and_then(Value::as_str) {
        return if place.is_empty() {
            format!("{missing} is missing")
        } else {
            format!("{place}.{missing} is missing")
        };
    }
    if let Some(extra) = param("additionalProperty").and_then(Value::as_str) {
        return format!("{extra} is not a field Vitally knows here");
    }
    if let Some(allowed) = param("allowedValues").and_then(Value::as_array) {
        let words: Vec<String> =
            allowed.iter().map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_string)).collect();
        return format!("{place} must be one of {}", words.join(", ")).trim_start().to_string();
    }
    match (text("message"), entry.as_str()) {
        (Some(message), _) => format!("{place} {message}").trim_start().to_string(),
        (None, Some(words)) => words.to_string(),
        (None, None) => entry.to_string(),
    }
}

/// The title of a web page, or the text as it is.
fn of_text(text: &str) -> Option<String> {
    if !is_web_page(text.as_bytes()) {
        return Some(text.chars().take(MOST * 4).collect());
    }
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title")?;
    let start = title + lower[title..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(text[start..end].to_string())
}
