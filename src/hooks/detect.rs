//! What happened to a record, told from what it holds and what it held when it was last seen. Pure: it is the same
//! whoever asks, in which order, and how often.

use super::content;
use super::listed::Listed;
use crate::catalogue::{Detect, Object, Trigger};
use crate::store::hooks::{NewEvent, OwnWrite, Seen, Short};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// What is looked for in the records of a kind.
#[derive(Clone, Debug)]
pub struct Look {
    /// The kind.
    pub object: &'static Object,
    /// What anybody listens to.
    pub triggers: Vec<&'static Trigger>,
    /// Nothing before it fires.
    pub baseline: Timestamp,
    /// When the list was walked last: a known record still was what it was then, as far as the list showed it.
    pub unchanged_until: Timestamp,
    /// Hooks that want the past, with their triggers, from these moments on.
    pub backfills: Vec<(i64, &'static Trigger, Timestamp)>,
}

/// One record of a page.
#[derive(Clone, Debug)]
pub struct Record {
    /// Vitally's id.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed, in whole milliseconds.
    pub updated: Timestamp,
    /// Whether it was found among the archived ones.
    pub archived: bool,
    /// The whole record.
    pub whole: Listed,
}

/// What a record teaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// What it holds now.
    pub seen: Seen,
    /// What happened.
    pub events: Vec<NewEvent>,
}

impl Record {
    /// A record of a list; `None` if it has no id or no date to know its place by.
    pub fn new(whole: Listed, archived: bool) -> Option<Record> {
        let time = |name: &str| moment(whole.text(name)?);
        let created = time("createdAt");
        let updated = time("updatedAt").or(created)?;
        let id = whole.text("id")?.to_string();
        Some(Record { id, created: created.unwrap_or(updated), updated, archived, whole })
    }

    /// What people call it.
    pub fn title(&self) -> String {
        let name = ["name", "subject", "title", "email"].iter().find_map(|key| self.whole.text(key));
        name.unwrap_or(&self.id).to_string()
    }
}

/// A moment as Vitally writes it, in whole milliseconds.
pub fn time(value: &Value) -> Option<Timestamp> {
    moment(value.as_str()?)
}

/// The same from its text.
pub fn moment(text: &str) -> Option<Timestamp> {
    let moment: Timestamp = text.parse().ok()?;
    Timestamp::from_millisecond(moment.as_millisecond()).ok()
}

/// What a record teaches; `None` if nothing: it is known, or was read from a page that is older than what is known.
pub fn observe(look: &Look, mut record: Record, old: Option<&Seen>, own: &[OwnWrite]) -> Option<Learnt> {
    let new = record.whole.take_short(look.object);
    let stale = old.is_some_and(|old| old.updated > record.updated);
    let known = old.is_some_and(|old| old.updated == record.updated && old.content == new);
    // What everybody gets comes first: the past that one hook asked for must not take its place.
    let mut events = Vec::new();
    if !stale && !known {
        let sight = Sight::new(look, &record, old, &new, own);
        events.extend(look.triggers.iter().filter_map(|trigger| sight.event(trigger)));
    }
    events.extend(backfilled(look, &record, &new));
    if (stale || known) && events.is_empty() {
        return None;
    }
    let seen = match old.filter(|_| stale) {
        Some(newer) => newer.clone(),
        None => Seen { id: record.id, updated: record.updated, content: new },
    };
    Some(Learnt { seen, events })
}

/// One look at a record that is new or changed.
struct Sight<'a> {
    look: &'a Look,
    record: &'a Record,
    old: Option<&'a Seen>,
    new: &'a Short,
    differences: Vec<(String, Option<Value>)>,
    /// What this program wrote to it since it was last seen.
    own: Vec<&'a OwnWrite>,
}

