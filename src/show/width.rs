//! How many columns a text takes on a terminal, and cutting it to fit.

use unicode_width::UnicodeWidthStr;

/// The columns a text takes: two for most Chinese, Japanese and Korean characters and for emoji.
pub fn width_of(text: &str) -> usize {
    text.width()
}

/// The text, or as much of its beginning as fits with `…` after it.
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let mut end = 0;
    for (at, next) in text.char_indices().chain([(text.len(), ' ')]) {
        if text[..at].width() > room {
            break;
        }
        if !joins(text[..at].chars().next_back(), next) {
            end = at;
        }
    }
    format!("{}…", &text[..end])
}

/// Whether two characters are drawn as one, so that no cut may go between them.
fn joins(before: Option<char>, after: char) -> bool {
    const JOINER: char = '\u{200d}';
    let mark =
        matches!(after, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | JOINER);
    let flag = |c: char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    mark || before == Some(JOINER) || before.is_some_and(flag) && flag(after)
}
