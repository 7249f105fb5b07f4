//! The one door to Vitally: scripts read through it, and nothing else can let a change out.
//!
//! The gate owns the only [`Writer`] of its profile. What a change may do is decided here, in one match on
//! [`Mode`], below every script function: no script, module or `catch` gets around it.

mod afterwards;
pub mod apply;
pub mod ask;
mod background;
pub mod before;
mod bulk;
mod change;
mod collected;
mod current;
pub mod delivery;
mod door;
pub mod drift;
mod dry;
pub mod earlier;
mod guard;
pub mod journal;
mod kept;
mod live;
mod lost;
mod mode;
pub mod overlay;
mod permit;
pub mod plan;
mod plan_sink;
mod policy;
pub mod preview;
pub mod protect;
mod protected;
mod recent;
mod results;
pub mod resume;
mod rows;
pub mod send;
mod settled;
mod tally;
pub mod undo;
mod whole;

pub use afterwards::{Afterwards, Coming};
pub use ask::{Ask, Listing, Shape};
pub use bulk::{Bulk, RowEnd, RowsEnded};
pub use change::{Change, Fields, Outcome, Refusal, Status};
pub use collected::Collected;
pub use door::{Door, Pages};
pub use guard::{Guard, Limits, Trip};
pub use mode::Mode;
pub use plan_sink::PlanSink;
pub use policy::{AskOn, AskPerson, Planned, Policy};
pub use results::Row;
pub use rows::STOPPED;
pub use settled::{provisional_ids, with_real_ids};
pub use tally::{Counts, Tally};
pub use whole::Whole;

use crate::catalogue::{Action, Object};
use crate::client::{Answer, Client, Failure, Writer};
use crate::error::Message;
use delivery::Calls;
use dry::Dry;
use earlier::ChangeBefore;
use protect::Protect;
use recent::Recent;
use settled::Settled;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// The door of one profile. It stays on the script's thread.
pub struct Gate {
    policy: Policy,
    mode: Cell<Mode>,
    door: Arc<Door>,
    seq: Cell<u64>,
    recent: RefCell<Recent>,
    dry: RefCell<Dry>,
    allowed: RefCell<Vec<&'static str>>,
    bulk: RefCell<Option<Rc<bulk::State>>>,
    /// How many provisional ids were given.
    provisional: Cell<u64>,
    walks: Cell<Walks>,
    calls: RefCell<Calls>,
    settled: RefCell<Settled>,
    /// Several runs go through it one after the other, so what a script holds may have been read in an earlier one.
    outlives_runs: Cell<bool>,
    /// Nothing may be changed for a while, whatever the mode: somebody only looks.
    looking: Cell<bool>,
}

/// The walks of `each` so far.
#[derive(Clone, Copy, Default)]
struct Walks {
    /// How many there were.
    count: usize,
    /// The place of the next one's first row among all rows of the run.
    next: u64,
}

impl Gate {
    /// Takes both halves of a connection.
    pub fn new(policy: Policy, (client, writer): (Client, Writer)) -> Gate {
        let door = Door::open(client, writer).protecting(policy.protect.clone());
        Gate::through(policy, Arc::new(door))
    }

    /// A gate without a connection: whatever is asked of it fails with this reason.
    pub fn closed(policy: Policy, why: Message) -> Gate {
        Gate::through(policy, Arc::new(Door::closed(why)))
    }

    /// A gate before a door that others use, too.
    pub fn through(policy: Policy, door: Arc<Door>) -> Gate {
        Gate {
            door,
            seq: Cell::new(policy.earlier.as_ref().map_or(0, |earlier| earlier.last_seq())),
            recent: RefCell::default(),
            dry: RefCell::default(),
            allowed: RefCell::default(),
            bulk: RefCell::default(),
            provisional: Cell::new(policy.earlier.as_ref().map_or(0, |earlier| earlier.last_provisional())),
            walks: Cell::new(Walks::default()),
            calls: RefCell::default(),
            settled: RefCell::default(),
            outlives_runs: Cell::new(false),
            looking: Cell::new(false),
            mode: Cell::new(policy.mode),
            policy,
        }
    }

