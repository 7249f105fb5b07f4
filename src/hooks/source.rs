//! Where pages of lists come from: Vitally, or a simulated one.

use super::listed::Listed;
use super::stream::Stream;
use super::way::Way;
use crate::catalogue::Object;
use crate::client::{Failure, Kind};
use jiff::Timestamp;

/// In which order a list is asked for; always the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By when records were made, which never changes.
    Created,
    /// By when they changed last.
    Updated,
}

/// How urgent a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Looking for changes.
    Poll,
    /// Walking everything, which can wait.
    Sweep,
}

/// One page that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The list.
    pub stream: &'a Stream,
    /// In which order.
    pub sort: Sort,
    /// How many records, 1 to 100.
    pub limit: u32,
    /// Where the page before ended; `None` for the first.
    pub cursor: Option<&'a str>,
    /// How urgent it is.
    pub purpose: Purpose,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The records.
    pub records: Vec<Listed>,
    /// What time it is for Vitally, in whole seconds.
    pub date: Timestamp,
    /// Where the next page begins; `None` at the end of the list.
    pub next: Option<String>,
}

impl Page {
    /// All of it as it came; nothing if it has no records.
    pub fn source(&self) -> &str {
        self.records.first().map_or("", Listed::source)
    }
}

/// Why a round of walks was not finished.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What kind of trouble.
    pub kind: TroubleKind,
    /// One sentence for a person.
    pub message: String,
    /// The request that failed, if one did.
    pub failure: Option<Box<Failure>>,
}

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The key is not accepted; trying again soon does not help.
    Login,
    /// Vitally or the network did not answer as it should; it may next time.
    Passing,
    /// The process is to end.
    Stopped,
    /// A list was not in the order asked for.
    Disorder,
    /// What is known could not be written down or read.
    Store,
}

impl Trouble {
    /// A trouble of a kind.
    pub fn new(kind: TroubleKind, message: impl Into<String>) -> Trouble {
        Trouble { kind, message: message.into(), failure: None }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let kind = match failure.kind {
            Kind::Unauthorized => TroubleKind::Login,
            Kind::Stopped => TroubleKind::Stopped,
            _ => TroubleKind::Passing,
        };
        Trouble { kind, message: failure.message.clone(), failure: Some(Box::new(failure)) }
    }
}

impl From<crate::store::StoreError> for Trouble {
    fn from(error: crate::store::StoreError) -> Trouble {
        Trouble::new(TroubleKind::Store, error.words().0)
    }
}

/// The lists of an object.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// They, each with its query.
    pub streams: Vec<Stream>,
    /// Vitally's time before it was seen that there are none, so that whoever waits for the first one knows since when.
    pub date: Option<Timestamp>,
}

/// What is done with a page as soon as it is there, on whichever thread has it.
pub type Prepare<'a> = dyn Fn(&mut Page) + Sync + 'a;

/// What takes pages in.
pub type Take<'a> = dyn FnMut(Vec<Page>) -> Result<(), Trouble> + 'a;

/// Gives pages.
pub trait Source {
    /// The lists that have to be walked for this object.
    fn lists(&self, object: &'static Object) -> Result<Lists, Trouble>;
    /// One page.
    fn page(&self, wanted: &Wanted) -> Result<Page, Trouble>;
    /// Walks a list from its beginning and hands over its pages in order, several at once where they come faster than they
    /// are taken in. It ends with the list, with the first page that does not come, or when they are not taken.
    fn walk(&self, wanted: &Wanted, prepare: &Prepare, take: &mut Take) -> Result<(), Trouble> {
        let mut way = Way::default();
        loop {
            let mut page = self.page(&Wanted { cursor: way.cursor(), ..wanted.clone() })?;
            prepare(&mut page);
            let next = page.next.clone();
            take(vec![page])?;
            if !way.follow(next)? {
                return Ok(());
            }
        }
    }
}