impl<'a> Sight<'a> {
    fn new(
        look: &'a Look,
        record: &'a Record,
        old: Option<&'a Seen>,
        new: &'a Short,
        own: &'a [OwnWrite],
    ) -> Sight<'a> {
        let differences = old.map_or_else(Vec::new, |old| content::differences(&old.content, new));
        let own = own
            .iter()
            .filter(|write| {
                write.record == record.id
                    && write.at <= record.updated
                    && old.is_none_or(|old| write.at > old.updated)
            })
            .collect();
        Sight { look, record, old, new, differences, own }
    }

    /// The event of this trigger, if it happened.
    fn event(&self, trigger: &'static Trigger) -> Option<NewEvent> {
        let Record { id, created, updated, .. } = self.record;
        let name = trigger.name;
        let (value, at) = match trigger.detect {
            Detect::Created => {
                let is_new = self.old.is_none() && *created >= self.look.baseline;
                is_new.then(|| (created.to_string(), *created))?
            }
            Detect::Updated => (self.update()?, *updated),
            Detect::Filled(field) => self.filled(field)?,
            Detect::Emptied(field) => {
                let before = self.old?.content.get(field)?;
                if self.new.contains_key(field) {
                    return None;
                }
                (word(before), *updated)
            }
            Detect::Changed(field) => {
                let after = self.new.get(field)?;
                let changed = match self.old {
                    Some(old) => old.content.get(field) != Some(after),
                    // It was made with this value after the beginning.
                    None => *created >= self.look.baseline,
                };
                // It may come back to a value it had before, so the value alone is not enough.
                changed.then(|| (format!("{}@{updated}", word(after)), *updated))?
            }
        };
        Some(NewEvent {
            key: format!("{name}:{id}:{value}"),
            trigger: name,
            record: id.clone(),
            title: self.record.title(),
            at,
            changed: self.differences.iter().map(|(name, _)| name.clone()).collect(),
            before: self
                .differences
                .iter()
                .filter_map(|(name, before)| Some((name.clone(), before.clone()?)))
                .collect(),
            payload: self.record.whole.to_value(),
            own: self.own(trigger),
            only: None,
        })
    }

    /// The value that tells an update from all others. Creating a record is no update, nor is archiving it.
    fn update(&self) -> Option<String> {
        let Record { created, updated, archived, .. } = self.record;
        if *archived {
            return None;
        }
        match self.old {
            // Two changes in the same millisecond, or in the same second of a coarser clock.
            Some(old) if old.updated == *updated => Some(format!("{updated}.{}", content::digest(self.new))),
            Some(_) => Some(updated.to_string()),
            None => {
                let touched = *created < self.look.baseline && *updated >= self.look.baseline;
                touched.then(|| updated.to_string())
            }
        }
    }

    /// The value of a field that was empty or held another one, and when it got it.
    fn filled(&self, field: &str) -> Option<(String, Timestamp)> {
        let value = self.new.get(field)?;
        let Record { created, updated, .. } = self.record;
        let moment = time(value);
        let baseline = self.look.baseline;
        let happened = match self.old {
            Some(old) => old.content.get(field) != Some(value),
            None => *created >= baseline || moment.is_some_and(|moment| moment >= baseline),
        };
        let earliest = self.old.map_or(*created, |old| old.updated.max(self.look.unchanged_until));
        // A time that somebody typed may lie outside what is possible; then it was at the latest when it changed.
        let at = moment.filter(|moment| *moment > earliest && *moment <= *updated).unwrap_or(*updated);
        happened.then(|| (word(value), at))
    }

    /// The script whose doing it is, if it was this program's.
    fn own(&self, trigger: &Trigger) -> Option<String> {
        if self.own.is_empty() {
            return None;
        }
        let changed: Vec<&str> = self.differences.iter().map(|(name, _)| name.as_str()).collect();
        own_doing(trigger, &changed, self.new, &self.own).map(|write| write.script.clone())
    }
}

/// Fields that Vitally counts by itself when something is made below a record.
const COUNTED: &[&str] = &["usersCount", "accountsCount"];

/// The write of this program that an event comes from, if all of it does. `changed` names the fields that changed,
/// `content` is what the record holds now.
pub fn own_doing<'a>(
    trigger: &Trigger,
    changed: &[&str],
    content: &Map<String, Value>,
    writes: &[&'a OwnWrite],
) -> Option<&'a OwnWrite> {
    let now = |field: &str| match field.strip_prefix("traits.") {
        Some(key) => content.get("traits").and_then(|traits| traits.get(key)).cloned().unwrap_or_default(),
        None => content.get(field).cloned().unwrap_or_default(),
    };
    let wrote = |write: &OwnWrite, field: &str| {
        let written = match field.strip_prefix("traits.") {
            Some(key) => write.fields.get("traits").and_then(|traits| traits.get(key)),
            None => write.fields.get(field),
        };
        same(written, &now(field))
    };
    let of_field = |field: &str| writes.iter().rev().find(|write| wrote(write, field)).copied();
    match trigger.detect {
        Detect::Created => writes.iter().find(|write| write.made).copied(),
        // Nobody writes it, so who archived the record does not know the time that Vitally put there.
        Detect::Filled("archivedAt") => {
            writes.iter().rev().find(|write| write.fields.contains_key("archivedAt")).copied()
        }
        Detect::Filled(field) | Detect::Emptied(field) | Detect::Changed(field) => of_field(field),
        Detect::Updated => {
            let ours =
                |field: &&str| COUNTED.contains(field) || writes.iter().any(|write| wrote(write, field));
            writes.last().filter(|_| changed.iter().all(ours)).copied()
        }
    }
}

/// Whether what was written is what stands there now. Vitally writes times its own way.
fn same(written: Option<&Value>, now: &Value) -> bool {
    let Some(written) = written else { return false };
    content::short(written) == *now || time(written).is_some_and(|moment| Some(moment) == time(now))
}

/// A value as it stands in a key.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToString::to_string)
}

/// Happenings of the past that hooks asked for: what can be told from the record alone.
fn backfilled(look: &Look, record: &Record, new: &Short) -> Vec<NewEvent> {
    let of = |(hook, trigger, from): &(i64, &'static Trigger, Timestamp)| {
        let (value, at) = match trigger.detect {
            Detect::Created => (record.created.to_string(), record.created),
            Detect::Updated if record.archived || record.created == record.updated => return None,
            Detect::Updated => (record.updated.to_string(), record.updated),
            Detect::Filled(field) => {
                let value = new.get(field)?;
                (word(value), time(value)?)
            }
            Detect::Emptied(_) | Detect::Changed(_) => return None,
        };
        (at >= *from).then(|| NewEvent {
            key: format!("{}:{}:{value}", trigger.name, record.id),
            trigger: trigger.name,
            record: record.id.clone(),
            title: record.title(),
            at,
            changed: Vec::new(),
            before: Map::new(),
            payload: record.whole.to_value(),
            own: None,
            only: Some(*hook),
        })
    };
    look.backfills.iter().filter_map(of).collect()
}