    /// What happens to changes here.
    pub fn mode(&self) -> Mode {
        self.mode.get()
    }

    /// Another mode from now on.
    pub fn set_mode(&self, mode: Mode) {
        self.mode.set(mode);
    }

    /// Refuses changes in any mode, or no longer does. What is read stays the same.
    pub fn only_look(&self, looking: bool) {
        self.looking.set(looking);
    }

    /// Takes over what was decided at another gate of the same dialogue since it began. A profile that may only be
    /// read stays so.
    pub fn follow(&self, other: &Gate) {
        self.looking.set(other.looking.get());
        if other.mode() != other.policy.mode && self.policy.mode != Mode::ReadOnly {
            self.mode.set(other.mode());
        }
    }

    /// Ends the run that went through this gate, so that the next change begins another: with its own limits, its own
    /// place in the journal and its own questions. What a dry run has collected stays.
    pub fn next_run(&self) {
        self.outlives_runs.set(true);
        self.policy.guard.renew();
        if let Some(journal) = &self.policy.journal {
            journal.renew();
        }
        self.allowed.borrow_mut().clear();
        self.walks.set(Walks::default());
        if self.mode() != Mode::DryRun {
            self.seq.set(0);
            *self.recent.borrow_mut() = Recent::default();
        }
    }

    /// Of what a dry run has collected only these changes are left. `real` are the ids that its provisional ones
    /// have become.
    pub fn settle(&self, left: &[Change], real: impl IntoIterator<Item = (String, String)>) {
        self.settled.borrow_mut().add(real);
        dry::again(self, left);
    }

    fn counts_read(&self) {
        self.policy.tally.note(|counts| counts.reads += 1);
    }

    /// Reads one path.
    pub fn get(&self, ask: &Ask) -> Result<Answer, Failure> {
        let ask = &*self.settled.borrow().ask(ask);
        if self.mode() == Mode::DryRun {
            return dry::get(self, ask);
        }
        self.counts_read();
        let answer = self.door.get(&ask.path, &ask.query)?;
        if let (Shape::One(_), Some(page)) = (&ask.shape, &answer.page)
            && self.mode() != Mode::ReadOnly
        {
            self.recent.borrow_mut().one(ask.object.name, page);
        }
        Ok(answer)
    }

    /// Reads one path as Vitally has it, for commands that run no script.
    pub fn fetch(&self, path: &str, query: &[(String, String)]) -> Result<Answer, Failure> {
        self.door.get(path, query)
    }

    /// Reads several records concurrently; answers come in the order asked.
    pub fn get_many(&self, asks: &[Ask]) -> Vec<Result<Answer, Failure>> {
        let asks = &*self.settled.borrow().asks(asks);
        if self.mode() == Mode::DryRun && asks.iter().any(|ask| dry::touches(self, ask.object)) {
            return asks.iter().map(|ask| dry::get(self, ask)).collect();
        }
        self.policy.tally.note(|counts| counts.reads += asks.len() as u64);
        let answers = self.door.get_many(asks.iter().map(|ask| ask.path.clone()).collect());
        if self.mode() == Mode::DryRun {
            for (ask, answer) in asks.iter().zip(&answers) {
                if let Ok(answer) = answer {
                    dry::learn(self, ask, answer);
                }
            }
        }
        answers
    }

    /// Walks a list.
    pub fn walk(self: &Rc<Self>, listing: &Listing) -> Pages {
        let listing = &*self.settled.borrow().listing(listing);
        if self.mode() == Mode::DryRun
            && let Some(whole) = dry::whole_list(self, listing)
        {
            return whole;
        }
        let pages = self.door.walk(&listing.path, listing.query.clone(), listing.envelope);
        let gate = Rc::clone(self);
        let object = listing.object.name;
        let remember = matches!(self.mode(), Mode::Live | Mode::Confirm);
        let counted = pages.inspect(move |page| {
            gate.counts_read();
            if let (true, Ok(page)) = (remember, page) {
                gate.recent.borrow_mut().page(object, page);
            }
        });
        match self.mode() {
            Mode::DryRun => dry::walk(self, listing, Box::new(counted)),
            Mode::ReadOnly | Mode::Confirm | Mode::Live => Box::new(counted),
        }
    }

