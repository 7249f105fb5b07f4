//! `fake`, `created`, `sent` and the like: what a test puts into its tenant, and what the script has made of it.

use super::bench::Bench;
use crate::catalogue::{self, Detect, Effect, Object, Trigger};
use crate::error::Message;
use crate::gate::Fields;
use crate::script::raise::{Raised, mistake};
use crate::script::record::Record;
use crate::script::value;
use crate::script::words::{described, did_you_mean};
use rhai::{Array, Dynamic, Engine, Map};
use serde_json::Value;
use std::rc::Rc;

/// The verbs that `fail_next` takes.
const VERBS: &[&str] = &["GET", "POST", "PUT", "DELETE"];
/// The most accounts of a test's tenant.
const MOST: i64 = 5000;

/// Registers the functions.
pub fn register(engine: &mut Engine, bench: &Rc<Bench>) {
    register_fake(engine, bench);
    for (name, effect) in
        [("created", Effect::Create), ("updated", Effect::Update), ("deleted", Effect::Delete)]
    {
        let own = Rc::clone(bench);
        engine.register_fn(name, move || changes(&own, effect, None));
        let own = Rc::clone(bench);
        engine.register_fn(name, move |object: &str| changes(&own, effect, Some(object)));
    }
    let own = Rc::clone(bench);
    engine.register_fn("sent", move || sent(&own, ""));
    let own = Rc::clone(bench);
    engine.register_fn("sent", move |host: &str| sent(&own, host));
    let own = Rc::clone(bench);
    engine.register_fn("tenant", move |options: Map| fill(&own, &options));
    let own = Rc::clone(bench);
    engine.register_fn("fail_next", move |verb: &str, status: i64| fail(&own, verb, status, 1));
    let own = Rc::clone(bench);
    engine
        .register_fn("fail_next", move |verb: &str, status: i64, times: i64| fail(&own, verb, status, times));
    let own = Rc::clone(bench);
    engine.register_fn("fake_env", move |name: &str, value: &str| own.stage.set_variable(name, value));
    let own = Rc::clone(bench);
    engine.register_fn("answer", move |value: Dynamic| -> Result<(), Raised> {
        let text = match value.as_bool() {
            Ok(yes) => if yes { "yes" } else { "no" }.to_string(),
            Err(_) => value::to_json(&value)
                .map(|plain| plain.as_str().map_or_else(|| plain.to_string(), String::from))?,
        };
        own.stage.answer_next(&text);
        Ok(())
    });
    let own = Rc::clone(bench);
    engine.register_fn("fake_http", move |url: &str, answer: Dynamic| answers(&own, url, 200, &answer));
    let own = Rc::clone(bench);
    engine.register_fn("fake_http", move |url: &str, status: i64, answer: Dynamic| {
        answers(&own, url, status, &answer)
    });
}

fn register_fake(engine: &mut Engine, bench: &Rc<Bench>) {
    let own = Rc::clone(bench);
    engine.register_fn("fake", move |what: &str| fake(&own, what, Fields::new()));
    let own = Rc::clone(bench);
    engine.register_fn("fake", move |what: &str, fields: Map| fake(&own, what, plain(&fields)?));
    let own = Rc::clone(bench);
    engine.register_fn("fake", move |what: &str, record: Record| happen(&own, what, &record, Fields::new()));
    let own = Rc::clone(bench);
    engine.register_fn("fake", move |what: &str, record: Record, fields: Map| {
        happen(&own, what, &record, plain(&fields)?)
    });
}

fn told(message: Message) -> Raised {
    mistake(message.text, message.help.unwrap_or_else(|| "look at this line".into()))
}

fn plain(fields: &Map) -> Result<Fields, Raised> {
    match value::to_json(&fields.clone().into())? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Fields::new()),
    }
}

fn trigger(name: &str) -> Option<(&'static Object, &'static Trigger)> {
    catalogue::triggers().find(|(_, trigger)| trigger.name == name)
}

/// A record, or something that happens to a new one.
fn fake(bench: &Bench, what: &str, fields: Fields) -> Result<Record, Raised> {
    if let Some(object) = catalogue::object(what) {
        return record(object, &bench.stage.make(object, fields).map_err(told)?);
    }
    let (object, trigger) = trigger(what).ok_or_else(|| unknown(what))?;
    bench.listen_first()?;
    if trigger.detect == Detect::Created {
        let made = bench.stage.make(object, fields).map_err(told)?;
        bench.hear()?;
        return record(object, &made);
    }
    let first = match trigger.detect {
        Detect::Emptied(field) => Fields::from_iter([(field.into(), bench.stage.now().to_string().into())]),
        _ => Fields::new(),
    };
    let made = bench.stage.make(object, first).map_err(told)?;
    bench.hear()?;
    let id = made["id"].as_str().unwrap_or_default();
    let made = bench.stage.happen(object, trigger, id, fields).map_err(told)?;
    bench.hear()?;
    record(object, &made)
}

