//! Which change is where, and who waits for whom. No thread and no request here: only what follows from what.

use super::order::{Order, Ticket};
use super::outcome::{ended, failed, orphaned};
use super::read::{self, Look};
use super::{Check, OnError, Totals, refer};
use crate::catalogue::Effect;
use crate::gate::change::{Change, Outcome, Status};
use crate::store::RowOutcome;
use crate::tape::Page;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

/// A change on its way through the stages.
pub(super) struct Item {
    pub(super) ticket: Ticket,
    pub(super) change: Change,
    /// Which of its fields are left alone, and why.
    pub(super) note: Option<String>,
}

impl Item {
    fn new(ticket: Ticket, change: Change) -> Item {
        Item { ticket, change, note: None }
    }
}

/// A change that has ended and is not told of yet.
pub(super) struct Ended {
    pub(super) item: Item,
    pub(super) outcome: Outcome,
    pub(super) answer: Option<Arc<Page>>,
    /// The journal says that it is being sent.
    pub(super) journalled: bool,
}

/// What became of a create.
pub(super) enum Made {
    /// It has not ended.
    Waits(Ticket),
    /// The real id.
    Id(String),
    /// It was not made.
    Not(Box<Outcome>),
}

/// One change from `put` until it is told of.
#[derive(Default)]
struct Node {
    /// The change, while it waits for others.
    held: Option<Change>,
    /// How many it waits for.
    waits: usize,
    /// Who waits for it.
    followers: Vec<Ticket>,
    /// The records it is about.
    numbers: Vec<u32>,
    /// What kind of record it is about.
    object: String,
    /// It has ended, and nobody can wait for it any more.
    is_over: bool,
}

/// Where everything is.
pub(super) struct State {
    nodes: BTreeMap<Ticket, Node>,
    next: Ticket,
    order: Order,
    check: Check,
    /// Some records may not be written: every one is looked at.
    protects: bool,
    on_error: OnError,
    pub(super) created: HashMap<String, Made>,
    pub(super) to_read: VecDeque<Item>,
    pub(super) to_journal: VecDeque<Item>,
    pub(super) to_send: VecDeque<Item>,
    pub(super) ended: Vec<Ended>,
    /// Rows of an input that have ended, to be noted with the next commit.
    pub(super) rows: Vec<RowOutcome>,
    /// How many changes a thread is busy with.
    pub(super) out: usize,
    pub(super) totals: Totals,
    /// Why nothing new is sent, since when.
    pub(super) halted: Option<(String, Instant)>,
    pub(super) closed: bool,
    /// What to do about a journal that cannot be written.
    pub(super) help: String,
}

impl State {
    pub(super) fn new(check: Check, protects: bool, on_error: OnError) -> State {
        State {
            nodes: BTreeMap::new(),
            next: 0,
            order: Order::default(),
            check,
            protects,
            on_error,
            created: HashMap::new(),
            to_read: VecDeque::new(),
            to_journal: VecDeque::new(),
            to_send: VecDeque::new(),
            ended: Vec::new(),
            rows: Vec::new(),
            out: 0,
            totals: Totals::default(),
            halted: None,
            closed: false,
            help: String::new(),
        }
    }

    /// How many changes were put in and are not told of.
    pub(super) fn open(&self) -> usize {
        self.nodes.len()
    }

    /// The ticket that the next change gets.
    pub(super) fn mark(&self) -> Ticket {
        self.next
    }

    /// Whether the threads may go home.
    pub(super) fn is_over(&self) -> bool {
        self.closed && self.nodes.is_empty()
    }

    /// Whether there is something to write down.
    pub(super) fn has_notes(&self) -> bool {
        !(self.to_journal.is_empty() && self.ended.is_empty() && self.rows.is_empty())
    }

    /// Everything put in before this ticket is told of.
    pub(super) fn is_done_before(&self, ticket: Ticket) -> bool {
        self.nodes.first_key_value().is_none_or(|(first, _)| *first >= ticket)
    }

    /// A change comes in: it waits for those before it of the same record, and for the creates it refers to; a delete for all of
    /// other kinds too, since what belongs to a record goes with it.
    pub(super) fn enter(&mut self, mut change: Change) {
        let ticket = self.next;
        self.next += 1;
        self.put_real_ids(&mut change);
        let entered = self.order.enter(ticket, &change);
        if entered.again && self.check == Check::Known && change.before.is_some() {
            // It was read before the earlier change was made.
            change.before = None;
        }
        let mut behind = entered.behind;
        refer::ids(&change, &mut |text| {
            if let Some(Made::Waits(create)) = self.created.get(text) {
                behind.push(*create);
            }
        });
        if change.effect() == Some(Effect::Delete) {
            let others = self.nodes.iter().filter(|(_, node)| !node.is_over && node.object != change.object);
            behind.extend(others.map(|(ticket, _)| *ticket));
        }
        behind.sort_unstable();
        behind.dedup();
        let object = change.object.clone();
        let mut node = Node { numbers: entered.numbers, object, ..Node::default() };
        for before in &behind {
            if let Some(before) = self.nodes.get_mut(before) {
                before.followers.push(ticket);
                node.waits += 1;
            }
        }
        if let Some(provisional) = &change.provisional {
            self.created.insert(provisional.clone(), Made::Waits(ticket));
        }
        if node.waits > 0 {
            node.held = Some(change);
            self.nodes.insert(ticket, node);
        } else {
            self.nodes.insert(ticket, node);
            if let Some(ended) = self.ready(Item::new(ticket, change)) {
                self.end(ended);
            }
        }
    }