    /// Lets a change out, or says why not. `whole` is its record as the script has read it, where it has.
    pub fn submit(
        &self,
        object: &'static Object,
        action: &'static Action,
        change: Change,
        whole: Option<Whole>,
    ) -> Result<Afterwards, Refusal> {
        if self.looking.get() {
            return Err(Refusal::Guarded {
                message: format!("{} changes something, and here nothing may be changed", action.name),
                help: "type it at the prompt by itself".into(),
            });
        }
        let mut numbered = Change { seq: self.seq.get() + 1, ..change };
        self.seq.set(numbered.seq);
        if let Some(delivery) = &self.policy.delivery {
            numbered = self.calls.borrow_mut().keyed(delivery, object, action, numbered);
        }
        let whole = self.settled.borrow().change(&mut numbered, whole);
        if self.mode() != Mode::ReadOnly
            && let Some(record) = self.made_before(&numbered, whole.as_ref())?
        {
            return Ok(Afterwards::Told(record));
        }
        // What the script holds may be older than what this run has made of the record.
        let whole = whole.filter(|record| !self.recent.borrow().is_changed(record));
        let is_old = self.outlives_runs.get() && self.mode() != Mode::DryRun;
        let whole = whole.filter(|record| !is_old || self.recent.borrow().holds(object.name, record));
        match self.mode() {
            Mode::ReadOnly => Err(Refusal::ReadOnly { action: action.name, object: object.name }),
            Mode::DryRun => dry::collect(self, object, action, numbered, whole).map(Afterwards::Told),
            Mode::Confirm | Mode::Live => self.send(object, action, numbered, whole),
        }
    }

    /// Sends a change: in the background while `each` walks, else now.
    fn send(
        &self,
        object: &'static Object,
        action: &'static Action,
        change: Change,
        whole: Option<Whole>,
    ) -> Result<Afterwards, Refusal> {
        let state = self.bulk.borrow().clone();
        match state.filter(|_| background::is_on(self)) {
            Some(state) => background::send(self, &state, object, action, change, whole),
            None => live::send(self, object, action, change, whole).map(Afterwards::Told),
        }
    }

    /// The record of a change that the run made before it was stopped; it is not sent again.
    fn made_before(&self, change: &Change, whole: Option<&Whole>) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(earlier) = &self.policy.earlier else { return Ok(None) };
        let state = self.bulk.borrow().clone();
        let row = state.as_ref().and_then(|state| state.kept_place());
        let mut change = change.clone();
        if let Some(whole) = whole {
            live::complete(&mut change, whole);
        }
        match earlier.change(row, &change) {
            ChangeBefore::Open => Ok(None),
            ChangeBefore::Made(id) => {
                if let Some(state) = &state {
                    state.book.changed(state.row.get());
                }
                change.id = id.or(change.id);
                Ok(Some(Coming::new(change, whole.cloned(), self.policy.clock.now()).body()))
            }
            ChangeBefore::Unclear(reason) => Err(Refusal::Guarded {
                message: format!(
                    "{} is not sent again: when the run stopped, it may have been done. {reason}",
                    change.action
                ),
                help: "make it by hand if it is missing in Vitally".into(),
            }),
        }
    }

    /// What the script holds of a record may be old: it is read again before it is changed.
    pub fn distrust(&self, id: &str) {
        self.recent.borrow_mut().changed(id);
    }

    /// All that the script holds so far was read through another gate, perhaps long ago: it is read again before it is changed.
    pub fn distrust_before(&self) {
        self.outlives_runs.set(true);
    }

    /// The door that it stands before.
    pub fn door(&self) -> Arc<Door> {
        Arc::clone(&self.door)
    }

    /// Which records may not be written through it.
    pub fn protect(&self) -> Option<Arc<Protect>> {
        self.policy.protect.clone()
    }

    fn next_provisional(&self) -> String {
        self.provisional.set(self.provisional.get() + 1);
        format!("new-{}", self.provisional.get())
    }
}
