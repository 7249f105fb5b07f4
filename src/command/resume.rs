//! `resume RUN`: goes on with a run that was stopped or broke off; nothing is sent twice.

use super::bounds::Bounds;
use super::opener::About;
use super::sending::{allow, options, refused, tell};
use super::session::Session;
use super::{Context, plan, previewed, rerun, runs, undo};
use crate::cli::Resume;
use crate::error::Error;
use crate::exit;
use crate::gate::resume::{ResumeError, ResumeOptions, resume};
use crate::gate::send::{Check, Journal, Totals};
use crate::gate::{Change, Status, preview};
use crate::store::{Run, SqliteStore, Store};

/// Goes on with a run.
pub fn run(context: &Context, wish: &Resume) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let store = SqliteStore::read(&settings.home.value)?;
    let run = runs::found(&store, &wish.run)?;
    let together = store.together(&run.id)?;
    for run in &together {
        if let Some(undo) = taken_back(&store, run)? {
            return Err(refused(
                format!("run {} was taken back by run {undo}, so there is nothing to go on with", run.id),
                "run the script, or apply a new plan, from the beginning",
            ));
        }
    }
    match run.about.kind.as_str() {
        "apply" | "undo" => rest(context, wish, &run),
        "run" | "eval" | "job" | "bulk" => rerun::rerun(context, wish, &together),
        kind => {
            let (what, help) = by_itself(kind, &run);
            Err(refused(format!("run {} was {what}", run.id), help))
        }
    }
}

/// What is done about runs that are not gone on with by hand.
fn by_itself(kind: &str, run: &Run) -> (String, String) {
    let argument = |name: &str| run.about.arguments[name].as_str().unwrap_or_default();
    match kind {
        "hook" => (
            format!("a call of the hook \"{}\", which is tried again by itself", argument("hook")),
            "vitally-script events list --state dead shows what was given up, and events replay calls the hook again: it \
             makes no change twice"
                .into(),
        ),
        "schedule" => (
            format!("a call of the schedule \"{}\", and its next time comes by itself", argument("schedule")),
            format!("vitally-script runs show {0} shows what it did, and undo {0} takes it back", run.id),
        ),
        _ => (
            format!("{kind}, which keeps nothing to go on with"),
            format!("vitally-script runs show {0} shows what it did, and undo {0} takes it back", run.id),
        ),
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

/// Sends what is open of a run under its own id.
pub(super) fn send_rest(
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
