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
use crate::client::{Answer as Reply, Kind};
use crate::gate::{Change, Refusal};
use rhai::{Array, Dynamic, Engine, Map};
use std::any::TypeId;
use std::rc::Rc;

/// Registers every action, as `name(…)` on the run's profile and as `profile("…").name(…)` on another.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for (object, action) in catalogue::actions() {
        let most = inputs(action);
        let least = most - usize::from(action.takes_map() && action.map_is_optional());
        for count in least..=most + 1 {
            let host = Rc::clone(host);
            let types = vec![TypeId::of::<Dynamic>(); count];
            engine.register_raw_fn(action.name, types, move |_, values| {
                let mut values = owned(values);
                let tenant = tenant_of(&mut values, &host);
                if !(least..=most).contains(&values.len()) {
                    return Err(mistake(
                        format!("{} takes {most} values, and got {}", action.name, values.len()),
                        format!("write {}", action.signature(object.name)),
                    ));
                }
                call(&tenant, object, action, values)
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

fn call(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    values: Vec<Dynamic>,
) -> Result<Dynamic, Raised> {
    let mut values = values.into_iter();
    let parent = match action.parent {
        Some(parent) => {
            let value = values.next().unwrap_or_default();
            Some(parent_key(tenant, parent, &value, action.name)?)
        }
        None => None,
    };
    let path = action.path.replace("{parent}", &parent.unwrap_or_default());
    if action.exactly_one {
        return searches::call(tenant, object, action, &path, &values.next().unwrap_or_default());
    }
    let thing = if action.thing == Thing::None { None } else { values.next() };
    let fields = match values.next() {
        Some(map) => {
            let map = map.read_lock::<Map>().ok_or_else(|| {
                mistake(
                    format!("{} needs its fields as a map, and got {}", action.name, described(&map)),
                    format!("write {}", action.signature(object.name)),
                )
            })?;
            fields::sorted(object, action, &map)?
        }
        None => Sorted::default(),
    };
    if action.effect == Effect::Read
        && let Some(list) = thing.as_ref().and_then(Dynamic::read_lock::<Array>)
    {
        return get_many(tenant, object, action, &list);
    }
    let path = match thing {
        Some(thing) => {
            let key = Key::of(&thing, object.name, action.name)?.fit(action, object)?;
            let key = searches::vitally_key(tenant, object, action, &path, key)?;
            path.replace("{id}", &key.segment())
        }
        None => path,
    };
    if action.effect == Effect::Read {
        let reply = tenant.gate.get(&path, &fields.query).map_err(|failure| raise::failure(&failure))?;
        return answer(object, action, reply);
    }
    let body = (!matches!(action.effect, Effect::Delete)).then_some(fields.body.into());
    let change = Change { path, query: fields.query, body };
    let reply = tenant.gate.submit(object, action, change).map_err(|refusal| refused(tenant, refusal))?;
    answer(object, action, reply)
}

/// The key of the record something belongs to; where Vitally wants its own id, `ext(…)` is looked up.
pub fn parent_key(tenant: &Tenant, parent: &str, value: &Dynamic, function: &str) -> Result<String, Raised> {
    let key = Key::of(value, parent, function)?;
    match (parent, &key) {
        ("conversation", Key::External(_)) => {
            let path = format!("/conversations/{}", key.segment());
            let reply = tenant.gate.get(&path, &[]).map_err(|failure| raise::failure(&failure))?;
            let record = record_of(catalogue::object(parent), reply)?;
            Ok(Key::Id(record.id().unwrap_or_default().to_string()).segment())
        }
        ("custom_object", Key::External(text)) => Err(mistake(
            format!("custom objects have no external ids, so ext(\"{text}\") names none"),
            "find it by name: `custom_objects().find(|o| o.name == \"…\")`",
        )),
        _ => Ok(key.segment()),
    }
}

fn get_many(
    tenant: &Tenant,
    object: &'static Object,
    action: &'static Action,
    list: &Array,
) -> Result<Dynamic, Raised> {
    let paths: Vec<String> = list
        .iter()
        .map(|thing| {
            let key = Key::of(thing, object.name, action.name)?.fit(action, object)?;
            Ok(action.path.replace("{id}", &key.segment()))
        })
        .collect::<Result<_, Raised>>()?;
    let replies = tenant.gate.get_many(paths);
    let mut found = Array::with_capacity(replies.len());
    for reply in replies {
        found.push(answer(object, action, reply.map_err(|failure| raise::failure(&failure))?)?);
    }
    Ok(found.into())
}

fn answer(object: &'static Object, action: &'static Action, reply: Reply) -> Result<Dynamic, Raised> {
    match action.answer {
        Answer::True => Ok(true.into()),
        Answer::Record => record_of(Some(object), reply).map(Dynamic::from),
        Answer::Records => searches::records(object, reply),
        Answer::Json => {
            if reply.body.is_empty() {
                return Ok(Dynamic::UNIT);
            }
            let json = serde_json::from_slice(&reply.body).map_err(|cause| unreadable(&cause))?;
            Ok(value::from_json(json))
        }
    }
}

fn record_of(object: Option<&'static Object>, reply: Reply) -> Result<Record, Raised> {
    Record::from_body(reply.body, object).map_err(|cause| unreadable(&cause))
}

/// An answer that is not what Vitally sends.
pub fn unreadable(cause: &serde_json::Error) -> Raised {
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
    }
}
