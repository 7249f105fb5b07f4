//! `events`: what happened, how hooks handled it, and what a person decides about it.

use super::{Context, form, runs};
use crate::cli::{Events, EventsChoice, EventsCommand, EventsList, Format};
use crate::error::{Error, Message};
use crate::hooks::requests::{Doing, Request};
use crate::store::hooks::{Choice, Delivery, DeliveryState, HookStore};
use crate::store::{SqliteStore, StoreError};
use crate::{exit, show};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Lists events, shows one, or decides about some.
pub fn run(context: &Context, options: &Events) -> Result<u8, Error> {
    let home = context.settings(false)?.home.value;
    match &options.command {
        EventsCommand::List(list) => self::list(context, &SqliteStore::read(&home)?, list)?,
        EventsCommand::Show { key } => show_one(context, &SqliteStore::read(&home)?, key)?,
        EventsCommand::Replay(choice) => decide(context, &home, Doing::Replay, choice)?,
        EventsCommand::Release(choice) => decide(context, &home, Doing::Release, choice)?,
        EventsCommand::Discard(choice) => decide(context, &home, Doing::Discard, choice)?,
    }
    Ok(exit::DONE)
}

fn list(context: &Context, store: &SqliteStore, options: &EventsList) -> Result<(), Error> {
    let states = match &options.state {
        None => Vec::new(),
        Some(word) => vec![state_of(word)?],
    };
    let choice = Choice { key: None, states, hook: options.hook.clone(), most: Some(options.last) };
    let found = store.deliveries(&choice)?;
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let all: Value = found.iter().map(as_json).collect();
        form::write(&context.console, &all, None, format);
        return Ok(());
    }
    if found.is_empty() {
        context
            .console
            .say("there are no such events; hooks collect them while `vitally-script run` listens");
        return Ok(());
    }
    let columns = ["key", "record", "at", "hook", "state", "attempts", "error"].map(String::from);
    let row = |delivery: &Delivery| -> Vec<Value> {
        let event = &delivery.event;
        vec![
            event.key.clone().into(),
            event.title.clone().into(),
            event.at.strftime("%Y-%m-%d %H:%M").to_string().into(),
            delivery.hook.name.clone().into(),
            delivery.state.word().into(),
            delivery.attempts.into(),
            delivery.error.clone().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = found.iter().map(row).collect();
    context.console.line(&show::table(&columns, &rows, context.console.width()));
    for line in causes(&found) {
        context.console.say(&line);
    }
    Ok(())
}

/// The dead events by what they died of.
fn causes(found: &[Delivery]) -> Vec<String> {
    let mut causes: BTreeMap<(String, String), u64> = BTreeMap::new();
    for delivery in found.iter().filter(|delivery| delivery.state == DeliveryState::Dead) {
        let cause = delivery.error.clone().unwrap_or_default();
        *causes.entry((delivery.hook.name.clone(), cause)).or_default() += 1;
    }
    let line =
        |((hook, cause), count): ((String, String), u64)| format!("{count} dead in \"{hook}\": {cause}");
    causes.into_iter().map(line).collect()
}

fn as_json(delivery: &Delivery) -> Value {
    let event = &delivery.event;
    json!({
        "key": event.key,
        "trigger": event.trigger,
        "record": event.record,
        "at": event.at.to_string(),
        "hook": delivery.hook.name,
        "state": delivery.state.word(),
        "attempts": delivery.attempts,
        "error": delivery.error,
    })
}

fn show_one(context: &Context, store: &SqliteStore, key: &str) -> Result<(), Error> {
    let found = store.deliveries(&Choice { key: Some(key.to_string()), ..Choice::default() })?;
    let Some(first) = found.first() else { return Err(unknown(key)) };
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let with_record = |delivery: &Delivery| {
            let mut whole = as_json(delivery);
            whole["script"] = delivery.hook.script.clone().into();
            whole["run"] = delivery.runs.first().cloned().into();
            whole["runs"] = delivery.runs.clone().into();
            whole["changed"] = delivery.event.changed.clone().into();
            whole["before"] = delivery.event.before.clone().into();
            whole["payload"] = delivery.event.payload.clone();
            whole
        };
        let all: Value = found.iter().map(with_record).collect();
        form::write(&context.console, &all, None, format);
        return Ok(());
    }
    let event = &first.event;
    let mut fields = vec![
        ("trigger".to_string(), event.trigger.clone().into()),
        ("record".to_string(), format!("{} {}", event.title, event.record).into()),
        ("at".to_string(), event.at.to_string().into()),
        ("noticed".to_string(), event.noticed.to_string().into()),
        ("changed".to_string(), event.changed.join(", ").into()),
    ];
    fields.extend(event.before.iter().map(|(name, value)| (format!("{name} before"), value.clone())));
    context.console.line(&show::card(&event.key, &fields, context.console.width()));
    for delivery in &found {
        let error = delivery.error.as_ref().map_or(String::new(), |error| format!(": {error}"));
        context.console.line(&format!(
            "{} in {}: {}, tried {} times{error}",
            delivery.hook.name,
            delivery.hook.script,
            delivery.state.word(),
            delivery.attempts
        ));
        for run in &delivery.runs {
            let kept = runs::all_changes(store, run)?;
            for kept in &kept {
                let change = &kept.change;
                let record = change.name.as_deref().or(change.key()).unwrap_or("a new record");
                context.console.line(&format!("  {} {record}: {}", change.action, kept.status.word()));
            }
            context.console.line(&format!("  run {run}: vitally-script undo {run} takes it back"));
        }
    }
    Ok(())
}

fn unknown(key: &str) -> Error {
    Error::usage(format!("there is no event \"{key}\""), "vitally-script events list shows their keys")
}

fn state_of(word: &str) -> Result<DeliveryState, Error> {
    DeliveryState::of(word).ok_or_else(|| {
        let known: Vec<&str> = DeliveryState::ALL.iter().map(|state| state.word()).collect();
        Error::usage(format!("there is no state \"{word}\""), format!("it can be: {}", known.join(", ")))
    })
}

/// Carries a decision out, or leaves it to the program that listens.
fn decide(context: &Context, home: &Path, doing: Doing, choice: &EventsChoice) -> Result<(), Error> {
    let states: &[DeliveryState] = match (doing, &choice.key) {
        (Doing::Release, _) => &[DeliveryState::Held],
        (_, Some(_)) => &[],
        (Doing::Replay, None) => &[DeliveryState::Dead],
        (Doing::Discard, None) if choice.hook.is_none() => {
            return Err(Error::Refused(Message::new(
                "discarding everything at once is not done",
                "name the event, or the hook whose held and dead events are meant: --hook NAME",
            )));
        }
        (Doing::Discard, None) => &[DeliveryState::Held, DeliveryState::Dead],
    };
    let request = Request {
        doing,
        key: choice.key.clone(),
        hook: choice.hook.clone(),
        states: states.iter().map(|state| state.word().to_string()).collect(),
    };
    let word = match doing {
        Doing::Release => "released",
        Doing::Replay => "to be handled once more",
        Doing::Discard => "discarded",
    };
    match SqliteStore::open(home) {
        Ok(store) => match (request.carry_out(&store)?, &choice.key) {
            (0, Some(key)) => return Err(unknown(key)),
            (0, None) => context.console.say("there are no such events"),
            (count, _) => context.console.say(&format!("{count} {word}")),
        },
        Err(StoreError::Busy { .. }) => {
            request.leave(home)?;
            context.console.say(&format!("{word} as soon as the script that listens looks, within a second"));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
