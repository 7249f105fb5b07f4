//! The one door to Vitally: scripts read through it, and nothing else can let a change out.
//!
//! The gate owns the only [`Writer`] of its profile. What a change may do is decided here, in one match on
//! [`Mode`], below every script function: no script, module or `catch` gets around it.

pub mod apply;
pub mod ask;
mod change;
mod current;
mod door;
pub mod drift;
mod kept;
pub mod overlay;
pub mod plan;
pub mod resume;
pub mod send;
mod tally;
pub mod undo;

pub use ask::{Ask, Listing, Shape};
pub use change::{Change, Fields, Outcome, Refusal, Status};
pub use door::{Door, Pages};
pub use tally::Tally;

use crate::catalogue::{Action, Object};
use crate::client::{Answer, Client, Failure, Writer};
use crate::error::Message;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;

/// What happens to changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Changes are refused before any byte is sent.
    ReadOnly,
    /// Changes are sent.
    Live,
}

impl Mode {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Mode::ReadOnly => "read-only",
            Mode::Live => "live",
        }
    }
}

/// The door of one profile. It stays on the script's thread.
pub struct Gate {
    mode: Mode,
    door: Door,
    sent: Tally,
    reads: Cell<u64>,
}

impl Gate {
    /// Takes both halves of a connection.
    pub fn new(mode: Mode, (client, writer): (Client, Writer)) -> Gate {
        Gate::with(mode, Door::open(client, writer))
    }

    /// A gate without a connection: whatever is asked of it fails with this reason.
    pub fn closed(mode: Mode, why: Message) -> Gate {
        Gate::with(mode, Door::closed(why))
    }

    fn with(mode: Mode, door: Door) -> Gate {
        Gate { mode, door, sent: Tally::default(), reads: Cell::new(0) }
    }

    /// Counts its changes in a tally that others can read.
    #[must_use]
    pub fn counted_in(mut self, tally: Tally) -> Gate {
        self.sent = tally;
        self
    }

    /// What happens to changes here.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// How many changes of each action were made, by the action's name.
    pub fn sent(&self) -> BTreeMap<&'static str, u64> {
        self.sent.counts()
    }

    /// How many reads were asked for; a list counts once.
    pub fn reads(&self) -> u64 {
        self.reads.get()
    }

    /// Reads one path.
    pub fn get(&self, ask: &Ask) -> Result<Answer, Failure> {
        self.reads.set(self.reads.get() + 1);
        self.door.get(&ask.path, &ask.query)
    }

    /// Reads one path as Vitally has it, for commands that run no script.
    pub fn fetch(&self, path: &str, query: &[(String, String)]) -> Result<Answer, Failure> {
        self.door.get(path, query)
    }

    /// Reads several records concurrently; answers come in the order asked.
    pub fn get_many(&self, asks: Vec<Ask>) -> Vec<Result<Answer, Failure>> {
        self.reads.set(self.reads.get() + asks.len() as u64);
        self.door.get_many(asks.into_iter().map(|ask| ask.path).collect())
    }

    /// Walks a list.
    pub fn walk(&self, listing: &Listing) -> Pages {
        self.reads.set(self.reads.get() + 1);
        self.door.walk(&listing.path, listing.query.clone(), listing.envelope)
    }

    /// Lets a change out, or says why not.
    pub fn submit(
        &self,
        object: &'static Object,
        action: &'static Action,
        change: Change,
        whole: Option<Value>,
    ) -> Result<Answer, Refusal> {
        let _ = whole;
        match self.mode {
            Mode::ReadOnly => Err(Refusal::ReadOnly { action: action.name, object: object.name }),
            Mode::Live => {
                let answer = self.door.send(&change.request(action));
                if answer.is_ok() {
                    self.sent.add(action.name);
                }
                answer.map_err(|failure| Refusal::Failed(Box::new(failure)))
            }
        }
    }
}
