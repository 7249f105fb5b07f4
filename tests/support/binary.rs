//! The real program, with nothing of this machine's own settings.

use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// The time that tests run at.
pub const NOW: &str = "2026-11-25T09:00:00Z";

/// A command that runs the program in the project's folder, at a fixed time, without any settings.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitally-script"));
    let home = std::env::temp_dir().join("vitally-script-tests");
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
