//! HTML as notes, messages and conversations hold it.

use super::{Entry, entry};
use rhai::Engine;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "html_escape",
        ".html_escape()",
        "The text so that it shows as it is in a note or message, which are HTML",
        "print(\"Fish & Chips <Ltd>\".html_escape());",
    ),
    entry(
        "strip_html",
        ".strip_html()",
        "The text of some HTML, without its tags; paragraphs and breaks become lines",
        "print(\"<p>All <b>well</b></p><p>Fish &amp; Chips</p>\".strip_html());",
    ),
];

/// The signs that HTML writes in another way.
const SIGNS: &[(&str, &str)] =
    &[("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];

/// Tags after which a new line begins.
const BREAKS: &[&str] = &["br", "/p", "/div", "/li", "/h1", "/h2", "/h3", "/h4", "/tr", "/blockquote"];

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("html_escape", escaped);
    engine.register_fn("strip_html", stripped);
}

/// A text so that it shows as it is in HTML.
pub fn escaped(text: &str) -> String {
    SIGNS.iter().fold(text.to_string(), |text, (sign, written)| text.replace(sign, written))
}

fn stripped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        // A sign that opens no tag is a sign.
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let Some(end) = tag.find('>').filter(|_| is_tag) else {
            text.push_str(&rest[..=start]);
            rest = tag;
            continue;
        };
        text.push_str(&rest[..start]);
        let name = tag[..end].split([' ', '\n']).next().unwrap_or_default().to_ascii_lowercase();
        if BREAKS.contains(&name.trim_end_matches('/')) {
            text.push('\n');
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    let text = text.replace("&nbsp;", " ");
    let plain = SIGNS.iter().rev().fold(text, |text, (sign, written)| text.replace(written, sign));
    plain.trim().to_string()
}
