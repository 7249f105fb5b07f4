//! What an earlier run has done already, for the run that goes on with it.

use super::change::{Change, Status};
use super::results::Row;
use super::send::replace;
use crate::catalogue::Effect;
use crate::error::Message;
use crate::hash;
use crate::store::{Kept, RowOutcome};
use crate::tape::Node;
use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an earlier run has done already. A change is known again by its action, its record and what it writes, not
/// by its place: a list may come in another order now.
#[derive(Debug, Default)]
pub struct Earlier {
    /// For every `each` of the script, in order: its rows by their key if they have one, else by their place.
    walks: Mutex<Vec<Walk>>,
    made: Mutex<Made>,
    only_failed: bool,
    last_seq: u64,
    last_provisional: u64,
}

#[derive(Debug, Default)]
struct Walk {
    /// How many rows there were, where that was known.
    total: Option<u64>,
    /// Rows of the same name in order, each to be found once.
    rows: HashMap<String, VecDeque<RowOutcome>>,
}

/// What was made, each change to be found once.
#[derive(Debug, Default)]
struct Made {
    changes: Vec<Option<Kept>>,
    exact: HashMap<Exact, VecDeque<usize>>,
    /// Changes of rows that are done.
    excused: HashSet<usize>,
    /// All by their row.
    by_row: HashMap<u64, Vec<usize>>,
    /// Creates by row and action, in order.
    creates: HashMap<(u64, String), VecDeque<usize>>,
}

/// A change as it is known again: action, record and content.
type Exact = (String, Option<String>, String);

/// What to do about an input that is another one.
const ANEW: &str =
    "put the input back as it was, or run the script anew: updates that hold already are not sent again";

/// What an earlier run did about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowBefore {
    /// It is to be done, now or again.
    Open,
    /// It is done; whether anything was changed for it.
    Done(bool),
    /// It was never reached, and only what failed is wanted now.
    NotWanted,
}

/// What an earlier run did about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeBefore {
    /// Nothing.
    Open,
    /// It made it: the record's id.
    Made(Option<String>),
    /// It may have made it, and nobody can tell: why, and what to look for.
    Unclear(String),
}

impl Earlier {
    /// The status under which the number of rows of a walk is noted, before its rows.
    pub const TOTAL: &str = "total";

    /// What the store says about a run, its unclear changes looked at again before. With `only_failed`, rows that
    /// were never reached stay as they are.
    pub fn new(rows: Vec<RowOutcome>, changes: Vec<Kept>, only_failed: bool) -> Earlier {
        let mut walks: Vec<Walk> = Vec::new();
        for row in rows {
            if row.status == Earlier::TOTAL {
                walks.push(Walk { total: row.hash.parse().ok(), rows: HashMap::new() });
            } else if let Some(walk) = walks.last_mut() {
                walk.rows.entry(name_of(row.row, row.key.as_deref())).or_default().push_back(row);
            }
        }
        let last_seq = changes.iter().map(|kept| kept.change.seq).max().unwrap_or(0);
        let number = |kept: &Kept| kept.change.provisional.as_deref()?.strip_prefix("new-")?.parse().ok();
        let last_provisional = changes.iter().filter_map(number).max().unwrap_or(0);
        let real_ids: HashMap<String, String> = changes
            .iter()
            .filter(|kept| kept.status == Status::Applied)
            .filter_map(|kept| Some((kept.change.provisional.clone()?, kept.change.id.clone()?)))
            .collect();
        let mut made = Made::default();
        for mut kept in changes {
            replace(&mut kept.change, &|text| real_ids.get(text).cloned());
            if matches!(kept.status, Status::Applied | Status::Unknown | Status::Sending) {
                made.add(kept);
            }
        }
        Earlier { walks: Mutex::new(walks), made: Mutex::new(made), only_failed, last_seq, last_provisional }
    }

    /// The place of its last change.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The number of its last provisional id.
    pub fn last_provisional(&self) -> u64 {
        self.last_provisional
    }

    /// Refuses an input that has another number of rows than before.
    pub fn check_total(&self, walk: usize, total: u64) -> Result<(), Message> {
        match self.walks().get(walk).and_then(|walk| walk.total) {
            Some(before) if before != total => Err(Message::new(
                format!(
                    "the input has {total} rows, and had {before} when the run stopped: rows were added or taken away"
                ),
                ANEW,
            )),
            _ => Ok(()),
        }
    }

