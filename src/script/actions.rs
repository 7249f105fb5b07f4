//! Turns every action of the catalogue into script functions.

use super::fields::{self, Sorted};
use super::host::Host;
use super::raise::{self, Raised, mistake};
use super::record::Record;
use super::tenant::Tenant;
use super::thing::{External, Key};
use super::words::described;
use super::{searches, value};
use crate::catalogue::{self, Action, Answer, Effect, Object, Thing};
use crate::client::Kind;
use crate::gate::{Afterwards, Ask, Change, Refusal, Shape, Whole};
use crate::tape::Page;
use rhai::{Array, Dynamic, Engine, Map};
use serde_json::Value;
use std::any::TypeId;
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;

/// Registers every action, as `name(…)` on the run's profile and as `profile("…").name(…)` on another.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for (object, action) in catalogue::actions() {
        let most = inputs(action);
        let least = most - usize::from(action.takes_map() && action.map_is_optional());
        for count in least..=most + 1 {
            let host = Rc::clone(host);
            let types = vec![TypeId::of::<Dynamic>(); count];
            engine.register_raw_fn(action.name, types, move |context, values| {
                let mut values = owned(values);
                let tenant = tenant_of(&mut values, &host);
                if !(least..=most).contains(&values.len()) {
                    return Err(mistake(
                        format!("{} takes {most} values, and got {}", action.name, values.len()),
                        format!("write {}", action.signature(object.name)),
                    ));
                }
                let line = context.call_position().line().unwrap_or(0);
                let script = context.global_runtime_state().source().unwrap_or_default().to_string();
                let place = Spot { script, line };
                call(&tenant, object, action, values, place)
            });
        }
    }
    engine.register_type_with_name::<External>("External");
    engine.register_fn("ext", |id: &str| External(id.to_string()));
    engine.register_fn("ext", |other: Dynamic| -> Result<External, Raised> {
        Err(mistake(
            format!("ext(…) needs your own id as text, and got {}", described(&other)),
            "external ids are text: put the id in double quotes",
        ))
    });
    engine.register_fn("to_string", |external: &mut External| format!("ext(\"{}\")", external.0));
    engine.register_fn("==", |a: External, b: External| a == b);
}

/// The values of a call. The first one may be the script's own variable, so it is copied and never taken.
pub fn owned(values: &mut [&mut Dynamic]) -> Vec<Dynamic> {
    let Some((first, others)) = values.split_first_mut() else { return Vec::new() };
    let others = others.iter_mut().map(|value| std::mem::take(*value).flatten());
    std::iter::once(first.flatten_clone()).chain(others).collect()
}

/// The profile a call is about: its first value if that is a profile, else the run's.
pub fn tenant_of(values: &mut Vec<Dynamic>, host: &Host) -> Tenant {
    let first = values.first().and_then(|value| value.read_lock::<Tenant>().map(|tenant| tenant.clone()));
    if first.is_some() {
        drop(values.remove(0));
    }
    first.unwrap_or_else(|| host.tenant.clone())
}

fn inputs(action: &Action) -> usize {
    usize::from(action.parent.is_some())
        + usize::from(action.thing != Thing::None)
        + usize::from(action.takes_map())
}

/// Where a script called a function.
struct Spot {
    script: String,
    line: usize,
}

/// The error of an action that was given something else than its fields.
pub fn not_a_map(object: &Object, action: &Action, got: &Dynamic) -> Raised {
    mistake(
        format!("{} needs its fields as a map, and got {}", action.name, described(got)),
        format!("write {}", action.signature(object.name)),
    )
}

fn call(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    values: Vec<Dynamic>,
    spot: Spot,
) -> Result<Dynamic, Raised> {
    let mut values = values.into_iter();
    let parent = match action.parent {
        Some(parent) => {
            let value = values.next().unwrap_or_default();
            Some(parent_key(tenant, parent, &value, action.name)?)
        }
        None => None,
    };
    let parented = |path: &str| match &parent {
        Some(parent) => path.replace("{parent}", &parent.segment()),
        None => path.to_string(),
    };
    if action.exactly_one {
        let criteria = values.next().unwrap_or_default();
        return searches::call(tenant, object, action, &parented(action.path), &criteria);
    }
    let thing = if action.thing == Thing::None { None } else { values.next() };
    let fields = match values.next() {
        Some(map) => {
            let map = map.read_lock::<Map>().ok_or_else(|| not_a_map(object, action, &map))?;
            fields::sorted(object, action, &map)?
        }
        None => Sorted::default(),
    };
    if let Some(list) = thing.as_ref().and_then(Dynamic::read_lock::<Array>)
        && action.effect == Effect::Read
    {
        return get_many(tenant, object, action, &list);
    }
    let key = match &thing {
        Some(thing) => {
            let key = Key::of(thing, object.name, action.name)?.fit(action, object)?;
            Some(searches::vitally_key(tenant, object, action, &parented(action.path), key)?)
        }
        None => None,
    };
    if action.effect == Effect::Read {
        let key = key.unwrap_or(Key::Id(String::new()));
        let path = parented(action.path).replace("{id}", &key.segment());
        let shape =
            if action.answer == Answer::Json { Shape::Json } else { Shape::One(key.text().to_string()) };
        let ask = Ask { object, path, query: fields.query, shape };
        let reply = tenant.gate().get(&ask).map_err(|failure| raise::failure(&failure))?;
        return answer(object, action, reply.page);
    }
    let whole = thing.as_ref().and_then(|thing| thing.read_lock::<Record>().map(|record| record.whole()));
    let change = change_of(object, action, parent, key, whole.as_ref(), fields, spot);
    let afterwards =
        tenant.gate().submit(object, action, change, whole).map_err(|refusal| refused(tenant, refusal))?;
    match afterwards {
        Afterwards::Coming(coming) if action.answer == Answer::Record => {
            let page = move || Page::parse(coming.body()).unwrap_or_default();
            Ok(Dynamic::from(Record::coming(page, Some(object))))
        }
        Afterwards::Coming(coming) => answer(object, action, page_of(coming.body())?),
        Afterwards::Told(body) => answer(object, action, page_of(body)?),
    }
}

