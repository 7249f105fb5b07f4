//! What a run would have changed so far: later reads of the same run see it, and Vitally does not.

use super::ask::{Ask, Listing};
use super::change::Change;
use crate::catalogue::Object;
use jiff::Timestamp;
use serde_json::Value;

/// The changes of a dry run, laid over what Vitally answers.
#[derive(Debug, Default)]
pub struct Overlay {}

impl Overlay {
    /// Whether anything of this kind was changed, so that answers must be looked at.
    pub fn touches(&self, object: &Object) -> bool {
        let _ = object;
        false
    }

    /// Takes a change in and answers the record as Vitally would (`Null` for a delete). `whole` is the record as it
    /// was read, where it is known; a create answers with every documented field. A change of a record that this run
    /// deleted, or of a provisional one that does not exist, is the same error as Vitally's: `None`.
    pub fn take(&mut self, change: &Change, whole: Option<&Value>, now: Timestamp) -> Option<Value> {
        let _ = (change, whole, now);
        None
    }

    /// The answer to a read, if it needs no request: a record that this run created, or one that it deleted (`None`
    /// inside, a 404). Outside `None`: ask Vitally, then [`Overlay::seen`].
    pub fn known(&self, ask: &Ask) -> Option<Option<Value>> {
        let _ = ask;
        None
    }

    /// Vitally's answer to a read with the changes of this run: `None` answer in, for a 404.
    pub fn seen(&self, ask: &Ask, answer: Option<Value>) -> Option<Value> {
        let _ = ask;
        answer
    }

    /// One page of a list with the changes of this run; on the last page, what this run created is added.
    pub fn page(&self, listing: &Listing, records: Vec<Value>, last: bool) -> Vec<Value> {
        let _ = (listing, last);
        records
    }
}