    /// Nothing holds a change back any more: it goes to its next stage, or it has ended.
    fn ready(&mut self, mut item: Item) -> Option<Ended> {
        if self.halted.is_some() {
            let outcome = self.unsent(&item.change);
            return Some(Ended { item, outcome, answer: None, journalled: false });
        }
        self.put_real_ids(&mut item.change);
        if let Some(outcome) = self.orphan(&item.change) {
            return Some(Ended { item, outcome, answer: None, journalled: false });
        }
        match read::look(&item.change, self.check) {
            Look::Read => self.to_read.push_back(item),
            Look::Send if self.protects => self.to_read.push_back(item),
            Look::Send => self.to_journal.push_back(item),
            Look::Ended(outcome) => {
                return Some(Ended { item, outcome, answer: None, journalled: false });
            }
        }
        None
    }

    fn put_real_ids(&self, change: &mut Change) {
        refer::replace(change, &|text| match self.created.get(text) {
            Some(Made::Id(id)) => Some(id.clone()),
            _ => None,
        });
    }

    /// The end of a change that refers to a record which was not made.
    fn orphan(&self, change: &Change) -> Option<Outcome> {
        let mut found = None;
        refer::ids(change, &mut |text| {
            if let (None, Some(Made::Not(create))) = (&found, self.created.get(text)) {
                found = Some(orphaned(change, text, create));
            }
        });
        found
    }

    /// A change has ended: those that waited for it go on, and may end at once too.
    pub(super) fn end(&mut self, first: Ended) {
        let mut work = vec![first];
        while let Some(ended) = work.pop() {
            self.count(&ended.outcome);
            let change = &ended.item.change;
            if let Some(provisional) = &change.provisional {
                let made = match (&ended.outcome.id, ended.outcome.status) {
                    (Some(id), Status::Applied) => Made::Id(id.clone()),
                    _ => Made::Not(Box::new(ended.outcome.clone())),
                };
                self.created.insert(provisional.clone(), made);
            }
            let ticket = ended.item.ticket;
            self.ended.push(ended);
            let Some(node) = self.nodes.get_mut(&ticket) else { continue };
            node.is_over = true;
            let followers = std::mem::take(&mut node.followers);
            let numbers = std::mem::take(&mut node.numbers);
            self.order.leave(ticket, &numbers);
            for follower in followers {
                let Some(node) = self.nodes.get_mut(&follower) else { continue };
                node.waits -= 1;
                let held = if node.waits == 0 { node.held.take() } else { None };
                work.extend(held.and_then(|change| self.ready(Item::new(follower, change))));
            }
        }
    }

    /// One record of this object has these names.
    pub(super) fn learn(&mut self, object: &str, names: [Option<&str>; 3]) {
        let names: Vec<&str> = names.into_iter().flatten().collect();
        if names.len() > 1 {
            self.order.learn(object, &names);
        }
    }

    /// A change is told of.
    pub(super) fn forget(&mut self, ticket: Ticket) {
        self.nodes.remove(&ticket);
    }

    /// Nothing new is sent from now on.
    pub(super) fn halt(&mut self, why: &str) {
        self.halted.get_or_insert_with(|| (why.to_string(), Instant::now()));
        self.drop_unsent();
    }

    /// Ends what has not left.
    pub(super) fn drop_unsent(&mut self) {
        let unsent = self.to_read.drain(..).chain(self.to_journal.drain(..)).map(|item| (item, false));
        let unsent: Vec<(Item, bool)> =
            unsent.chain(self.to_send.drain(..).map(|item| (item, true))).collect();
        for (item, journalled) in unsent {
            self.end_unsent(item, journalled);
        }
    }

    /// A change that is not sent because of a halt.
    pub(super) fn end_unsent(&mut self, item: Item, journalled: bool) {
        let outcome = self.unsent(&item.change);
        self.end(Ended { item, outcome, answer: None, journalled });
    }

    fn unsent(&self, change: &Change) -> Outcome {
        let why = self.halted.as_ref().map(|(why, _)| why.clone()).unwrap_or_default();
        match &self.totals.journal {
            Some(_) => failed(change, Status::Refused, "refused", why),
            None => ended(change, Status::Pending, Some(why)),
        }
    }

    fn count(&mut self, outcome: &Outcome) {
        self.totals.count(outcome.status);
        let failed = matches!(outcome.status, Status::Failed | Status::Unknown);
        if failed && self.on_error == OnError::Stop && self.halted.is_none() {
            self.halted = Some(("Not sent, because an earlier change failed.".into(), Instant::now()));
        }
    }
}