fn page_of(body: Vec<u8>) -> Result<Option<Arc<Page>>, Raised> {
    if body.is_empty() { Ok(None) } else { Page::parse(body).map(Some).map_err(|cause| unreadable(&cause)) }
}

/// The change that a call asks for; the gate numbers it and fills in what was there before.
fn change_of(
    object: &Object,
    action: &Action,
    parent: Option<Key>,
    key: Option<Key>,
    whole: Option<&Whole>,
    fields: Sorted,
    spot: Spot,
) -> Change {
    let text_of = |name: &str| {
        let sent = fields.body.get(name).and_then(Value::as_str);
        let read = whole.and_then(|whole| whole.text(name));
        if action.effect == Effect::Create { sent } else { read.or(sent) }.map(ToString::to_string)
    };
    let (id, external_id) = match key {
        Some(Key::Id(id)) => (Some(id), text_of("externalId")),
        Some(Key::External(external)) => (None, Some(external)),
        None => (None, text_of("externalId")),
    };
    let name = ["name", "subject", "email", "title"].into_iter().find_map(text_of);
    Change {
        seq: 0,
        row: None,
        action: action.name.into(),
        object: object.name.into(),
        id,
        external_id,
        provisional: None,
        name,
        parent: parent.map(|parent| parent.text().to_string()),
        query: fields.query,
        before: None,
        after: (action.effect != Effect::Delete).then_some(fields.body),
        script: spot.script,
        line: spot.line,
    }
}

/// The key of the record something belongs to; where Vitally wants its own id, `ext(…)` is looked up.
pub fn parent_key(tenant: &Tenant, parent: &str, value: &Dynamic, function: &str) -> Result<Key, Raised> {
    let key = Key::of(value, parent, function)?;
    let Key::External(text) = &key else { return Ok(key) };
    match (parent, catalogue::object(parent)) {
        ("conversation", Some(object)) => {
            let segment = key.segment();
            let path = format!("/conversations/{segment}");
            let ask = Ask { object, path, query: Vec::new(), shape: Shape::One(text.clone()) };
            let reply = tenant.gate().get(&ask).map_err(|failure| raise::failure(&failure))?;
            let record = record_of(object, reply.page)?;
            Ok(Key::Id(record.id().unwrap_or_default().to_string()))
        }
        ("custom_object", _) => Err(mistake(
            format!("custom objects have no external ids, so ext(\"{text}\") names none"),
            "find it by name: `custom_objects().find(|o| o.name == \"…\")`",
        )),
        _ => Ok(key),
    }
}

fn get_many(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    list: &Array,
) -> Result<Dynamic, Raised> {
    let asks: Vec<Ask> = list
        .iter()
        .map(|thing| {
            let key = Key::of(thing, object.name, action.name)?.fit(action, object)?;
            let path = action.path.replace("{id}", &key.segment());
            Ok(Ask { object, path, query: Vec::new(), shape: Shape::One(key.text().to_string()) })
        })
        .collect::<Result<_, Raised>>()?;
    let replies = tenant.gate().get_many(&asks);
    let mut found = Array::with_capacity(replies.len());
    for reply in replies {
        found.push(answer(object, action, reply.map_err(|failure| raise::failure(&failure))?.page)?);
    }
    Ok(found.into())
}

fn answer(
    object: &'static Object,
    action: &'static Action,
    page: Option<Arc<Page>>,
) -> Result<Dynamic, Raised> {
    match action.answer {
        Answer::True => Ok(true.into()),
        Answer::Record => record_of(object, page).map(Dynamic::from),
        Answer::Records => Ok(searches::records(object, page).into()),
        Answer::Json => Ok(page.map_or(Dynamic::UNIT, |page| value::from_json(page.root().to_value()))),
    }
}

fn record_of(object: &'static Object, page: Option<Arc<Page>>) -> Result<Record, Raised> {
    let page = page.ok_or_else(|| unreadable(&"it is empty"))?;
    Ok(Record::new(page, 0, Some(object)))
}

/// An answer that is not what Vitally sends.
fn unreadable(cause: &dyn Display) -> Raised {
    raise::raise(
        Kind::Server.word(),
        format!("Vitally's answer cannot be read: {cause}"),
        Some("try again; if it stays, run with -vv and show the log to Vitally's support".into()),
    )
}

fn refused(tenant: &Tenant, refusal: Refusal) -> Raised {
    match refusal {
        Refusal::Failed(failure) => raise::failure(&failure),
        Refusal::ReadOnly { action, .. } => raise::raise(
            "refused",
            format!("{action} was not sent: the profile \"{}\" is read-only in this run", tenant.name),
            Some(
                "leave out --read-only, or take `read_only = true` out of the profile, to allow changes"
                    .into(),
            ),
        ),
        Refusal::Guarded { message, help } => raise::raise("refused", message, Some(help)),
        Refusal::NotJournalled { kind, message, help } => raise::raise(kind, message, Some(help)),
    }
}
