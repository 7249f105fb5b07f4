//! The back door: what people do in the app, and what tests need. Under `/backdoor`, JSON, with the same key.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::custom_object::definition;
use super::delete;
use super::faults::Fault;
use super::kind::Kind;
use super::moment;
use super::options::Switches;
use super::project;
use super::record::{Links, Record};
use super::request::{Fields, Request};
use super::route::kind_named;
use super::state::State;
use super::world::{CustomField, Lookup, World, blank};
use super::write::shown;

/// Kinds that only the app can make.
const MADE_IN_APP: &[(&str, Kind)] = &[
    ("admins", Kind::Admin),
    ("projectTemplates", Kind::ProjectTemplate),
    ("projectCategories", Kind::ProjectCategory),
    ("projectStatuses", Kind::ProjectStatus),
    ("taskCategories", Kind::TaskCategory),
    ("noteCategories", Kind::NoteCategory),
];

/// Answers a request under `/backdoor`.
pub(super) fn answer(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let path: Vec<&str> = request.path.iter().skip(1).map(String::as_str).collect();
    match (request.method.as_str(), &path[..]) {
        ("GET", ["requests"]) => Ok(requests(state)),
        ("DELETE", ["requests"]) => {
            state.seen.clear();
            state.counts.clear();
            Ok(Answer::done())
        }
        ("GET", ["clock"]) => Ok(clock(&state.world)),
        ("PUT", ["clock"]) => set_clock(&mut state.world, &request.fields()?),
        ("GET", ["switches"]) => Ok(Answer::value(&json!(state.world.switches))),
        ("PUT", ["switches"]) => set_switches(&mut state.world, &request.fields()?),
        ("GET", ["faults"]) => Ok(Answer::value(&json!(state.faults.pending()))),
        ("DELETE", ["faults"]) => {
            state.faults.clear();
            Ok(Answer::done())
        }
        ("POST", ["faults"]) => {
            let fault: Fault = read(request.fields()?)?;
            state.faults.add(fault);
            Ok(Answer::done())
        }
        ("POST", ["purge"]) => Ok(Answer::value(&json!({ "removed": delete::purge(&mut state.world) }))),
        ("POST", ["reset"]) => {
            *state = State::new(state.options.clone());
            Ok(Answer::done())
        }
        _ => in_app(&mut state.world, request, &path),
    }
}

/// What people do in the app.
fn in_app(world: &mut World, request: &Request, path: &[&str]) -> Result<Answer, Answer> {
    match (request.method.as_str(), path) {
        ("POST", ["users", id, "deactivate"]) => {
            let id = world.find(Kind::User, id, Lookup::Key, None)?.id;
            delete::deactivate(world, id);
            Ok(shown(world, Kind::User, id))
        }
        ("POST", ["projects", id, "complete"]) => {
            let id = world.find(Kind::Project, id, Lookup::Id, None)?.id;
            project::complete(world, id);
            Ok(shown(world, Kind::Project, id))
        }
        ("POST", [name, id, "restore"]) => {
            let kind = kind_named(name)?;
            let id = world.find(kind, id, Lookup::Source, None)?.id;
            delete::restore(world, kind, id).ok_or_else(Answer::missing)?;
            Ok(shown(world, kind, id))
        }
        ("PUT", ["accounts", id, "healthScores"]) => {
            let id = world.find(Kind::Account, id, Lookup::Key, None)?.id;
            set_health(world, id, request.fields()?);
            Ok(Answer::done())
        }
        ("POST", ["customFields"]) => add_field(world, &request.fields()?),
        ("POST", [name]) => {
            let (_, kind) =
                MADE_IN_APP.iter().find(|(known, _)| known == name).ok_or_else(Answer::missing)?;
            let id = make(world, *kind, request.fields()?);
            Ok(shown(world, *kind, id))
        }
        ("PUT", [name, id]) => {
            let kind = kind_named(name)?;
            let id = world.find(kind, id, Lookup::Source, None)?.id;
            let sent = request.fields()?;
            world.edit(kind, id, |fields, _| fields.extend(sent));
            Ok(shown(world, kind, id))
        }
        _ => Err(Answer::missing()),
    }
}

