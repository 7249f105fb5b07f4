//! Sorting by a field, by what a function gives, or by a function that compares two items.

use super::path::{Path, Scalar};
use super::raise::{Raised, mistake};
use super::words::described;
use rhai::{Dynamic, ImmutableString};
use std::cmp::Ordering;

/// What an item is sorted by.
pub enum SortKey {
    /// Sorted last, whatever the direction.
    Empty,
    /// False before true.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(ImmutableString),
}

impl SortKey {
    /// The key that a field is.
    pub fn of_field(path: &Path, item: &Dynamic) -> Result<SortKey, Raised> {
        match path.scalar(item, SortKey::of_scalar)? {
            Some(key) => Ok(key),
            None => Err(not_sortable(&path.value(item)?)),
        }
    }

    /// The key that a value is.
    pub fn of_value(value: &Dynamic) -> Result<SortKey, Raised> {
        Scalar::with(value, SortKey::of_scalar).ok_or_else(|| not_sortable(value))
    }

    fn of_scalar(scalar: Scalar) -> Option<SortKey> {
        match scalar {
            Scalar::Empty => Some(SortKey::Empty),
            Scalar::Bool(value) => Some(SortKey::Bool(value)),
            Scalar::Integer(value) => Some(SortKey::Integer(value)),
            Scalar::Number(value) => Some(SortKey::Number(value)),
            Scalar::Text(text) => Some(SortKey::Text(text.into())),
            Scalar::Other => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            SortKey::Empty => "nothing",
            SortKey::Bool(_) => "true or false",
            SortKey::Integer(_) | SortKey::Number(_) => "numbers",
            SortKey::Text(_) => "texts",
        }
    }
}

fn not_sortable(value: &Dynamic) -> Raised {
    mistake(
        format!("sorting needs numbers or texts, and got {}", described(value)),
        "say what to sort by: a field, such as sort_by(\"name\"), or a function, such as sort_by(|item| item.mrr)",
    )
}

/// The order of the items with these keys, as places; equal ones stay as they were.
pub fn order(keys: Vec<SortKey>, descending: bool) -> Result<Vec<usize>, Raised> {
    let mut places = Places::default();
    for (place, key) in keys.into_iter().enumerate() {
        places.add(place, key)?;
    }
    Ok(places.sorted(descending))
}

/// Keys apart by kind: numbers are by far the most common, and sort fastest by themselves.
#[derive(Default)]
struct Places {
    empty: Vec<usize>,
    integers: Vec<(i64, usize)>,
    numbers: Vec<(f64, usize)>,
    bools: Vec<(bool, usize)>,
    texts: Vec<(ImmutableString, usize)>,
    kind: Option<&'static str>,
}

impl Places {
    fn add(&mut self, place: usize, key: SortKey) -> Result<(), Raised> {
        let kind = key.kind();
        match key {
            SortKey::Empty => {
                self.empty.push(place);
                return Ok(());
            }
            SortKey::Bool(value) => self.bools.push((value, place)),
            SortKey::Integer(value) => self.integers.push((value, place)),
            SortKey::Number(value) => self.numbers.push((value, place)),
            SortKey::Text(text) => self.texts.push((text, place)),
        }
        match self.kind.replace(kind) {
            Some(before) if before != kind => Err(mistake(
                format!("these cannot be sorted together: there are {before} and {kind} among them"),
                "turn them into one kind first, such as sort_by(|item| num(item.traits.size))",
            )),
            _ => Ok(()),
        }
    }

    fn sorted(mut self, descending: bool) -> Vec<usize> {
        if !self.numbers.is_empty() {
            self.numbers.extend(self.integers.drain(..).map(|(whole, place)| (whole as f64, place)));
        }
        let mut sorted = by(self.integers, descending, Ord::cmp);
        // Adding zero makes -0.0 and 0.0 one.
        sorted.extend(by(self.numbers, descending, |one, two| (one + 0.0).total_cmp(&(two + 0.0))));
        sorted.extend(by(self.bools, descending, Ord::cmp));
        sorted.extend(by(self.texts, descending, |one, two| one.as_str().cmp(two.as_str())));
        sorted.extend(self.empty);
        sorted
    }
}

fn by<K>(mut keys: Vec<(K, usize)>, descending: bool, compare: impl Fn(&K, &K) -> Ordering) -> Vec<usize> {
    keys.sort_unstable_by(|(one, before), (two, after)| {
        let order = compare(one, two);
        let order = if descending { order.reverse() } else { order };
        order.then(before.cmp(after))
    });
    keys.into_iter().map(|(_, place)| place).collect()
}

/// Sorts by a comparison that may fail, and need not make sense: the first error ends it.
pub fn merge<T: Clone>(
    items: Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering, Raised>,
) -> Result<Vec<T>, Raised> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let mut left = merge(left, compare)?.into_iter().peekable();
    let mut right = merge(right, compare)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
        let takes_right = compare(one, two)?.is_gt();
        merged.extend(if takes_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
