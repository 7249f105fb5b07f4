//! Text broken between words, and lists of names with what they mean.

use super::width::width_of;

/// Space before a text that stands under its name.
const INDENT: usize = 6;
/// A text gets at least this many columns, or a line of its own.
const READABLE: usize = 24;

/// The lines of a text, none wider than `width` unless a single word is. Line breaks stay.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && width_of(&line) + 1 + width_of(word) > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// A text whose lines are broken between words where they are wider than `width`. Those that begin with a blank stay: they
/// are parts of tables and of code. So do those with colours, which were fitted before they got them.
pub fn fit(text: &str, width: usize) -> String {
    let fits = |line: &str| line.starts_with(' ') || line.contains('\x1b') || width_of(line) <= width;
    let fitted = |line: &str| if fits(line) { line.to_string() } else { wrap(line, width).join("\n") };
    text.split('\n').map(fitted).collect::<Vec<_>>().join("\n")
}

/// A text after a few words, its later lines under its first.
pub fn hanging(before: &str, text: &str, width: Option<usize>) -> String {
    let indent = width_of(before);
    let lines = match width {
        Some(width) => wrap(text, width.saturating_sub(indent).max(1)),
        None => vec![text.to_string()],
    };
    format!("{before}{}", lines.join(&format!("\n{}", " ".repeat(indent))))
}

/// Rows whose last cell is a sentence: it is broken between words and never cut. A row whose other cells leave it too
/// little room has it on the next line.
pub fn listing(rows: &[Vec<String>], indent: usize, width: Option<usize>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default().saturating_sub(1);
    let most = width.map_or(usize::MAX, |width| width.saturating_sub(READABLE));
    let widest = |at: usize| {
        let widths = rows.iter().filter_map(|row| row.get(at)).map(|cell| width_of(cell));
        widths.filter(|cell| columns > 1 || indent + cell + 2 <= most).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let start = indent + widths.iter().map(|width| width + 2).sum::<usize>();
    let line = |row: &Vec<String>| {
        let mut before = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            before.push_str(cell);
            before.push_str(&" ".repeat(width.saturating_sub(width_of(cell)) + 2));
        }
        let text = row.get(columns).map_or("", String::as_str);
        if width_of(&before) > start || start > most {
            let below = hanging(&" ".repeat(indent + INDENT), text, width);
            format!("{}\n{below}", before.trim_end())
        } else {
            hanging(&before, text, width)
        }
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
