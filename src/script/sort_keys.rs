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
    /// Its first eight bytes, which decide most comparisons.
    prefix: u64,
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
                self.add_text(text, place);
                "texts"
            }
            Scalar::Other => return Err(Unfit::Unordered),
        };
        match self.kind.replace(kind) {
            Some(before) if before != kind => Err(Unfit::Mixed(before, kind)),
            _ => Ok(()),
        }
    }

    fn add_text(&mut self, text: &str, place: usize) {
        let start = self.text.len();
        self.text.push_str(text);
        let mut first = [0; 8];
        first.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
        self.texts.push(TextKey { prefix: u64::from_be_bytes(first), start, end: self.text.len(), place });
    }

    /// The places of the items in their order; equal ones stay as they were.
    pub fn order(mut self, descending: bool) -> Vec<usize> {
        if !self.float.is_empty() {
            self.float.extend(self.whole.drain(..).map(|(whole, place)| (whole as f64, place)));
        }
        let directed = |order: Ordering| if descending { order.reverse() } else { order };
        self.whole.sort_unstable_by(|one, two| directed(one.0.cmp(&two.0)).then(one.1.cmp(&two.1)));
        self.truth.sort_unstable_by(|one, two| directed(one.0.cmp(&two.0)).then(one.1.cmp(&two.1)));
        // Adding zero makes -0.0 and 0.0 one.
        self.float.sort_unstable_by(|one, two| {
            directed((one.0 + 0.0).total_cmp(&(two.0 + 0.0))).then(one.1.cmp(&two.1))
        });
        let text = &self.text;
        let order = |one: &TextKey, two: &TextKey| {
            let rest = || text[one.start..one.end].cmp(&text[two.start..two.end]);
            directed(one.prefix.cmp(&two.prefix).then_with(rest)).then(one.place.cmp(&two.place))
        };
        self.texts.sort_unstable_by(order);
        let mut places = Vec::with_capacity(self.added);
        places.extend(self.whole.iter().map(|(_, place)| *place));
        places.extend(self.float.iter().map(|(_, place)| *place));
        places.extend(self.truth.iter().map(|(_, place)| *place));
        places.extend(self.texts.iter().map(|key| key.place));
        places.extend(self.empty);
        places
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
