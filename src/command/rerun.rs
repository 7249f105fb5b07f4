//! Goes on with runs of a script or of a file: it is run again, and what was made is not made again.

use super::bounds::Bounds;
use super::opener::{About, EarlierRuns, GoingOn};
use super::planned::{self, Planned};
use super::resume::send_rest;
use super::run::{Job, execute};
use super::sending::refused;
use super::{Context, bulk, eval, runs, source, undo};
use crate::cli::{Resume, Safety};
use crate::error::Error;
use crate::gate::earlier::Earlier;
use crate::script::schedules::AboutJob;
use crate::script::{self, Script};
use crate::store::jobs::JobStore;
use crate::store::{Run, SqliteStore};
use std::path::Path;
use std::sync::Arc;

/// Looks at what was unclear, then runs the script again, or goes through the file. A start of a script has a run for
/// every profile that it wrote to; all of them go on.
pub fn rerun(context: &Context, wish: &Resume, together: &[Run]) -> Result<u8, Error> {
    let Some(first) = together.first() else { return Ok(crate::exit::DONE) };
    let profile = first.about.started_with.as_ref().unwrap_or(&first.about.profile).clone();
    undo::same_profile(context, first, &profile)?;
    let again = Again::of(context, first)?;
    if let Some(script) = again.script()
        && script::fingerprint(script) != first.about.script_hash
    {
        return Err(refused(
            format!("the script {} was changed since run {} stopped", first.about.script, first.id),
            format!("run it anew, or take run {0} back first: vitally-script undo {0}", first.id),
        ));
    }
    let mut on = GoingOn { runs: EarlierRuns::new(), started: first.about.started };
    for run in together {
        on.started = on.started.min(run.about.started);
        on.runs.insert(run.about.profile.clone(), (run.id.clone(), done_already(context, wish, run)?));
    }
    let context = context.for_profile(&profile)?;
    let safety = Safety {
        dry_run: wish.sending.dry_run,
        yes: wish.sending.yes,
        max_changes: wish.sending.max_changes,
        max_deletes: wish.sending.max_deletes,
        ..Safety::default()
    };
    let given = first.about.arguments.as_object().into_iter().flatten();
    let given = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_string())));
    let arguments: Vec<(String, String)> = given.collect();
    let script = match again {
        Again::File => return bulk::go_on(&context, first, safety, on),
        Again::Script(script) => script,
        Again::Job(planned, about) => {
            let own = planned.safety();
            let safety = Safety {
                yes: safety.yes,
                dry_run: safety.dry_run,
                max_changes: safety.max_changes.or(own.max_changes),
                max_deletes: safety.max_deletes.or(own.max_deletes),
                arguments,
                folders: wish.folders.clone(),
                ..own
            };
            let job = Job { earlier: Some(on), tick: about, ..planned.run(&safety) };
            return execute(&context, job);
        }
    };
    let safety = Safety { arguments, folders: wish.folders.clone(), ..safety };
    let job = if first.about.kind == "eval" {
        eval::job(&script, &safety)
    } else {
        Job::new("run", &script, &safety)
    };
    execute(&context, Job { earlier: Some(on), ..job })
}

/// What is run again.
enum Again {
    /// The rows of a file.
    File,
    /// A script.
    Script(Script),
    /// The script of a job, for the time that the run was for.
    Job(Box<Planned>, Option<AboutJob>),
}

impl Again {
    fn of(context: &Context, run: &Run) -> Result<Again, Error> {
        let root = context.sources(false)?.root();
        match (run.about.kind.as_str(), &run.about.code) {
            ("bulk", _) => Ok(Again::File),
            ("job", _) => job(context, run),
            (_, Some(code)) => Ok(Again::Script(source::again(code, &run.about.script, &root))),
            ("eval", None) => Err(no_text(run)),
            (_, None) if run.about.script == source::STDIN => Err(no_text(run)),
            (_, None) => Ok(Again::Script(source::script(Path::new(&run.about.script), &root)?)),
        }
    }

    fn script(&self) -> Option<&Script> {
        match self {
            Again::File => None,
            Again::Script(script) => Some(script),
            Again::Job(planned, _) => Some(&planned.script),
        }
    }
}

fn no_text(run: &Run) -> Error {
    refused(
        format!("the text of run {} was not kept: it held a key, or an older version ran it", run.id),
        "run it anew, without a key in it: updates that hold already are not sent again, and creates with an externalId are \
         not doubled",
    )
}

/// The job that a run was a try of, with its limits, for the time that it was for.
fn job(context: &Context, run: &Run) -> Result<Again, Error> {
    let settings = context.settings(false)?;
    let tick = SqliteStore::read(&settings.home.value)?.tick_of(&run.id)?;
    let folder = Path::new(&run.about.script).parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut jobs = planned::all(&settings, folder.unwrap_or(Path::new(".")))?.jobs;
    let name = match &tick {
        Some(tick) => Some(tick.job.clone()),
        // It was run by hand, for no time of its own.
        None => jobs.values().find(|job| job.script.name == run.about.script).map(|job| job.job.name.clone()),
    };
    let Some(planned) = name.and_then(|name| jobs.remove(&name)) else {
        return Err(refused(
            format!("run {} was a try of a job that is no longer there", run.id),
            format!(
                "take the run back: vitally-script undo {0}; or run the script {1} itself",
                run.id, run.about.script
            ),
        ));
    };
    let about = tick.map(|tick| AboutJob {
        name: tick.job,
        scheduled_at: tick.tick,
        zone: planned.job.zone().clone(),
        attempt: tick.attempt.max(1),
        caught_up: tick.caught_up,
    });
    Ok(Again::Job(Box::new(planned), about))
}

/// What a run has done, after what was unclear about it was looked up and what was left of it was sent.
fn done_already(context: &Context, wish: &Resume, run: &Run) -> Result<Arc<Earlier>, Error> {
    let bounds = Bounds::sending(&wish.sending, context.console.can_ask());
    let about = About { kind: "resume", script: run.about.script.clone(), ..About::default() };
    let session = undo::open_profile(context, run, bounds, about)?;
    if !wish.sending.dry_run {
        let (totals, _) = send_rest(context, &session, run, false)?;
        if let Some(reason) = totals.journal {
            return Err(refused(
                format!("stopped, because the journal cannot be written: {reason}"),
                "make room for it, and resume again",
            ));
        }
    }
    // The script opens the store itself; this one is let go with the session.
    let store = session.shelf.store()?;
    let (rows, changes) = (store.rows(&run.id)?, runs::all_changes(&*store, &run.id)?);
    Ok(Arc::new(Earlier::new(rows, changes, wish.only_failed)))
}
