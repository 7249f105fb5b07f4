//! The HTML that note bodies and task descriptions keep; everything else is stripped on write.

const TAGS: &[&str] =
    &["a", "img", "p", "div", "br", "ul", "ol", "nl", "li", "b", "u", "i", "strong", "em", "code"];
/// Elements whose content goes with them.
const DROPPED: &[&str] = &["script", "style"];

fn attributes(tag: &str) -> &'static [&'static str] {
    match tag {
        "a" => &["href", "name", "target"],
        "img" => &["src", "alt", "width", "height"],
        _ => &[],
    }
}

/// Strips every tag and attribute that is not allowed; text stays as it is.
pub(super) fn strip(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        kept.push_str(&rest[..open]);
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let starts_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let Some(close) = end_of_tag(rest).filter(|_| starts_tag) else {
            kept.push('<');
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[1..close];
        rest = &rest[close + 1..];
        let name = name_of(tag.trim_start_matches('/'));
        if TAGS.contains(&name.as_str()) {
            write_tag(&mut kept, tag, &name);
        } else if DROPPED.contains(&name.as_str()) && !tag.starts_with('/') {
            rest = after_closing(rest, &name);
        }
    }
    kept.push_str(rest);
    kept
}

/// Where the tag that starts `text` ends: the first `>` outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '>') => return Some(at),
            _ => {}
        }
    }
    None
}

fn name_of(tag: &str) -> String {
    tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn write_tag(kept: &mut String, tag: &str, name: &str) {
    if tag.starts_with('/') {
        kept.push_str("</");
        kept.push_str(name);
        kept.push('>');
        return;
    }
    kept.push('<');
    kept.push_str(name);
    for (key, value) in pairs(&tag[name.len()..]) {
        let harmful = value.trim_start().to_ascii_lowercase().starts_with("javascript:");
        if attributes(name).contains(&key.as_str()) && !harmful {
            for part in [" ", &key, "=\"", &value.replace('"', "&quot;"), "\""] {
                kept.push_str(part);
            }
        }
    }
    kept.push_str(if tag.trim_end().ends_with('/') { " />" } else { ">" });
}

/// The attributes of a tag, names in lower case.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (from, stop) = match quote {
                Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
                None => (0, after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = &after[from..stop];
            rest = after.get(stop + from..).unwrap_or("").trim_start();
        } else if key.is_empty() {
            break;
        }
        found.push((key, value.to_string()));
    }
    found
}

fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let closing = format!("</{name}");
    let Some(at) = text.to_ascii_lowercase().find(&closing) else { return "" };
    text[at..].find('>').map_or("", |end| &text[at + end + 1..])
}
