//! The runs of jobs that go on: each script on a thread of its own, with its own wish to stop.

use super::demo::Demo;
use super::planned::Planned;
use super::run;
use super::{Console, Context};
use crate::cli::Global;
use crate::error::Error;
use crate::exit;
use crate::report;
use crate::schedule::keeper::Message;
use crate::schedule::step::{How, Told};
use crate::script::schedules::AboutJob;
use crate::settings::File;
use crate::stop::{Reason, Stop};
use crate::store::SqliteStore;
use jiff::Timestamp;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::Builder;

/// The runs that go on.
pub struct Runs {
    global: Global,
    environment: std::collections::BTreeMap<String, String>,
    console: Arc<Console>,
    store: Arc<SqliteStore>,
    ended: Sender<Option<Message>>,
    stops: HashMap<(String, Timestamp), Stop>,
    /// The project's settings file as it counts now; every run would have to read all jobs.
    pub project: Option<File>,
}

impl Runs {
    /// Nothing runs yet. What ends is told to `ended`.
    pub fn new(
        context: &Context,
        project: Option<File>,
        store: Arc<SqliteStore>,
        ended: Sender<Option<Message>>,
    ) -> Runs {
        Runs {
            project,
            global: context.global.clone(),
            environment: context.environment.clone(),
            console: Arc::clone(&context.console),
            store,
            ended,
            stops: HashMap::new(),
        }
    }

    /// Starts a run; how it ends is told later.
    pub fn start(&mut self, planned: &Planned, about: AboutJob) {
        let (tick, attempt) = (about.scheduled_at, about.attempt);
        let stop = Stop::new();
        self.stops.insert((planned.job.name.clone(), tick), stop.clone());
        let profile = planned.section.profile.clone().or_else(|| self.global.profile.clone());
        let context = Context {
            global: Global { profile, ..self.global.clone() },
            environment: self.environment.clone(),
            console: Arc::clone(&self.console),
            stop,
            demo: Demo::default(),
            held: super::Held::default(),
            project: self.project.clone(),
        };
        let (planned, store, ended) = (planned.clone(), Arc::clone(&self.store), self.ended.clone());
        let name = planned.job.name.clone();
        let body = move || {
            let result = catch_unwind(AssertUnwindSafe(|| execute(&context, &planned, about, store)));
            let (how, error) = match result {
                Ok(result) => told(&context, result),
                Err(_) => (How::Failed, Some("the program made a mistake of its own".into())),
            };
            let told = Told::Ended { tick, attempt, how };
            // Nobody listens any more when the process ends.
            let _ = ended.send(Some(Message { job: planned.job.name.clone(), told, error }));
        };
        if let Err(cause) = Builder::new().name("job".into()).spawn(body) {
            let told = Told::Ended { tick, attempt, how: How::Failed };
            let error = Some(format!("the system gave no thread to run it on: {cause}"));
            let _ = self.ended.send(Some(Message { job: name, told, error }));
        }
    }

    /// Asks a run to stop.
    pub fn stop(&self, job: &str, tick: Timestamp, reason: Reason) {
        if let Some(stop) = self.stops.get(&(job.to_string(), tick)) {
            stop.set(reason);
        }
    }

    /// Asks all of them to stop.
    pub fn stop_all(&self) {
        self.stops.values().for_each(|stop| stop.set(Reason::Interrupted));
    }

    /// Forgets a run that ended.
    pub fn forget(&mut self, message: &Message) {
        if let Told::Ended { tick, .. } = message.told {
            self.stops.remove(&(message.job.clone(), tick));
        }
    }
}

fn execute(
    context: &Context,
    planned: &Planned,
    about: AboutJob,
    store: Arc<SqliteStore>,
) -> Result<u8, Error> {
    let safety = planned.safety();
    run::execute_beside(context, run::Job { tick: Some(about), ..planned.run(&safety) }, Some(store))
}

/// How a run ended, for the schedule; the error itself is shown now.
fn told(context: &Context, result: Result<u8, Error>) -> (How, Option<String>) {
    match result {
        Ok(exit::DONE) => (How::Well, None),
        Ok(code) => {
            let meaning =
                exit::MEANINGS.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning);
            (How::Failed, Some(meaning.map_or(format!("it ended with exit({code})"), Into::into)))
        }
        Err(_) if context.stop.is_set() => (How::Stopped, None),
        Err(error) => {
            context.console.report(&error);
            (How::Failed, Some(report::message(&error).text))
        }
    }
}
