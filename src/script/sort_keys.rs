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
                self.texts.push(TextKey { start, end: self.text.len(), place });
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
        let mut places = Vec::with_capacity(self.added);
        places.extend(self.whole.iter().map(|(_, place)| *place));
        places.extend(self.float.iter().map(|(_, place)| *place));
        places.extend(self.truth.iter().map(|(_, place)| *place));
        places.extend(self.texts_in_order(descending));
        places.extend(self.empty);
        places
    }

    /// The places of the texts in their order. The eight bytes after what all of them begin with decide most
    /// comparisons, and are compared as one number; only where they are the same are the texts looked at.
    fn texts_in_order(&self, descending: bool) -> impl Iterator<Item = usize> {
        let text = |key: usize| &self.text.as_bytes()[self.texts[key].start..self.texts[key].end];
        let all = 0..self.texts.len();
        let common = all.clone().map(text).reduce(common_start).map_or(0, <[u8]>::len);
        let mut order: Vec<(u64, usize)> = all.map(|key| (telling(&text(key)[common..]), key)).collect();
        sort(&mut order, descending, |one, two| one.0.cmp(&two.0));
        for same in order.chunk_by_mut(|one, two| one.0 == two.0).filter(|same| same.len() > 1) {
            sort(same, descending, |one, two| text(one.1).cmp(text(two.1)));
        }
        order.into_iter().map(|(_, key)| self.texts[key].place)
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

/// What both texts begin with, given what all texts before begin with.
fn common_start<'t>(common: &'t [u8], text: &[u8]) -> &'t [u8] {
    if text.starts_with(common) {
        return common;
    }
    let same = common.iter().zip(text).take_while(|(one, two)| one == two).count();
    &common[..same]
}

/// The first eight bytes as a number in the order of texts; a shorter text is filled up with zeros.
fn telling(text: &[u8]) -> u64 {
    let eight = text.first_chunk().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        eight
    });
    u64::from_be_bytes(eight)
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
