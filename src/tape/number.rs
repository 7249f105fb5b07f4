//! A number of a JSON text.

use super::Slot;

/// The number at the start of a text, and how long it is; `None` if there is none.
pub fn read(text: &str) -> Option<(Slot, usize)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let whole = digits(start);
    if whole == 0 || (whole > 1 && bytes[start] == b'0') {
        return None;
    }
    let mut end = start + whole;
    let mut is_whole = true;
    if bytes.get(end) == Some(&b'.') {
        is_whole = false;
        let more = digits(end + 1);
        if more == 0 {
            return None;
        }
        end += 1 + more;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        is_whole = false;
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let more = digits((end + 1 + sign).min(bytes.len()));
        if more == 0 {
            return None;
        }
        end += 1 + sign + more;
    }
    let number = &text[..end];
    let slot = if is_whole { integer(number) } else { None };
    let slot = match slot {
        Some(slot) => slot,
        None => Slot::Float(number.parse().ok().filter(|number: &f64| number.is_finite())?),
    };
    Some((slot, end))
}

/// A whole number, unless it is too large or is -0.
fn integer(number: &str) -> Option<Slot> {
    if number == "-0" {
        return None;
    }
    let small = number.parse().map(Slot::Integer);
    small.or_else(|_| number.parse().map(Slot::Large)).ok()
}