/// Makes a record of a kind that only the app can make; keys the kind does not have are left out.
pub(super) fn make(world: &mut World, kind: Kind, sent: Fields) -> Uuid {
    let mut fields = blank(kind);
    for (name, value) in sent {
        if fields.contains_key(&name) {
            fields.insert(name, value);
        }
    }
    let (id, now) = (world.new_id(), world.now());
    world.put(kind, Record::new(id, now, now, fields, Links::default()));
    id
}

/// Defines a trait.
pub(super) fn define(world: &mut World, model: &str, label: &str, kind: &str, options: &[&str]) {
    let mut value = definition(world, label, kind);
    if !options.is_empty() {
        let options: Vec<Value> =
            options.iter().map(|word| json!({ "label": word, "value": word })).collect();
        value["options"] = options.into();
    }
    world.fields.push(CustomField { model: model.into(), value });
}

fn add_field(world: &mut World, sent: &Fields) -> Result<Answer, Answer> {
    let text = |name: &str| sent.get(name).and_then(Value::as_str);
    let (Some(model), Some(label)) = (text("model"), text("label")) else {
        return Err(Answer::bad("model and label are required"));
    };
    let options: Vec<&str> = sent
        .get("options")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |options| options.iter().filter_map(Value::as_str).collect());
    define(world, model, label, text("type").unwrap_or("string"), &options);
    Ok(world.fields.last().map_or_else(Answer::done, |field| Answer::value(&field.value)))
}

fn set_health(world: &mut World, account: Uuid, sent: Fields) {
    if let Some(score) = sent.get("healthScore").cloned() {
        world.edit(Kind::Account, account, |fields, _| {
            fields.insert("healthScore".into(), score);
        });
    }
    if sent.contains_key("breakdown") {
        world.health.insert(account, Value::Object(sent));
    }
}

fn requests(state: &State) -> Answer {
    let recent: Vec<Value> = state.seen.iter().map(|seen| json!(seen)).collect();
    let writes: u64 = state.counts.iter().filter(|(verb, _)| *verb != "GET").map(|(_, count)| count).sum();
    Answer::value(&json!({ "counts": state.counts, "writes": writes, "requests": recent }))
}

fn clock(world: &World) -> Answer {
    Answer::value(&json!({ "now": moment::text(world.now()), "standsStill": world.clock.is_some() }))
}

/// `{ "now": "…" }` stops the clock there, `{ "advance": seconds }` moves it on, `{ "real": true }` lets it run.
fn set_clock(world: &mut World, sent: &Fields) -> Result<Answer, Answer> {
    if sent.get("real") == Some(&Value::Bool(true)) {
        world.clock = None;
        return Ok(clock(world));
    }
    let wanted = match (sent.get("now"), sent.get("advance")) {
        (Some(now), None) => now.as_str().and_then(moment::parse),
        (None, Some(seconds)) => seconds
            .as_i64()
            .and_then(|seconds| seconds.checked_mul(1000))
            .and_then(|ms| world.now().checked_add(ms))
            .filter(|ms| Timestamp::from_millisecond(*ms).is_ok()),
        _ => None,
    };
    world.clock =
        Some(wanted.ok_or_else(|| Answer::bad("now (a date), advance (seconds) or real is expected"))?);
    Ok(clock(world))
}

fn set_switches(world: &mut World, sent: &Fields) -> Result<Answer, Answer> {
    let Value::Object(mut all) = json!(world.switches) else { return Err(Answer::missing()) };
    all.extend(sent.clone());
    let switches: Switches = read(all)?;
    world.switches = switches;
    Ok(Answer::value(&json!(switches)))
}

fn read<T: serde::de::DeserializeOwned>(sent: Map<String, Value>) -> Result<T, Answer> {
    serde_json::from_value(Value::Object(sent)).map_err(|error| Answer::bad(&error.to_string()))
}