/// Something that happens to a record.
fn happen(bench: &Bench, what: &str, thing: &Record, fields: Fields) -> Result<Record, Raised> {
    let id = thing.id().unwrap_or_default().to_string();
    let same = |object: &Object| thing.object().is_none_or(|own| own.name == object.name);
    if let Some(object) = catalogue::object(what).filter(|object| same(object)) {
        return record(object, &bench.stage.change(object, &id, fields).map_err(told)?);
    }
    let (object, trigger) = trigger(what).ok_or_else(|| unknown(what))?;
    if !same(object) || trigger.detect == Detect::Created {
        return Err(mistake(
            format!("{what} cannot happen to {}", described(&Dynamic::from(thing.clone()))),
            format!("such as fake(\"{what}\", #{{ … }})"),
        ));
    }
    bench.listen_first()?;
    let made = bench.stage.happen(object, trigger, &id, fields).map_err(told)?;
    bench.hear()?;
    record(object, &made)
}

fn unknown(what: &str) -> Raised {
    let names = catalogue::OBJECTS.iter().map(|object| object.name);
    let names = names.chain(catalogue::triggers().map(|(_, trigger)| trigger.name));
    mistake(
        format!("there is no object and no trigger called \"{what}\"{}", did_you_mean(what, names)),
        "such as fake(\"account\", #{ name: \"Acme\" }) or fake(\"task_completed\", #{ name: \"Call\" })",
    )
}

fn record(object: &'static Object, made: &Value) -> Result<Record, Raised> {
    Record::from_body(made.to_string().into_bytes(), Some(object)).map_err(|cause| {
        mistake(format!("the record cannot be read: {cause}"), "leave out what is unusual in it")
    })
}

/// What scripts under test have done to records.
fn changes(bench: &Bench, effect: Effect, object: Option<&str>) -> Result<Array, Raised> {
    if let Some(name) = object
        && catalogue::object(name).is_none()
    {
        let names = catalogue::OBJECTS.iter().map(|object| object.name);
        return Err(mistake(
            format!("there is no object called \"{name}\"{}", did_you_mean(name, names)),
            "such as created(\"task\")",
        ));
    }
    let all = bench.stage.changes(effect).map_err(told)?;
    let wanted = all.iter().filter(|(own, _)| object.is_none_or(|name| own.name == name));
    wanted.map(|(object, value)| Ok(Dynamic::from(record(object, value)?))).collect()
}

fn sent(bench: &Bench, to: &str) -> Array {
    let to = if to == "slack" { "hooks.slack.com" } else { to };
    let all = bench.stage.sent().into_iter();
    all.filter(|sent| sent["host"].as_str().unwrap_or_default().contains(to)).map(value::from_json).collect()
}

fn fill(bench: &Bench, options: &Map) -> Result<(), Raised> {
    const KEYS: &[&str] = &["accounts", "seed"];
    if let Some(other) = options.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(mistake(
            format!("tenant knows no option \"{other}\"{}", did_you_mean(other, KEYS.iter().copied())),
            "it knows: accounts, seed",
        ));
    }
    let number = |key: &str, default: i64, most: i64| match options.get(key) {
        None => Ok(default),
        Some(value) => value.as_int().ok().filter(|number| (0..=most).contains(number)).ok_or_else(|| {
            mistake(
                format!("tenant needs a number from 0 to {most} for \"{key}\", and got {}", described(value)),
                "such as tenant(#{ accounts: 40 })",
            )
        }),
    };
    let accounts = number("accounts", 40, MOST)?;
    let seed = number("seed", 1, i64::MAX)?;
    if !bench.standing.borrow().is_empty() {
        return Err(mistake(
            "the tenant cannot be another once a script has run in it",
            "call tenant before run_script, and before anything is faked",
        ));
    }
    let (accounts, seed) = (usize::try_from(accounts).unwrap_or(0), u64::try_from(seed).unwrap_or(1));
    bench.stage.fill(accounts, seed).map_err(told)
}

fn fail(bench: &Bench, verb: &str, status: i64, times: i64) -> Result<(), Raised> {
    let wrong = |what: String| {
        mistake(what, "such as fail_next(\"PUT\", 503) or fail_next(\"GET /accounts\", 500, 4)")
    };
    let (method, path) =
        verb.split_once(' ').map_or((verb, None), |(method, path)| (method, Some(path.trim())));
    let method = method.to_ascii_uppercase();
    if !VERBS.contains(&method.as_str()) {
        return Err(wrong(format!("fail_next knows GET, POST, PUT and DELETE, and got \"{verb}\"")));
    }
    let status = u16::try_from(status).ok().filter(|status| (400..=599).contains(status));
    let status = status.ok_or_else(|| wrong("requests fail with a status from 400 to 599".into()))?;
    let times = u32::try_from(times).ok().filter(|times| *times > 0);
    let times = times.ok_or_else(|| wrong("requests fail once or more".into()))?;
    bench.stage.fail(&method, path, status, times);
    Ok(())
}

fn answers(bench: &Bench, url: &str, status: i64, answer: &Dynamic) -> Result<(), Raised> {
    let status = u16::try_from(status).ok().filter(|status| (200..=599).contains(status));
    let status =
        status.ok_or_else(|| mistake("services answer with a status from 200 to 599", "such as 404"))?;
    let body = match value::to_json(answer)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    bench.stage.answer(url, status, &body);
    Ok(())
}