    /// What was done about a row. The error says that it is not the same row.
    pub fn row(&self, walk: usize, row: u64, key: Option<&str>, hash: &str) -> Result<RowBefore, Message> {
        let mut walks = self.walks();
        let known = walks.get_mut(walk).and_then(|walk| walk.rows.get_mut(&name_of(row, key)));
        let Some(before) = known.and_then(VecDeque::pop_front) else {
            return Ok(if self.only_failed { RowBefore::NotWanted } else { RowBefore::Open });
        };
        if before.hash != hash {
            return Err(Message::new(
                format!("row {row} of the input is not what it was when the run stopped"),
                ANEW,
            ));
        }
        if before.status == "failed" {
            return Ok(RowBefore::Open);
        }
        self.locked().excuse_row(before.row);
        Ok(RowBefore::Done(before.status == "ok"))
    }

    /// What was done about a change. Each change that was made is found once. `row` is its row if rows keep their
    /// places, as those of a file do.
    pub fn change(&self, row: Option<u64>, change: &Change) -> ChangeBefore {
        let found = self.locked().take(row, change);
        let Some(kept) = found else { return ChangeBefore::Open };
        match kept.status {
            Status::Applied => ChangeBefore::Made(kept.change.id),
            _ => ChangeBefore::Unclear(kept.reason.unwrap_or_else(|| {
                "it was sent before, and whether Vitally did it is not known: look at the record".into()
            })),
        }
    }

    /// How many changes the earlier run made that this one did not ask for again.
    pub fn not_asked_again(&self) -> usize {
        self.locked().not_asked_again()
    }

    fn walks(&self) -> MutexGuard<'_, Vec<Walk>> {
        self.walks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn locked(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Made {
    fn add(&mut self, kept: Kept) {
        let at = self.changes.len();
        for name in names_of(&kept.change) {
            self.exact.entry(name).or_default().push_back(at);
        }
        if let Some(row) = kept.change.row {
            self.by_row.entry(row).or_default().push(at);
        }
        if let (Some(Effect::Create), Some(row)) = (kept.change.effect(), kept.change.row) {
            self.creates.entry((row, kept.change.action.clone())).or_default().push_back(at);
        }
        self.changes.push(Some(kept));
    }

    /// A row that is done asks for nothing again. Its changes can still be found: in a list that comes in another
    /// order now, another row may have had its place.
    fn excuse_row(&mut self, row: u64) {
        self.excused.extend(self.by_row.remove(&row).unwrap_or_default());
    }

    fn not_asked_again(&self) -> usize {
        let left = self.changes.iter().enumerate().filter(|(at, _)| !self.excused.contains(at));
        left.filter_map(|(_, kept)| kept.as_ref()).filter(|kept| kept.status == Status::Applied).count()
    }

    fn take(&mut self, row: Option<u64>, change: &Change) -> Option<Kept> {
        for name in names_of(change) {
            if let Some(found) = self.exact.get_mut(&name).and_then(|at| first(at, &mut self.changes)) {
                return Some(found);
            }
        }
        // The same row asks for the same creates; one that differs has a time of day or the like in it.
        let row = row.filter(|_| change.effect() == Some(Effect::Create))?;
        let creates = self.creates.get_mut(&(row, change.action.clone()))?;
        first(creates, &mut self.changes)
    }
}

/// The first of these changes that was not found before.
fn first(places: &mut VecDeque<usize>, changes: &mut [Option<Kept>]) -> Option<Kept> {
    while let Some(place) = places.pop_front() {
        if let Some(kept) = changes[place].take() {
            return Some(kept);
        }
    }
    None
}

/// The names that a change is known by: with its id, and with its externalId; of a create, with what it belongs to.
fn names_of(change: &Change) -> Vec<Exact> {
    let content = change.after.clone().map(Value::Object).unwrap_or_default();
    let content = hash::of_texts([content.to_string().as_str()]);
    let name = |record: Option<&String>| (change.action.clone(), record.cloned(), content.clone());
    if change.effect() == Some(Effect::Create) {
        return vec![name(change.parent.as_ref())];
    }
    [&change.id, &change.external_id].into_iter().flatten().map(|record| name(Some(record))).collect()
}

fn name_of(row: u64, key: Option<&str>) -> String {
    key.map_or_else(|| format!("#{row}"), ToString::to_string)
}

/// A hash of what a row holds. Of a record of Vitally only its id counts: the run itself changes the rest.
pub fn hash_of(row: Row) -> String {
    let text = match row {
        Row::Plain(row) => row.to_string(),
        Row::Record(record) => Value::from(record.get("id").and_then(Node::text)).to_string(),
    };
    hash::of_texts([text.as_str()]).chars().take(16).collect()
}
