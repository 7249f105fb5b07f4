//! `get OBJECT ID`.

use super::session::Session;
use super::{Context, form, object};
use crate::catalogue::{Action, Effect, Object};
use crate::cli::{Format, Get};
use crate::client::{Failure, Kind};
use crate::error::Error;
use crate::exit;
use crate::gate::Gate;
use crate::script::thing::{Key, with_article};
use serde_json::Value;

/// Reads one record and shows it.
pub fn run(context: &Context, options: &Get) -> Result<u8, Error> {
    let object = object::named(&options.object)?;
    let action = reader(object)?;
    let parent = parent(object, action, options.parent.as_deref())?;
    let id = options.id.trim();
    if id.is_empty() || id == "." || id == ".." {
        return Err(Error::usage(
            format!("\"{}\" cannot be the id of {}", options.id, with_article(object.name)),
            "give Vitally's id, or your own where Vitally takes it",
        ));
    }
    let session = Session::open(context)?;
    let gate = session.gate();
    let path = action.path.replace("{parent}", &parent);
    let record = if action.exactly_one {
        searched(&gate, action, &path, id)?
    } else {
        answer(&gate, action, &path.replace("{id}", &Key::Id(id.into()).segment()), &[])?
    };
    form::write(&context.console, &record, Some(object), context.console.format_or(Format::Table));
    Ok(exit::DONE)
}

/// The action that reads one record; where there is none, the search that finds it by its id.
fn reader(object: &'static Object) -> Result<&'static Action, Error> {
    let get = format!("get_{}", object.name);
    let search = |action: &&Action| action.exactly_one && action.query.contains(&"id");
    let reads = |action: &&Action| action.effect == Effect::Read && action.name == get;
    object.actions.iter().find(reads).or_else(|| object.actions.iter().find(search)).ok_or_else(|| {
        let help = match object.lists.first() {
            Some(list) => format!("read them all: vitally-script export {}", list.name),
            None => "vitally-script docs shows what can be read".into(),
        };
        Error::usage(format!("Vitally has no way to read {} by its id", with_article(object.name)), help)
    })
}

fn parent(object: &Object, action: &Action, given: Option<&str>) -> Result<String, Error> {
    match (action.parent, given) {
        (Some(_), Some(id)) if !id.trim().is_empty() => Ok(Key::Id(id.trim().into()).segment()),
        (Some(parent), _) => Err(Error::usage(
            format!("{} belongs to {}, and none was named", with_article(object.name), with_article(parent)),
            format!("add --parent with the id of the {}", parent.replace('_', " ")),
        )),
        (None, Some(_)) => Err(Error::usage(
            format!("{} is read by its id alone, and --parent was given", with_article(object.name)),
            "leave out --parent",
        )),
        (None, None) => Ok(String::new()),
    }
}

/// Finds a record by Vitally's id, or by the caller's own if it is not one.
fn searched(gate: &Gate, action: &Action, path: &str, id: &str) -> Result<Value, Error> {
    let key = if uuid::Uuid::parse_str(id).is_ok() { "id" } else { "externalId" };
    let found = answer(gate, action, path, &[(key.to_string(), id.to_string())])?;
    let list = found.get("results").or_else(|| found.get("data")).unwrap_or(&found);
    let first = match list {
        Value::Array(items) => items.first().cloned(),
        Value::Object(_) => Some(list.clone()),
        _ => None,
    };
    first.ok_or_else(|| {
        Error::Api(Box::new(Failure {
            kind: Kind::NotFound,
            message: format!("there is no record with the {key} \"{id}\""),
            help: Some("check the id and the --parent".into()),
            status: None,
            method: action.method,
            path: path.into(),
            maybe_applied: false,
        }))
    })
}

fn answer(gate: &Gate, action: &Action, path: &str, query: &[(String, String)]) -> Result<Value, Error> {
    let answer = gate.fetch(path, query).map_err(|failure| Error::Api(Box::new(failure)))?;
    serde_json::from_slice(answer.body()).map_err(|cause| {
        Error::Api(Box::new(Failure {
            kind: Kind::Server,
            message: format!("Vitally's answer cannot be read: {cause}"),
            help: Some("try again; if it stays, run with -vv and show the log to Vitally's support".into()),
            status: Some(answer.status),
            method: action.method,
            path: path.into(),
            maybe_applied: false,
        }))
    })
}
