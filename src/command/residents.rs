//! The scripts with hooks and schedules that `serve` runs beside the jobs: each stays on a thread of its own until it is asked to end.

use super::demo::Demo;
use super::run::{self, Job};
use super::{Console, Context};
use crate::cli::{Global, Listening, Safety};
use crate::error::Error;
use crate::script::{self, Script};
use crate::stop::{Reason, Stop};
use crate::store::SqliteStore;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// A script that ended by itself is started again after so long: what it listens for is kept in the store.
const AGAIN: Duration = Duration::from_secs(60);

/// The scripts that stay.
pub struct Residents {
    global: Global,
    environment: BTreeMap<String, String>,
    console: Arc<Console>,
    store: Arc<SqliteStore>,
    scripts: BTreeMap<String, Script>,
    running: BTreeMap<String, Running>,
    /// When scripts that ended are started again.
    waiting: BTreeMap<String, Instant>,
}

struct Running {
    /// What it was like, with all it imports.
    hash: String,
    stop: Stop,
    leave: Stop,
    thread: JoinHandle<Result<u8, Error>>,
}

impl Residents {
    /// None yet.
    pub fn new(context: &Context, store: Arc<SqliteStore>) -> Residents {
        Residents {
            global: context.global.clone(),
            environment: context.environment.clone(),
            console: Arc::clone(&context.console),
            store,
            scripts: BTreeMap::new(),
            running: BTreeMap::new(),
            waiting: BTreeMap::new(),
        }
    }

    /// Takes these scripts in place of those before. One that is another now is asked to end, and starts again when it has.
    pub fn replace(&mut self, scripts: BTreeMap<String, Script>) {
        for (name, running) in &self.running {
            if scripts.get(name).is_none_or(|script| script::fingerprint(script) != running.hash) {
                running.leave.set(Reason::Interrupted);
            }
        }
        self.waiting.clear();
        self.scripts = scripts;
        self.look();
    }

    /// Starts nothing more, and asks all to end after what they are doing.
    pub fn close(&mut self) {
        self.scripts.clear();
        self.running.values().for_each(|running| running.leave.set(Reason::Interrupted));
    }

    /// Asks all to end at once.
    pub fn stop_all(&self) {
        self.running.values().for_each(|running| running.stop.set(Reason::Interrupted));
    }

    /// Whether any still runs.
    pub fn running(&self) -> bool {
        !self.running.is_empty()
    }

    /// Looks who ended, and starts whoever should run.
    pub fn look(&mut self) {
        let ended: Vec<String> = self
            .running
            .iter()
            .filter(|(_, it)| it.thread.is_finished())
            .map(|(name, _)| name.clone())
            .collect();
        for name in ended {
            if let Some(running) = self.running.remove(&name) {
                self.ended(name, running);
            }
        }
        let now = Instant::now();
        let due = |name: &String| self.waiting.get(name).is_none_or(|at| *at <= now);
        let missing: Vec<Script> = self
            .scripts
            .iter()
            .filter(|(name, _)| !self.running.contains_key(*name) && due(name))
            .map(|(_, script)| script.clone())
            .collect();
        for script in missing {
            self.start(script);
        }
    }

    fn ended(&mut self, name: String, running: Running) {
        let asked = running.stop.is_set() || running.leave.is_set();
        let result = running.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if asked {
            return;
        }
        if let Err(error) = result {
            self.console.report(&error);
        }
        self.console.warn(&format!("{name} ended; it starts again in {} s", AGAIN.as_secs()));
        self.waiting.insert(name, Instant::now() + AGAIN);
    }

    fn start(&mut self, script: Script) {
        let (stop, leave) = (Stop::new(), Stop::new());
        let context = Context {
            global: self.global.clone(),
            environment: self.environment.clone(),
            console: Arc::clone(&self.console),
            stop: stop.clone(),
            demo: Demo::default(),
            held: super::Held::default(),
            project: None,
        };
        let store = Arc::clone(&self.store);
        let (name, hash) = (script.name.clone(), script::fingerprint(&script));
        let listening = Listening { leave: leave.clone(), ..Listening::default() };
        let body = move || {
            let safety = Safety { yes: true, ..Safety::default() };
            let job = Job { listening, ..Job::new("run", &script, &safety) };
            let run = || run::execute_beside(&context, job, Some(store));
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                Err(Error::usage("the program made a mistake of its own", "please report what stands above"))
            })
        };
        match Builder::new().name("hooks".into()).spawn(body) {
            Ok(thread) => {
                self.waiting.remove(&name);
                self.running.insert(name, Running { hash, stop, leave, thread });
            }
            Err(cause) => {
                self.console.warn(&format!("{name}: the system gave no thread to run it on: {cause}"));
                self.waiting.insert(name, Instant::now() + AGAIN);
            }
        }
    }
}
