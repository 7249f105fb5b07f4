//! The tenant of `--demo`: a simulator in this process.

use super::Context;
use crate::client::ApiKey;
use crate::error::Error;
use crate::settings::{Origin, Profile, Settings, Sourced, Sources, time};
use crate::simulator::{Options, Simulator};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// How many accounts it has.
const ACCOUNTS: usize = 40;

/// The demo tenant of this process, started when it is first needed. It ends with the last who holds it.
#[derive(Clone, Default)]
pub struct Demo(Arc<OnceLock<Running>>);

struct Running {
    simulator: Arc<Simulator>,
    key: String,
    /// The journal; gone with the tenant.
    home: PathBuf,
    /// Somebody was told to look at a file in there.
    stays: AtomicBool,
}

impl Demo {
    /// A tenant that runs already, with its key and the folder of its journal, which it takes away at its end.
    pub fn of(simulator: Arc<Simulator>, key: String, home: PathBuf) -> Demo {
        let stays = AtomicBool::new(false);
        Demo(Arc::new(OnceLock::from(Running { simulator, key, home, stays })))
    }

    /// Whether it was started.
    pub fn is_running(&self) -> bool {
        self.0.get().is_some()
    }

    /// The settings that lead to it; starts it now if it was not yet.
    pub fn settings(&self, context: &Context, read_only: bool) -> Result<Settings, Error> {
        let sources = context.sources(read_only)?;
        let running = if let Some(running) = self.0.get() {
            running
        } else {
            let started = start(&sources)?;
            self.0.get_or_init(|| started)
        };
        let key = ApiKey::parse(&running.key)
            .map_err(|why| Error::login(format!("the demo's key: {why}"), "try again"))?;
        let profile = Profile::demo(running.simulator.origin(), key);
        let root = sources.root();
        let home = Sourced { value: running.home.clone(), origin: Origin::Flag("--demo") };
        Ok(Settings { profile, root, home, sources })
    }

    /// Leaves the folder of its journal for somebody to look at.
    pub fn keep_home(&self) {
        if let Some(running) = self.0.get() {
            running.stays.store(true, Ordering::Relaxed);
        }
    }
}

fn start(sources: &Sources) -> Result<Running, Error> {
    let key = uuid::Uuid::from_u128(fastrand::u128(..)).simple().to_string();
    let now = time::pretended(sources)?;
    let options =
        Options { key: key.clone(), accounts: ACCOUNTS, rate_limit: None, now, ..Options::default() };
    let simulator = Simulator::start(options).map_err(|cause| Error::File {
        path: "the demo tenant".into(),
        doing: "start",
        cause,
    })?;
    let home = std::env::temp_dir().join(format!("vitally-script-demo-{}", std::process::id()));
    let simulator = Arc::new(simulator);
    Ok(Running { simulator, key, home, stays: AtomicBool::new(false) })
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.stays.load(Ordering::Relaxed) {
            // What cannot be removed is a small folder among the system's temporary ones.
            let _ = std::fs::remove_dir_all(&self.home);
        }
    }
}
