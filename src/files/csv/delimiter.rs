//! Which sign stands between the cells.

use csv::{ReaderBuilder, StringRecord};

/// The signs that are looked for; of two that fit as well, the first.
const SIGNS: &[u8] = b",;\t|";
/// How many rows are looked at.
const ROWS: usize = 20;

/// The sign that cuts the first rows most evenly, and most often; a comma if none does.
pub fn detect(text: &str) -> u8 {
    let mut best = (b',', (0, 0));
    for sign in SIGNS {
        let fit = fit(text, *sign);
        if fit > best.1 {
            best = (*sign, fit);
        }
    }
    best.0
}

/// How many of the first rows have as many cells as the header, and how many cells that is; nothing if it is one.
fn fit(text: &str, sign: u8) -> (usize, usize) {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(sign).from_reader(text.as_bytes());
    let rows: Vec<StringRecord> = reader.records().take(ROWS).map_while(Result::ok).collect();
    match rows.first().map(StringRecord::len) {
        Some(cells) if cells > 1 => (rows.iter().filter(|row| row.len() == cells).count(), cells),
        _ => (0, 0),
    }
}

/// Excel's own first line `sep=;`, and what comes after it.
pub fn stated(text: &str) -> Option<(u8, usize)> {
    let line = text.split_inclusive(['\n', '\r']).next()?;
    let sign = line.trim_end_matches(['\n', '\r']).strip_prefix("sep=")?;
    let end = line.len() + usize::from(line.ends_with('\r') && text[line.len()..].starts_with('\n'));
    match sign.as_bytes() {
        [sign] => Some((*sign, end)),
        _ => None,
    }
}
