//! The changes of a stored run, read piece by piece.

use crate::store::{Kept, Store, StoreError};
use std::collections::VecDeque;

/// How many changes are read or written at once.
pub(super) const PIECE: usize = 200;

/// Walks the changes of a run in order; memory holds one piece.
pub(super) struct KeptChanges<'a> {
    store: &'a dyn Store,
    run: &'a str,
    next: u64,
    piece: VecDeque<Kept>,
    over: bool,
}

impl<'a> KeptChanges<'a> {
    pub(super) fn new(store: &'a dyn Store, run: &'a str) -> KeptChanges<'a> {
        KeptChanges { store, run, next: 0, piece: VecDeque::new(), over: false }
    }
}

impl Iterator for KeptChanges<'_> {
    type Item = Result<Kept, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.piece.is_empty() && !self.over {
            match self.store.changes(self.run, self.next, PIECE) {
                Ok(piece) => self.piece = piece.into(),
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
            match self.piece.back() {
                Some(last) => self.next = last.change.seq + 1,
                None => self.over = true,
            }
        }
        self.piece.pop_front().map(Ok)
    }
}
