//! A record as a change leaves it.

use super::change::Change;
use super::overlay::Overlay;
use super::whole::Whole;
use jiff::Timestamp;

/// What a change answers.
pub enum Afterwards {
    /// The record as JSON text; empty after a delete.
    Told(Vec<u8>),
    /// The change is on its way, and what the record will be has not been asked yet.
    Coming(Box<Coming>),
}

/// A change on its way. Most scripts never look at what it answers, so the answer is made when somebody does; until
/// then the page that its record was read from is kept with it.
pub struct Coming {
    change: Change,
    whole: Option<Whole>,
    at: Timestamp,
}

impl Coming {
    /// What will be made of a record, as it was read before, at this moment.
    pub(super) fn new(change: Change, whole: Option<Whole>, at: Timestamp) -> Coming {
        Coming { change, whole, at }
    }

    /// The record as it will be, as JSON text.
    pub fn body(&self) -> Vec<u8> {
        let whole = self.whole.as_ref().map(Whole::value);
        let record = Overlay::default().take(&self.change, whole.as_deref(), self.at);
        record.unwrap_or_default().to_string().into_bytes()
    }
}
