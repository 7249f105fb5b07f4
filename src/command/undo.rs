//! `undo RUN`: puts back what a run changed, as far as nobody changed it since.

use super::apply::send_all;
use super::bounds::Bounds;
use super::opener::About;
use super::sending::{allow, answers, options, refused, tell};
use super::session::Session;
use super::{Context, changes, ending, plan, previewed, runs};
use crate::cli::Undo;
use crate::error::Error;
use crate::exit;
use crate::gate::Status;
use crate::gate::apply::ApplyOptions;
use crate::gate::preview;
use crate::gate::resume::look_up_unclear;
use crate::gate::send::{Check, Journal};
use crate::gate::undo::{Left, undo_changes};
use crate::store::{Run, SqliteStore, Store};

/// How many changes that stay are named.
const NAMED: usize = 10;

/// Takes a run back.
pub fn run(context: &Context, undo: &Undo) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let store = SqliteStore::read(&settings.home.value)?;
    let run = runs::found(&store, &undo.run)?;
    let unclear = unclear(&store, &run.id)?;
    drop(store);
    let bounds = Bounds::sending(&undo.sending, context.console.can_ask());
    let about = About {
        kind: "undo",
        script: run.about.script.clone(),
        hash: run.about.script_hash.clone(),
        of: Some(run.id.clone()),
        ..About::default()
    };
    let session = open(context, &run, bounds, about)?;
    session.introduce();
    if unclear > 0 {
        look_up(context, &session, &run, undo.sending.dry_run, unclear)?;
    }
    let store = SqliteStore::read(&settings.home.value)?;
    let undoing = undo_changes(&store, &run.id, undo.recreate)?;
    drop(store);
    tell_left(context, &undoing.left);
    if undoing.changes.is_empty() {
        context.console.say(&format!("run {} left nothing that can be taken back", run.id));
        return Ok(if undoing.left.is_empty() { exit::DONE } else { exit::ROWS_FAILED });
    }
    if undo.sending.dry_run {
        let door = session.door();
        previewed::tell(
            context,
            &preview::preview(&door, undoing.changes, Check::DriftByField),
            "would put back",
        );
        return Ok(exit::DONE);
    }
    let deletes = allow(context, &session, &undo.sending, &plan::counts(&undoing.changes))?;
    let (send, troubles) = options(context, &session, Check::DriftByField, undoing.changes.len() as u64);
    let mut confirm = answers(context, &undo.sending, deletes);
    let limits = session.bounds.limits(&session.settings.profile);
    let options = ApplyOptions { plan: None, limit: None, canary: None, limits, send, confirm: &mut confirm };
    let (id, applied) = send_all(&session, undoing.changes, options)?;
    let code = tell(context, &session, &id, &applied.totals, applied.remaining, &troubles)?;
    ending::tell_beside(&context.console, &session, &run.id);
    Ok(code)
}

/// Opens the profile that a run worked with, and makes sure that it leads to the same tenant.
pub fn open(context: &Context, run: &Run, bounds: Bounds, about: About) -> Result<Session, Error> {
    same_profile(context, run, &run.about.profile)?;
    open_profile(context, run, bounds, about)
}

/// Refuses a typed profile that is not the one that a run was started with.
pub fn same_profile(context: &Context, run: &Run, profile: &str) -> Result<(), Error> {
    match context.global.profile.as_ref().filter(|given| *given != profile) {
        None => Ok(()),
        Some(given) => Err(refused(
            format!("run {} worked with the profile \"{profile}\", not \"{given}\"", run.id),
            format!("leave out -p, or use -p {profile}"),
        )),
    }
}

/// The same, whatever profile was typed.
pub fn open_profile(context: &Context, run: &Run, bounds: Bounds, about: About) -> Result<Session, Error> {
    if run.outcome == "running" {
        return Err(refused(
            format!("run {} still goes on", run.id),
            "wait until it ends, or stop it with Ctrl-C where it runs",
        ));
    }
    let session = Session::open_with_key(&context.for_profile(&run.about.profile)?, bounds, about)?;
    if session.origin() != run.about.origin {
        return Err(refused(
            format!(
                "run {} changed {}, and the profile \"{}\" leads to {}",
                run.id,
                run.about.origin,
                run.about.profile,
                session.origin()
            ),
            "set the profile's address as it was",
        ));
    }
    Ok(session)
}

/// How many changes of a run may or may not have been made.
fn unclear(store: &dyn Store, run: &str) -> Result<u64, Error> {
    let counts = store.count(run)?.into_iter();
    let unclear = counts.filter(|(status, _)| matches!(status, Status::Sending | Status::Unknown));
    Ok(unclear.map(|(_, count)| count).sum())
}

/// Looks up what may have been made, so that it is taken back too.
fn look_up(
    context: &Context,
    session: &Session,
    run: &Run,
    dry_run: bool,
    unclear: u64,
) -> Result<(), Error> {
    let changes = if unclear == 1 { "change" } else { "changes" };
    let left = if dry_run {
        unclear
    } else {
        let journal = Journal { store: session.shelf.store()?, run: run.id.clone() };
        let (send, _) = options(context, session, Check::DriftByField, unclear);
        look_up_unclear(&session.door(), journal, send)?
    };
    if left > 0 {
        context.console.warn(&format!(
            "whether Vitally made {left} {changes} of run {} is not known, and they stay as they are; \
             vitally-script runs show {} names them",
            run.id, run.id
        ));
    }
    Ok(())
}

fn tell_left(context: &Context, left: &[Left]) {
    for Left { change, reason } in left.iter().take(NAMED) {
        let name = changes::name_of(change).unwrap_or_default();
        context.console.say(&format!("stays: {} {name}: {reason}", change.action));
    }
    if left.len() > NAMED {
        context.console.say(&format!("… and {} more that stay", left.len() - NAMED));
    }
}
