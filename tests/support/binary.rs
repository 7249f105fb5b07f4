//! The real program, with nothing of this machine's own settings.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// The time that tests run at.
pub const NOW: &str = "2026-11-25T09:00:00Z";

/// The number of the next home folder.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A command that runs the program in the project's folder, at a fixed time, without any settings.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitally-script"));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let home =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("home-{}-{number}", std::process::id()));
    command
        .env_clear()
        .env("HOME", &home)
        .env("VITALLY_SCRIPT_HOME", home.join("state"))
        .env("VITALLY_SCRIPT_NOW", NOW)
        .env("TZ", "UTC");
    command
}

/// What a check says about every item, gathered from a few threads.
pub fn spread<T: Send, R: Send>(items: Vec<T>, check: impl Fn(T) -> Option<R> + Sync) -> Vec<R> {
    let waiting = Mutex::new(items);
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(item) = waiting.lock().unwrap().pop() else { break };
                    if let Some(result) = check(item) {
                        found.lock().unwrap().push(result);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap()
}
