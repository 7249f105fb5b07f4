//! `bulk update|create|delete OBJECT FILE`: changes from a spreadsheet, without a script.

mod cell;
mod columns;
mod find;
mod owners;
mod rows;
mod send;
mod sheet;
mod told;
mod traits;
mod typed;

use super::bounds::Bounds;
use super::opener::{About, GoingOn, Planning};
use super::progress::grouped;
use super::run::{Ended as How, plan_file};
use super::script_output::ScriptOutput;
use super::session::Session;
use super::{Context, ending, object, run, signals};
use crate::catalogue::{Action, Object};
use crate::cli::{Bulk, BulkVerb, DayOrder, Safety};
use crate::error::{Error, Message};
use crate::gate::Gate;
use crate::hash;
use crate::store::Run;
use cell::Reading;
use columns::Columns;
use find::Finder;
use send::{Ended, Sender};
use serde_json::Value;
use sheet::Sheet;
use std::rc::Rc;
use traits::Traits;

/// Changes the records that the rows of a file are about.
pub fn run(context: &Context, options: &Bulk) -> Result<u8, Error> {
    let sheet = sheet::read(options, &context.sources(false)?.root())?;
    execute(context, options, &sheet, None)
}

/// Goes on with a run; the file must be what it was.
pub fn go_on(context: &Context, run: &Run, safety: Safety, on: GoingOn) -> Result<u8, Error> {
    let options = typed::again(run, safety)?;
    let sheet = sheet::read(&options, &context.sources(false)?.root())?;
    if fingerprint(&sheet, &options) != run.about.script_hash {
        return Err(Error::Refused(Message::new(
            format!("{} was changed since run {} stopped", sheet.name, run.id),
            "run bulk anew: updates that hold already are not sent again",
        )));
    }
    execute(context, &options, &sheet, Some(on))
}

fn execute(context: &Context, options: &Bulk, sheet: &Sheet, on: Option<GoingOn>) -> Result<u8, Error> {
    let object = object::named(&options.object)?;
    let action = action(object, options)?;
    let safety = &options.safety;
    if !safety.arguments.is_empty() || !safety.folders.is_empty() {
        return Err(Error::usage("bulk runs no script", "leave out --arg and --allow-fs"));
    }
    let bounds = Bounds::of(safety, context.console.can_ask());
    let about = About {
        kind: "bulk",
        script: script(sheet),
        hash: fingerprint(sheet, options),
        arguments: typed::arguments(options),
        ..About::default()
    };
    let mut session = Session::open_with_key(context, bounds, about)?;
    if let Some(on) = on {
        session.go_on_with(on)?;
    }
    let plan = safety.plan_out.as_deref().map(|path| plan_file(path, &session)).transpose()?;
    if let Some(plan) = &plan {
        session.planned = Planning::Into(plan.sink.clone());
    }
    session.introduce();
    signals::deadline(&context.stop, safety.timeout);
    let gate = Rc::new(session.gate());
    let traits = Traits::of(&gate, object, options.parent.as_deref());
    let columns = columns::matched(sheet, object, action, &traits, options)?;
    told::columns(context, sheet, &columns, action);
    let (ended, result) = send(context, &session, &gate, sheet, &columns, (object, action), options)?;
    context.console.end_progress();
    let error = result.err().or_else(|| context.stop.reason().map(Error::Stopped));
    told::rows(context, &session, &gate, &ended, error.as_ref());
    let counts = session.tally.counts();
    let how = How::of(context, error.as_ref(), &counts);
    if let Err(error) = session.shelf.finish(how.word(), session.now()) {
        context.console.warn(&error.words().0);
    }
    if let (Some(plan), How::Done, Some(path)) = (plan, how, &safety.plan_out) {
        plan.keep()?;
        ending::tell_plan(&context.console, path);
    }
    run::exit_code(&context.console, error, counts, safety.detailed_exitcode)
}

/// What the journal and plans call it.
fn script(sheet: &Sheet) -> String {
    format!("bulk {}", sheet.name)
}

fn send(
    context: &Context,
    session: &Session,
    gate: &Rc<Gate>,
    sheet: &Sheet,
    columns: &Columns,
    (object, action): (&'static Object, &'static Action),
    options: &Bulk,
) -> Result<(Ended, Result<(), Error>), Error> {
    let zone = session.zone();
    let reading = Reading {
        effect: action.effect,
        zone: zone.get(),
        order: options.dates.map(DayOrder::word),
        decimal: options.decimal,
    };
    let finder = Finder { gate, object, field: &columns.key, parent: options.parent.as_deref() };
    let mut rows = rows::ready(sheet, columns, &reading, &|key| finder.folded(key));
    let doubled = rows::doubled(&rows);
    if doubled > 0 {
        let many = format!(
            "{} rows share their {} with another row and are left out",
            grouped(doubled as u64),
            columns.key
        );
        context.console.warn(&many);
    }
    owners::resolve(gate, &mut rows)?;
    let keys: Vec<String> = rows
        .iter()
        .filter(|row| row.fields.is_ok() && !row.key.is_empty())
        .map(|row| row.key.clone())
        .collect();
    let found = finder.prepare(&keys)?;
    let output = ScriptOutput { console: std::sync::Arc::clone(&context.console), stdout_is_taken: true };
    let script = script(sheet);
    let sender = Sender {
        gate,
        object,
        action,
        finder: &finder,
        script: &script,
        stop: &context.stop,
        output: &output,
    };
    Ok(sender.send(&rows, &found))
}

/// The action that does it.
fn action(object: &'static Object, options: &Bulk) -> Result<&'static Action, Error> {
    let word = options.verb.word();
    let name = format!("{word}_{}", object.name);
    let found = object.actions.iter().find(|action| action.name == name);
    let action = found.ok_or_else(|| {
        let can: Vec<&str> = object.actions.iter().map(|action| action.name).collect();
        let noun = object.name.replace('_', " ");
        let help = if can.is_empty() {
            "it can only be read".into()
        } else {
            format!("it knows: {}", can.join(", "))
        };
        Error::usage(format!("Vitally cannot {word} {noun}s"), help)
    })?;
    match (action.parent, &options.parent) {
        (Some(parent), None) => {
            let parent = parent.replace('_', " ");
            Err(Error::usage(
                format!("{}s belong to a {parent}, and none was named", object.name.replace('_', " ")),
                "add --parent with its id",
            ))
        }
        (None, Some(_)) => Err(Error::usage(
            format!("{}s need no --parent", object.name.replace('_', " ")),
            "say what each belongs to in a column, such as accountId",
        )),
        _ if options.verb != BulkVerb::Create && options.key.is_none() => Err(Error::usage(
            format!("bulk {word} must know how rows find their record"),
            "add --match with the field, such as --match externalId",
        )),
        _ => Ok(action),
    }
}

/// A hash of the file and of how it is read.
fn fingerprint(sheet: &Sheet, options: &Bulk) -> String {
    let head = format!(
        "{:?} {} {:?} {:?} {:?}",
        options.verb, options.object, options.key, options.set, options.skip
    );
    let rows: Vec<String> = sheet.rows.iter().map(|row| Value::from(row.cells.clone()).to_string()).collect();
    let columns = sheet.columns.iter().map(String::as_str);
    hash::of_texts(std::iter::once(head.as_str()).chain(columns).chain(rows.iter().map(String::as_str)))
}
