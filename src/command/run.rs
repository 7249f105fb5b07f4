//! `run SCRIPT`.

use super::bounds::Bounds;
use super::ear::Ear;
use super::opener::{About, GoingOn, Planning};
use super::plan_file::PlanFile;
use super::session::Session;
use super::{Console, Context, ending, form, signals, source};
use crate::cli::{Format, Listening, Run, Safety};
use crate::error::{Error, Message};
use crate::exit;
use crate::gate::Counts;
use crate::gate::earlier::Earlier;
use crate::gate::plan::{Header, SCHEMA};
use crate::script::schedules::AboutJob;
use crate::script::{self, Script};
use crate::store::SqliteStore;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// A script that is to be run.
pub struct Job<'a> {
    /// `run` or `eval`, for the journal.
    pub kind: &'static str,
    /// The script.
    pub script: &'a Script,
    /// What keeps it within bounds.
    pub safety: &'a Safety,
    /// Whether its last value is what the command is about.
    pub value: bool,
    /// The run that it goes on with.
    pub earlier: Option<GoingOn>,
    /// How it listens, if it has hooks.
    pub listening: Listening,
    /// What hands its hooks their events, if that is not Vitally.
    pub ear: Option<Ear>,
    /// The job that it is a run of, and for which time.
    pub tick: Option<AboutJob>,
}

impl<'a> Job<'a> {
    /// A script with what keeps it within bounds.
    pub fn new(kind: &'static str, script: &'a Script, safety: &'a Safety) -> Job<'a> {
        let listening = Listening::default();
        Job { kind, script, safety, value: false, earlier: None, listening, ear: None, tick: None }
    }
}

/// Runs a script. Its last value is written only where `-o` asks for data.
pub fn run(context: &Context, options: &Run) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::script(&options.script, &root)?;
    let listening = options.listening.clone();
    execute(context, Job { listening, ..Job::new("run", &script, &options.safety) })
}

/// Runs a script to its end.
pub fn execute(context: &Context, job: Job) -> Result<u8, Error> {
    execute_beside(context, job, None)
}

/// The same in a process that holds the store already.
pub fn execute_beside(context: &Context, job: Job, store: Option<Arc<SqliteStore>>) -> Result<u8, Error> {
    let Job { script, safety, .. } = job;
    let bounds = Bounds::of(safety, context.console.can_ask());
    let about = About { tick: job.tick, ..About::script(job.kind, script, &safety.arguments) };
    let mut session = Session::open_for(context, bounds, about)?;
    if let Some(store) = store {
        session.shelf.share(store);
    }
    let earlier: Vec<Arc<Earlier>> =
        job.earlier.iter().flat_map(|on| on.runs.values()).map(|(_, earlier)| Arc::clone(earlier)).collect();
    if let Some(on) = job.earlier {
        session.go_on_with(on)?;
    }
    let plan = safety.plan_out.as_deref().map(|path| plan_file(path, &session)).transpose()?;
    if let Some(plan) = &plan {
        session.planned = Planning::Into(plan.sink.clone());
    }
    session.introduce();
    signals::deadline(&context.stop, safety.timeout);
    let format = context.console.format_or(Format::Table);
    let stdout_is_taken = format != Format::Table;
    let files = session.files(&safety.folders)?;
    let mut ear = job.ear.unwrap_or_else(|| session.feed(&job.listening));
    let result = script::run_with_hooks(script, session.host(files, stdout_is_taken), &mut ear);
    let dead = ear.close();
    context.console.end_progress();
    let counts = session.tally.counts();
    if let Ok(outcome) = &result
        && (job.value || stdout_is_taken)
    {
        form::write(&context.console, &outcome.value, outcome.object, format);
    }
    let ended = Ended::of(context, result.as_ref().err(), &counts);
    if let Err(error) = session.shelf.finish(ended.word(), session.now()) {
        context.console.warn(&error.words().0);
    }
    ending::tell(&context.console, &session, &counts, result.as_ref().err());
    if ended == Ended::Done {
        let not_asked_again = earlier.iter().map(|earlier| earlier.not_asked_again()).sum();
        ending::tell_not_asked_again(&context.console, not_asked_again);
    }
    if let (Some(plan), Ended::Done, Some(path)) = (plan, ended, &safety.plan_out) {
        plan.keep()?;
        ending::tell_plan(&context.console, path);
    }
    let (error, exit) = match result {
        Ok(outcome) => (None, outcome.exit),
        Err(error) => (Some(error), None),
    };
    let counts = Counts { failed_rows: counts.failed_rows + dead, ..counts };
    let code = exit_code(&context.console, error, counts, safety.detailed_exitcode)?;
    Ok(exit.unwrap_or(code))
}

/// What a run with changes ends with: its error, what a guard said, or the number that tells how it went.
pub fn exit_code(
    console: &Console,
    error: Option<Error>,
    counts: Counts,
    detailed: bool,
) -> Result<u8, Error> {
    match (error, counts.tripped) {
        (Some(error), trip) if trip.is_none() || matches!(error, Error::Stopped(_)) => Err(error),
        (_, Some(trip)) if trip.asked => {
            console.say(&format!("{}; {}", trip.message, trip.help));
            Ok(exit::DONE)
        }
        (_, Some(trip)) => Err(Error::Refused(Message::new(trip.message, trip.help))),
        (Some(error), None) => Err(error),
        (None, None) if counts.failed_rows > 0 => Ok(exit::ROWS_FAILED),
        (None, None) if detailed && !counts.planned.is_empty() => Ok(exit::PENDING),
        (None, None) => Ok(exit::DONE),
    }
}

/// How a run ended, for the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// To its end.
    Done,
    /// By the person or the deadline.
    Stopped,
    /// By a guard.
    Refused,
    /// With an error.
    Failed,
}

impl Ended {
    /// How it ended, from its error and what was counted.
    pub fn of(context: &Context, error: Option<&Error>, counts: &Counts) -> Ended {
        if context.stop.is_set() {
            return Ended::Stopped;
        }
        match (&counts.tripped, error) {
            (Some(trip), _) if trip.asked => Ended::Done,
            (Some(_), _) => Ended::Refused,
            (None, Some(_)) => Ended::Failed,
            (None, None) => Ended::Done,
        }
    }

    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Ended::Done => "done",
            Ended::Stopped => "stopped",
            Ended::Refused => "refused",
            Ended::Failed => "failed",
        }
    }
}

/// Begins the plan that `--plan-out` asks for.
pub fn plan_file(path: &Path, session: &Session) -> Result<PlanFile, Error> {
    let header = Header {
        schema: SCHEMA,
        plan: String::new(),
        profile: session.settings.profile.name.clone(),
        origin: session.origin(),
        script: session.about.script.clone(),
        script_hash: session.about.hash.clone(),
        arguments: json!(session.about.arguments),
        created: session.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    PlanFile::start(path, header)
}
