//! How many values a function may take.

/// Numbers of values, all below 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arities(u64);

impl Arities {
    /// Adds a number; one that is too large is left out.
    pub fn add(&mut self, number: usize) {
        self.0 |= bit(number);
    }

    /// Whether it is there.
    pub fn has(self, number: usize) -> bool {
        self.0 & bit(number) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(self, other: Arities) -> Arities {
        Arities(self.0 & !other.0)
    }

    /// All of them, the smallest first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |number| self.has(*number))
    }
}

fn bit(number: usize) -> u64 {
    u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number)).unwrap_or_default()
}
