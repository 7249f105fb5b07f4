//! Ctrl-C and deadlines.

use crate::exit;
use crate::stop::{Reason, Stop};
use std::time::{Duration, Instant};

/// Two presses within this time are one.
const TWICE: Duration = Duration::from_millis(500);

/// The first Ctrl-C asks everything to stop; a second one ends the process at once.
pub fn listen(stop: &Stop) {
    let stop = stop.clone();
    let mut asked = None;
    let handler = move || {
        let is_again = asked.is_some_and(|asked: Instant| asked.elapsed() > TWICE);
        if stop.reason() == Some(Reason::Interrupted) && is_again {
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
        if stop.reason().is_none() {
            asked = Some(Instant::now());
            stop.set(Reason::Interrupted);
        }
    };
    // A second handler in one process is refused: the first one goes on working.
    let _ = ctrlc::set_handler(handler);
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
        std::thread::sleep(Duration::from_millis(100));
    }
}
