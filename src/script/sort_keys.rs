//! The keys that items are sorted by.

use super::path::Scalar;
use super::raise::{Raised, mistake};
use super::words::described;
use rhai::Dynamic;
use std::cmp::Ordering;

/// What the items are sorted by, apart by kind: so each kind is compared as fast as it can be, and two kinds that
/// have no order between them are noticed. Empty values come last, whatever the direction.
#[derive(Default)]
pub struct Keys {
    added: usize,
    kind: Option<&'static str>,
    empty: Vec<usize>,
    whole: Vec<(i64, usize)>,
    float: Vec<(f64, usize)>,
    truth: Vec<(bool, usize)>,
    texts: Vec<TextKey>,
    /// All texts, one after the other.
    text: String,
}

struct TextKey {
    /// The eight bytes after what all texts begin with, which decide most comparisons.
    telling: u64,
    start: usize,
    end: usize,
    place: usize,
}

/// Why a value cannot be a key.
pub enum Unfit {
    /// It has no order.
    Unordered,
    /// It is of another kind than those before it.
    Mixed(&'static str, &'static str),
}

impl Keys {
    /// Adds the key of the next item.
    pub fn add(&mut self, key: Scalar) -> Result<(), Unfit> {
        let place = self.added;
        self.added += 1;
        let kind = match key {
            Scalar::Empty => {
                self.empty.push(place);
                return Ok(());
            }
            Scalar::Integer(value) => {
                self.whole.push((value, place));
                "numbers"
            }
            Scalar::Number(value) => {
                self.float.push((value, place));
                "numbers"
            }
            Scalar::Bool(value) => {
                self.truth.push((value, place));
                "true or false"
            }
            Scalar::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                self.texts.push(TextKey { telling: 0, start, end: self.text.len(), place });
                "texts"
            }
            Scalar::Other => return Err(Unfit::Unordered),
        };
        match self.kind.replace(kind) {
            Some(before) if before != kind => Err(Unfit::Mixed(before, kind)),
            _ => Ok(()),
        }
    }

    /// The places of the items in their order; equal ones stay as they were.
    pub fn order(mut self, descending: bool) -> Vec<usize> {
        if !self.float.is_empty() {
            self.float.extend(self.whole.drain(..).map(|(whole, place)| (whole as f64, place)));
        }
        sort(&mut self.whole, descending, |one, two| one.0.cmp(&two.0));
        sort(&mut self.truth, descending, |one, two| one.0.cmp(&two.0));
        // Adding zero makes -0.0 and 0.0 one.
        sort(&mut self.float, descending, |one, two| (one.0 + 0.0).total_cmp(&(two.0 + 0.0)));
        tell_apart(&mut self.texts, self.text.as_bytes());
        sort(&mut self.texts, descending, |one, two| {
            let rest = || self.text[one.start..one.end].cmp(&self.text[two.start..two.end]);
            one.telling.cmp(&two.telling).then_with(rest)
        });
        let mut places = Vec::with_capacity(self.added);
        places.extend(self.whole.iter().map(|(_, place)| *place));
        places.extend(self.float.iter().map(|(_, place)| *place));
        places.extend(self.truth.iter().map(|(_, place)| *place));
        places.extend(self.texts.iter().map(|key| key.place));
        places.extend(self.empty);
        places
    }
}

/// Sorts; equal ones stay as they were, in either direction.
fn sort<K>(keys: &mut [K], descending: bool, compare: impl Fn(&K, &K) -> Ordering) {
    if descending {
        keys.sort_by(|one, two| compare(two, one));
    } else {
        keys.sort_by(compare);
    }
}

/// Finds what tells the texts apart soonest.
fn tell_apart(keys: &mut [TextKey], text: &[u8]) {
    let Some(first) = keys.first() else { return };
    let mut common = &text[first.start..first.end];
    for key in keys.iter() {
        let same = common.iter().zip(&text[key.start..key.end]).take_while(|(one, two)| one == two).count();
        common = &common[..same];
    }
    let common = common.len();
    for key in keys.iter_mut() {
        let mut telling = [0; 8];
        telling.iter_mut().zip(&text[key.start + common..key.end]).for_each(|(to, from)| *to = *from);
        key.telling = u64::from_be_bytes(telling);
    }
}

impl Unfit {
    /// The mistake, for the value that was unfit.
    pub fn raised(&self, value: &Dynamic) -> Raised {
        match self {
            Unfit::Unordered => mistake(
                format!("sorting needs numbers or texts, and got {}", described(value)),
                "say what to sort by: a field, as in sort_by(\"name\"), or a function, as in sort_by(|item| item.mrr)",
            ),
            Unfit::Mixed(before, kind) => mistake(
                format!("these cannot be sorted together: after {before} came {kind}, {}", described(value)),
                "turn them into one kind first, as in sort_by(|item| num(item.traits.size))",
            ),
        }
    }
}
