//! Work in one piece that may take long: it is done on a thread of its own, so that the script can be stopped meanwhile.

use super::host::Host;
use super::limits;
use super::raise::{Raised, mistake};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// How often the script looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(10);

/// Sets its flag when it goes.
struct Left(Arc<AtomicBool>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What the work answers, unless the script is to stop first: then the thread is left to itself, the flag that the work
/// may look at is set, and what it answers is dropped.
pub fn aside<T: Send + 'static>(
    host: &Host,
    work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
) -> Result<T, Raised> {
    let (send, receive) = sync_channel(1);
    let left = Left(Arc::default());
    let flag = Arc::clone(&left.0);
    let thread = thread::Builder::new().name("aside".into()).spawn(move || {
        // Nobody may be waiting any more.
        let _ = send.send(work(&flag));
    });
    if thread.is_err() {
        return Err(mistake("the system gave no thread for this", "close other programs and try again"));
    }
    loop {
        match receive.recv_timeout(LOOK) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => limits::goes_on(host)?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(mistake("this could not be done", "make the text or the pattern smaller"));
            }
        }
    }
}
