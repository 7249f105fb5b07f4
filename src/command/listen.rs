//! `listen`: prints what happens, and runs nothing.

use super::bounds::Bounds;
use super::opener::About;
use super::session::Session;
use super::{Context, form};
use crate::catalogue;
use crate::cli::{Format, Listen};
use crate::error::Error;
use crate::exit;
use crate::hooks::board::Board;
use crate::hooks::listen::as_error;
use crate::hooks::rules::Rules;
use crate::hooks::watcher::Watcher;
use crate::stop::{Reason, Stop};
use crate::store::hooks::{Event, HookStore};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How many events are read at once.
const PIECE: usize = 200;
/// How often to look for news.
const LOOK: Duration = Duration::from_millis(200);

/// Prints events until Ctrl-C.
pub fn run(context: &Context, options: &Listen) -> Result<u8, Error> {
    let triggers = wanted(&options.events)?;
    let session = Session::open_with_key(context, Bounds::reading(), About::default())?;
    let store = session.shelf.hooks()?;
    let (rest, board) = (Stop::new(), Arc::new(Board::default()));
    let mut last = store.last_event()?;
    let mut objects: BTreeMap<&str, Vec<&'static catalogue::Trigger>> = BTreeMap::new();
    for (object, trigger) in &triggers {
        objects.entry(object.name).or_default().push(trigger);
    }
    let source = Arc::new(session.source(&rest)?);
    let profile = session.settings.profile.name.clone();
    let watchers = objects.into_iter().map(|(name, extra)| {
        let family = store.family(&profile, &session.origin(), name)?;
        board.begin(catalogue::object(name).map_or("", |object| object.name), options.every);
        Ok(Watcher {
            source: Arc::clone(&source) as _,
            store: Arc::clone(&store),
            rules: Rules::default(),
            object: triggers
                .iter()
                .find(|(object, _)| object.name == name)
                .map(|(object, _)| *object)
                .ok_or_else(|| Error::usage(format!("there is no object {name}"), "report this"))?,
            family,
            extra,
            every: options.every,
            once: options.once,
            backfill: false,
            stop: rest.clone(),
            board: Arc::clone(&board),
        })
    });
    let watchers: Vec<Watcher> = watchers.collect::<Result<_, Error>>()?;
    context.console.say("listening; Ctrl-C stops");
    let threads: Vec<_> =
        watchers.into_iter().map(|watcher| thread::spawn(move || watcher.watch())).collect();
    let names: Vec<String> = triggers.iter().map(|(_, trigger)| trigger.name.to_string()).collect();
    let end = options.length.map(|length| Instant::now() + length);
    let result = loop {
        let over = board.state().pollers.values().all(|standing| standing.over);
        if let Err(error) = tell(context, &*store, &mut last, &names) {
            break Err(error);
        }
        if over {
            let trouble = board.state().pollers.values().find_map(|standing| standing.trouble.clone());
            break trouble.map_or(Ok(exit::DONE), |trouble| Err(as_error(trouble)));
        }
        if let Some(reason) = context.stop.reason() {
            break Err(Error::Stopped(reason));
        }
        if end.is_some_and(|end| end <= Instant::now()) {
            break Ok(exit::DONE);
        }
        for news in std::mem::take(&mut board.state().news) {
            context.console.detail(&format!("{news:?}"));
        }
        board.wait(LOOK);
    };
    rest.set(Reason::Interrupted);
    for thread in threads {
        // A thread that panicked has told so.
        let _ = thread.join();
    }
    result
}

/// Prints the events after the last one.
fn tell(context: &Context, store: &dyn HookStore, last: &mut i64, names: &[String]) -> Result<(), Error> {
    loop {
        let events = store.events_after(*last, names, PIECE)?;
        let Some(newest) = events.last() else { return Ok(()) };
        *last = newest.number;
        for event in &events {
            match context.console.format_or(Format::Table) {
                Format::Table => context.console.line(&format!(
                    "{}  {}  {}{}",
                    event.at.strftime("%H:%M:%S"),
                    event.trigger,
                    event.title,
                    if event.changed.is_empty() {
                        String::new()
                    } else {
                        format!("  ({})", event.changed.join(", "))
                    }
                )),
                Format::Json | Format::Jsonl => context.console.line(&as_json(event).to_string()),
                Format::Csv => form::write(&context.console, &json!([as_json(event)]), None, Format::Csv),
            }
        }
    }
}

fn as_json(event: &Event) -> Value {
    json!({
        "key": event.key,
        "trigger": event.trigger,
        "record": event.record,
        "name": event.title,
        "at": event.at.to_string(),
        "changed": event.changed,
        "before": event.before,
        "payload": event.payload,
    })
}

/// The triggers that were named, or all.
fn wanted(names: &[String]) -> Result<Vec<(&'static catalogue::Object, &'static catalogue::Trigger)>, Error> {
    if names.is_empty() {
        return Ok(catalogue::triggers().collect());
    }
    names.iter().map(|name| super::trigger::known(name)).collect()
}
