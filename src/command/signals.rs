//! Ctrl-C, requests to read everything again, and deadlines.

use crate::exit;
use crate::stop::{Reason, Stop};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Two presses within this time are one.
const TWICE: Duration = Duration::from_millis(500);

/// Whether SIGHUP asks to read everything again; else it asks to end. Signals belong to the process, and so does this.
static RELOADS: AtomicBool = AtomicBool::new(false);
/// Whether somebody asked to read everything again.
static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on SIGHUP asks to read everything again.
pub fn reload_on_hang_up() {
    RELOADS.store(true, Ordering::SeqCst);
}

/// Whether somebody has asked to read everything again since the last look.
pub fn asked_to_reload() -> bool {
    ASKED.swap(false, Ordering::SeqCst)
}

/// The first Ctrl-C asks everything to stop; a second one ends the process at once.
#[cfg(unix)]
pub fn listen(stop: &Stop) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    // Without handlers, signals end the process as they do by themselves.
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
    let mut presses = Presses { stop: stop.clone(), first: None };
    let hear = move || {
        for signal in signals.forever() {
            if signal == SIGHUP && RELOADS.load(Ordering::SeqCst) {
                ASKED.store(true, Ordering::SeqCst);
            } else {
                presses.one_more();
            }
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(hear);
}

/// The first Ctrl-C asks everything to stop; a second one ends the process at once.
#[cfg(not(unix))]
pub fn listen(stop: &Stop) {
    let mut presses = Presses { stop: stop.clone(), first: None };
    // A second handler in one process is refused: the first one goes on working.
    let _ = ctrlc::set_handler(move || presses.one_more());
}

/// How often Ctrl-C was pressed.
struct Presses {
    stop: Stop,
    first: Option<Instant>,
}

impl Presses {
    fn one_more(&mut self) {
        let is_again = self.first.is_some_and(|first| first.elapsed() > TWICE);
        if self.stop.reason() == Some(Reason::Interrupted) && is_again {
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
        if self.stop.reason().is_none() {
            self.first = Some(Instant::now());
            self.stop.set(Reason::Interrupted);
        }
    }
}

/// Asks everything to stop when the time has passed.
pub fn deadline(stop: &Stop, after: Option<Duration>) {
    let Some(after) = after else { return };
    let stop = stop.clone();
    std::thread::spawn(move || {
        std::thread::sleep(after);
        stop.set(Reason::TimedOut);
    });
}

/// Waits until something asks to stop.
pub fn wait(stop: &Stop) {
    while !stop.is_set() {
        stop.rest(Duration::from_secs(3600));
    }
}
