//! The way through the pages of a list, from cursor to cursor.

use super::source::{Trouble, TroubleKind};
use std::collections::HashSet;

/// The way through the pages of a list. It begins at the first one.
#[derive(Clone, Debug, Default)]
pub struct Way {
    cursor: Option<String>,
    taken: HashSet<String>,
}

impl Way {
    /// Where the next page begins.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Goes on to the next page; false at the end. A way that leads back would never end.
    pub fn follow(&mut self, next: Option<String>) -> Result<bool, Trouble> {
        if let Some(next) = &next
            && !self.taken.insert(next.clone())
        {
            let what = "Vitally named the same page of a list twice, so the list would never end";
            return Err(Trouble::new(TroubleKind::Passing, what));
        }
        self.cursor = next;
        Ok(self.cursor.is_some())
    }
}
