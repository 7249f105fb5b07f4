//! `trigger EVENT SCRIPT`: hands a hook one record, real or made up, to see what it does.

use super::bounds::Bounds;
use super::ear::Ear;
use super::opener::About;
use super::run::{Job, execute};
use super::session::Session;
use super::{Context, source};
use crate::catalogue::{self, Field, Kind, Object};
use crate::cli::{Safety, Trigger};
use crate::error::{Error, Message};
use crate::hooks::listed::Listed;
use crate::hooks::listen::as_error;
use crate::hooks::source::{Purpose, Sort, Source, Wanted};
use crate::script::hooks::{self, Call, End, Feed, Happening, HookSpec};
use crate::script::words::did_you_mean;
use crate::stop::Stop;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// Runs the hooks of a script for one event.
pub fn run(context: &Context, options: &Trigger) -> Result<u8, Error> {
    let (object, trigger) = known(&options.event)?;
    let root = context.sources(false)?.root();
    let script = source::script(&options.script, &root)?;
    let records = records_with(context, options, object)?;
    let feed = OneShot { trigger: trigger.name, records, events: VecDeque::new(), failed: None };
    let safety = Safety { dry_run: !options.live, ..Safety::default() };
    execute(context, Job { ear: Some(Ear::Given(Box::new(feed))), ..Job::new("run", &script, &safety) })
}

/// The records that the hook gets, with the values that were set.
pub fn records_with(
    context: &Context,
    options: &Trigger,
    object: &'static Object,
) -> Result<Vec<Value>, Error> {
    let records = records(context, options, object)?;
    records.into_iter().map(|record| with(record, object, &options.records.set)).collect()
}

/// An event for a hook that nothing in Vitally has caused.
pub fn happening(hook: &HookSpec, place: usize, record: &Value) -> Happening {
    let id = record["id"].as_str().unwrap_or_default();
    Happening {
        number: 0,
        hook: place,
        key: format!("{}:{id}:test-{:08x}", hook.trigger.name, fastrand::u32(..)),
        at: Timestamp::now(),
        attempt: 1,
        changed: hook.changed.clone(),
        before: Map::new(),
        record: record.clone(),
        noticed: Timestamp::now(),
        runs: Vec::new(),
    }
}

/// The trigger of a name.
pub fn known(name: &str) -> Result<(&'static Object, &'static catalogue::Trigger), Error> {
    catalogue::triggers().find(|(_, trigger)| trigger.name == name).ok_or_else(|| {
        let near = did_you_mean(name, catalogue::triggers().map(|(_, trigger)| trigger.name));
        Error::usage(
            format!("there is no trigger called \"{name}\"{near}"),
            "vitally-script triggers lists them",
        )
    })
}

/// The records that the hook gets.
fn records(context: &Context, options: &Trigger, object: &'static Object) -> Result<Vec<Value>, Error> {
    if options.records.sample {
        return Ok(vec![sample(object)]);
    }
    let session = Session::open_with_key(context, Bounds::reading(), About::default())?;
    let vitally = session.source(&Stop::new())?;
    let wanted = options.records.last.unwrap_or(1);
    let mut found = Vec::new();
    for stream in vitally.lists(object).map_err(as_error)?.streams {
        let mut cursor: Option<String> = None;
        loop {
            let page = vitally.page(&Wanted {
                stream: &stream,
                sort: Sort::Updated,
                limit: 100,
                cursor: cursor.as_deref(),
                purpose: Purpose::Poll,
            });
            let page = page.map_err(as_error)?;
            let those = page.records.iter().filter(|record| match &options.id {
                Some(id) => ["id", "externalId"].iter().any(|key| record.text(key) == Some(id)),
                None => true,
            });
            found.extend(those.map(Listed::to_value));
            cursor = page.next;
            let enough = if options.id.is_some() { !found.is_empty() } else { found.len() >= wanted };
            if enough || cursor.is_none() {
                break;
            }
        }
        if options.id.is_some() && !found.is_empty() {
            break;
        }
    }
    found.sort_by_key(|record| std::cmp::Reverse(record["updatedAt"].as_str().map(ToString::to_string)));
    found.truncate(if options.id.is_some() { 1 } else { wanted });
    if found.is_empty() {
        return Err(Error::usage(
            match &options.id {
                Some(id) => format!("there is no {} with the id \"{id}\"", object.name),
                None => format!("there is no {} yet", object.name),
            },
            "--sample makes one up",
        ));
    }
    Ok(found)
}

/// A record with something in every field.
fn sample(object: &'static Object) -> Value {
    let value = |field: &Field| match field.kind {
        Kind::Id => json!("00000000-0000-4000-8000-000000000001"),
        Kind::Text | Kind::Html => json!(format!("sample {}", field.name)),
        Kind::Number | Kind::Integer => json!(1),
        Kind::Boolean => json!(true),
        Kind::DateTime => json!("2026-01-15T09:00:00.000Z"),
        Kind::Date => json!("2026-01-15"),
        Kind::Choice(words) => json!(words.first()),
        Kind::Traits => json!({}),
        Kind::Texts | Kind::Ids | Kind::Many(_) | Kind::Participants | Kind::Messages => json!([]),
        Kind::One(_) | Kind::Participant | Kind::Any => Value::Null,
    };
    object.fields.iter().map(|field| (field.name.to_string(), value(field))).collect::<Map<_, _>>().into()
}

/// A record with other values in some fields; text that reads as JSON is taken as such.
fn with(mut record: Value, object: &Object, set: &[(String, String)]) -> Result<Value, Error> {
    for (name, text) in set {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
        match name.strip_prefix("traits.") {
            Some(key) => record["traits"][key] = value,
            None if object.field(name).is_some() => record[name.as_str()] = value,
            None => {
                let near = did_you_mean(name, object.fields.iter().map(|field| field.name));
                return Err(Error::usage(
                    format!("{} has no field \"{name}\"{near}", object.name),
                    format!("vitally-script fields {} lists them", object.name),
                ));
            }
        }
    }
    Ok(record)
}

/// Hands out a few events and is done.
struct OneShot {
    trigger: &'static str,
    records: Vec<Value>,
    events: VecDeque<Happening>,
    failed: Option<Error>,
}

impl Feed for OneShot {
    fn listen(&mut self, _: &str, wanted: &hooks::Wanted) -> Result<(), Error> {
        let hooks = &wanted.hooks;
        let wanted = hooks.iter().enumerate().filter(|(_, hook)| hook.trigger.name == self.trigger);
        for (place, hook) in wanted {
            for record in &self.records {
                self.events.push_back(happening(hook, place, record));
            }
        }
        if self.events.is_empty() {
            let known: Vec<&str> = hooks.iter().map(|hook| hook.trigger.name).collect();
            return Err(Error::Refused(Message::new(
                format!("the script has no hook for {}", self.trigger),
                format!("it has hooks for: {}", known.join(", ")),
            )));
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok(self.events.pop_front().map(|event| Call::Event(Box::new(event)))),
        }
    }

    fn ended(&mut self, _: &Call, end: End) -> Result<(), Error> {
        if let End::Failed { error, .. } = end {
            self.failed = Some(*error);
        }
        Ok(())
    }
}
