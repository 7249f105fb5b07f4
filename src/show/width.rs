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
        if !joins(&text[..at], next) {
            end = at;
        }
    }
    format!("{}…", &text[..end])
}

/// Whether a character is drawn as one with the text before it, so that no cut may go between them.
fn joins(before: &str, after: char) -> bool {
    const JOINER: char = '\u{200d}';
    let mark =
        matches!(after, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | JOINER);
    // Two letters make a flag, and the next two another one.
    let letter = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let letters = before.chars().rev().take_while(letter).count();
    mark || before.ends_with(JOINER) || letter(&after) && letters % 2 == 1
}
