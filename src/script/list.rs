//! A lazy list of records: fetched page by page when something walks it, from the start each time.

use super::callback::Stored;
use super::condition::Conditions;
use super::path::Path;
use super::raise::{self, Raised};
use super::record::Record;
use crate::catalogue::{Envelope, Object};
use crate::client::Kind;
use crate::tape::Page;
use rhai::Dynamic;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Where the pages of a list come from.
pub trait PageSource {
    /// Starts a walk over the pages.
    fn open(&self) -> Box<dyn Iterator<Item = Result<Arc<Page>, Raised>>>;
    /// The function that made the list, for messages.
    fn name(&self) -> &str;
}

/// A lazy list; cheap to clone.
#[derive(Clone)]
pub struct List {
    source: Rc<dyn PageSource>,
    envelope: Envelope,
    object: Option<&'static Object>,
    steps: Rc<[Step]>,
}

/// What is done to the records on their way.
#[derive(Clone)]
pub enum Step {
    /// Keep what passes.
    Test(Rc<Conditions>),
    /// Keep what the function says true to.
    Filter(Rc<Stored>),
    /// Put what the function gives in the place of each.
    Map(Rc<Stored>),
    /// Put a field in the place of each.
    Pluck(Rc<Path>),
    /// Leave out the first few.
    Skip(usize),
    /// Stop after a few.
    Take(usize),
}

impl List {
    /// A list of records of one kind.
    pub fn new(source: Rc<dyn PageSource>, envelope: Envelope, object: Option<&'static Object>) -> List {
        List { source, envelope, object, steps: Rc::new([]) }
    }

    /// The same list with one more step.
    #[must_use]
    pub fn with(&self, step: Step) -> List {
        let steps = self.steps.iter().cloned().chain([step]).collect();
        List { steps, ..self.clone() }
    }

    /// Its records as they come from the source, fetched page by page.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Raised>> + use<> {
        Records {
            pages: self.source.open(),
            name: self.source.name().to_string(),
            envelope: self.envelope,
            object: self.object,
            page: None,
            rest: 0..0,
        }
    }

    /// Its items after all its steps.
    pub fn items(&self) -> Items {
        let steps = self.steps.iter().cloned().map(|step| Running { step, seen: 0 }).collect();
        Items { records: Box::new(self.records()), steps, done: false }
    }

    /// What kind of records it holds, if a step has not made something else of them.
    pub fn object(&self) -> Option<&'static Object> {
        let changed = self.steps.iter().any(|step| matches!(step, Step::Map(_) | Step::Pluck(_)));
        self.object.filter(|_| !changed)
    }

    /// The function that made it.
    pub fn name(&self) -> &str {
        self.source.name()
    }
}

impl IntoIterator for List {
    type Item = Result<Dynamic, Raised>;
    type IntoIter = Items;

    fn into_iter(self) -> Items {
        self.items()
    }
}

struct Records {
    pages: Box<dyn Iterator<Item = Result<Arc<Page>, Raised>>>,
    name: String,
    envelope: Envelope,
    object: Option<&'static Object>,
    page: Option<Arc<Page>>,
    rest: Range<u32>,
}

impl Iterator for Records {
    type Item = Result<Record, Raised>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let (Some(page), Some(node)) = (&self.page, self.rest.next()) {
                return Some(Ok(Record::new(Arc::clone(page), node, self.object)));
            }
            match self.pages.next()?.and_then(|page| self.open(page)) {
                Ok((page, rest)) => (self.page, self.rest) = (Some(page), rest),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Records {
    fn open(&self, page: Arc<Page>) -> Result<(Arc<Page>, Range<u32>), Raised> {
        let root = page.root();
        let list = match self.envelope {
            Envelope::Results => root.get("results"),
            Envelope::Data => root.get("data"),
            Envelope::Bare => Some(root),
        };
        let rest = list.and_then(crate::tape::Node::range).ok_or_else(|| {
            raise::raise(
                Kind::Server.word(),
                format!("Vitally's answer to {}() is not a list", self.name),
                Some("try again; if it stays, run with -vv and show the log to Vitally's support".into()),
            )
        })?;
        Ok((page, rest))
    }
}

/// A walk over a list.
pub struct Items {
    records: Box<dyn Iterator<Item = Result<Record, Raised>>>,
    steps: Vec<Running>,
    done: bool,
}

/// A step, and how many items came to it in this walk.
struct Running {
    step: Step,
    seen: usize,
}

impl Iterator for Items {
    type Item = Result<Dynamic, Raised>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done && !self.full() {
            match self.records.next()?.and_then(|record| self.stepped(record)) {
                Ok(Some(item)) => return Some(Ok(item)),
                Ok(None) => {}
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl Items {
    /// Whether no further item can come through, so that no further page is fetched.
    fn full(&self) -> bool {
        self.steps.iter().any(|running| matches!(running.step, Step::Take(most) if running.seen >= most))
    }

    fn stepped(&mut self, record: Record) -> Result<Option<Dynamic>, Raised> {
        let mut item = Dynamic::from(record);
        for running in &mut self.steps {
            let place = running.seen;
            running.seen += 1;
            let stays = match &running.step {
                Step::Test(test) => test.passes(&item)?,
                Step::Filter(test) => test.says(&item, place)?,
                Step::Map(function) => {
                    item = function.call(item, place)?;
                    true
                }
                Step::Pluck(path) => {
                    item = path.value(&item)?;
                    true
                }
                Step::Skip(count) => place >= *count,
                Step::Take(most) => place < *most,
            };
            if !stays {
                return Ok(None);
            }
        }
        Ok(Some(item))
    }
}
