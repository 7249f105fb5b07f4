//! `resume RUN`: goes on with a run that was stopped or broke off; nothing is sent twice.

use super::bounds::Bounds;
use super::opener::About;
use super::run::{GoingOn, Job, execute};
use super::sending::{allow, options, refused, tell};
use super::session::Session;
use super::{Context, bulk, plan, previewed, runs, source, undo};
use crate::cli::{Resume, Safety};
use crate::error::Error;
use crate::exit;
use crate::gate::earlier::Earlier;
use crate::gate::resume::{ResumeError, ResumeOptions, resume};
use crate::gate::send::{Check, Journal, Totals};
use crate::gate::{Change, Status, preview};
use crate::script;
use crate::store::{Run, SqliteStore, Store};
use std::path::Path;
use std::sync::Arc;

/// Goes on with a run.
pub fn run(context: &Context, wish: &Resume) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let store = SqliteStore::read(&settings.home.value)?;
    let run = runs::found(&store, &wish.run)?;
    let undone = taken_back(&store, &run)?;
    drop(store);
    if let Some(undo) = undone {
        return Err(refused(
            format!("run {} was taken back by run {undo}, so there is nothing to go on with", run.id),
            "run the script, or apply a new plan, from the beginning",
        ));
    }
    match run.about.kind.as_str() {
        "apply" | "undo" => rest(context, wish, &run),
        "run" | "bulk" => made_again(context, wish, &run),
        kind => Err(refused(
            format!("run {} was {kind}, which keeps nothing to go on with", run.id),
            format!(
                "look at what it did: vitally-script runs show {}. Run again, it sends no update that holds already, \
                 and doubles no create that has an externalId",
                run.id
            ),
        )),
    }
}

/// The run that took a run back, if one did.
fn taken_back(store: &dyn Store, run: &Run) -> Result<Option<String>, Error> {
    let is_it = |other: &Run| {
        other.about.kind == "undo" && other.about.of.as_deref() == Some(&run.id) && other.changes > 0
    };
    Ok(store.runs(usize::MAX)?.into_iter().find(is_it).map(|other| other.id))
}

/// Sends what a plan or an undo left.
fn rest(context: &Context, wish: &Resume, run: &Run) -> Result<u8, Error> {
    let session = open(context, wish, run)?;
    session.introduce();
    let left = left(&*session.shelf.store()?, &run.id, wish.only_failed)?;
    if wish.sending.dry_run {
        let seen = preview::preview(&session.door(), left, check(run));
        previewed::tell(context, &seen, "would be sent");
        return Ok(exit::DONE);
    }
    if !allow(context, &session, &wish.sending, &plan::counts(&left))? {
        return Err(refused(
            "nothing was sent: the deletes were not confirmed",
            "-n shows everything that is left",
        ));
    }
    let (totals, troubles) = send_rest(context, &session, run, wish.only_failed)?;
    let store = session.shelf.store()?;
    let open = ["pending", "sending"];
    let remaining = store.count(&run.id)?;
    let remaining = remaining.iter().filter(|(status, _)| open.contains(&status.word()));
    let remaining = remaining.map(|(_, count)| count).sum();
    drop(store);
    tell(context, &session, &run.id, &totals, remaining, &troubles)
}

/// Looks at what was unclear, then runs the script again, or goes through the file; what was made is not made again.
fn made_again(context: &Context, wish: &Resume, run: &Run) -> Result<u8, Error> {
    let session = open(context, wish, run)?;
    let script = match run.about.kind.as_str() {
        "bulk" => None,
        _ => Some(source::script(Path::new(&run.about.script), &session.settings.root)?),
    };
    if let Some(script) = &script
        && script::fingerprint(script) != run.about.script_hash
    {
        return Err(refused(
            format!("the script {} was changed since run {} stopped", run.about.script, run.id),
            format!("run it anew, or take run {0} back first: vitally-script undo {0}", run.id),
        ));
    }
    if !wish.sending.dry_run {
        let (totals, _) = send_rest(context, &session, run, false)?;
        if let Some(reason) = totals.journal {
            return Err(refused(
                format!("stopped, because the journal cannot be written: {reason}"),
                "make room for it, and resume again",
            ));
        }
    }
    let store = session.shelf.store()?;
    let (rows, changes) = (store.rows(&run.id)?, runs::all_changes(&*store, &run.id)?);
    drop(store);
    let profile = session.settings.profile.name.clone();
    // The script opens the store itself.
    drop(session);
    let given = run.about.arguments.as_object().into_iter().flatten();
    let given = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_string())));
    let safety = Safety {
        dry_run: wish.sending.dry_run,
        yes: wish.sending.yes,
        max_changes: wish.sending.max_changes,
        max_deletes: wish.sending.max_deletes,
        ..Safety::default()
    };
    let earlier = Arc::new(Earlier::new(rows, changes, wish.only_failed));
    let earlier = GoingOn { run: run.id.clone(), started: run.about.started, earlier };
    let context = context.for_profile(&profile)?;
    let Some(script) = script else { return bulk::go_on(&context, run, safety, earlier) };
    let safety = Safety { arguments: given.collect(), folders: wish.folders.clone(), ..safety };
    let job = Job { earlier: Some(earlier), ..Job::new("run", &script, &safety) };
    execute(&context, job)
}

fn send_rest(
    context: &Context,
    session: &Session,
    run: &Run,
    only_failed: bool,
) -> Result<(Totals, super::sending::Troubles), Error> {
    let written = session.shelf.go_on(&run.id)?;
    let counted = written.store.count(&run.id)?;
    let (send, troubles) =
        options(context, session, check(run), counted.iter().map(|(_, count)| count).sum());
    let journal = Journal { store: written.store, run: written.run };
    let totals = resume(&session.door(), journal, ResumeOptions { only_failed, send });
    context.console.end_progress();
    let totals = totals.map_err(|error| match error {
        ResumeError::Store(error) => error.into(),
        ResumeError::NotWhole => refused(
            format!("run {} broke off before it was written down whole; nothing of it was sent", run.id),
            "apply the plan again, or undo again",
        ),
    })?;
    Ok((totals, troubles))
}

/// An undo leaves single fields alone, everything else whole records.
fn check(run: &Run) -> Check {
    if run.about.kind == "undo" { Check::DriftByField } else { Check::Drift }
}

/// What of a run was not sent, or failed.
fn left(store: &dyn Store, run: &str, only_failed: bool) -> Result<Vec<Change>, Error> {
    let wanted = |status: Status| match status {
        Status::Failed => only_failed,
        Status::Pending | Status::Sending | Status::Unknown => !only_failed,
        _ => false,
    };
    let all = runs::all_changes(store, run)?.into_iter();
    Ok(all.filter(|kept| wanted(kept.status)).map(|kept| kept.change).collect())
}

fn open(context: &Context, wish: &Resume, run: &Run) -> Result<Session, Error> {
    let bounds = Bounds::sending(&wish.sending, context.console.can_ask());
    let about = About { kind: "resume", script: run.about.script.clone(), ..About::default() };
    undo::open(context, run, bounds, about)
}
