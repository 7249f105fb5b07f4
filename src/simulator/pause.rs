//! Waiting to the microsecond, which the runtime's own timer does not: it counts whole milliseconds and rounds up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;

/// Wakes answers when their time has come, from a thread of its own; it ends when dropped.
pub(super) struct Pause {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    until: BinaryHeap<Reverse<Sleeper>>,
    ended: bool,
}

struct Sleeper {
    until: Instant,
    wake: oneshot::Sender<()>,
}

impl Pause {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Pause> {
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        let thread =
            std::thread::Builder::new().name("simulator-pause".into()).spawn(move || theirs.run())?;
        Ok(Pause { shared, thread: Some(thread) })
    }

    /// Is ready at `until`, or at once when the simulator ends.
    pub async fn until(&self, until: Instant) {
        // A sender that is gone says the same: go on.
        let _ = self.woken(until).await;
    }

    fn woken(&self, until: Instant) -> oneshot::Receiver<()> {
        let (wake, woken) = oneshot::channel();
        let mut waiting = self.shared.waiting();
        let first = waiting.until.peek().is_none_or(|Reverse(next)| until < next.until);
        waiting.until.push(Reverse(Sleeper { until, wake }));
        drop(waiting);
        if first {
            self.shared.changed.notify_one();
        }
        woken
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.shared.waiting().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // The thread's own end is all that is waited for.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut waiting = self.waiting();
        while !waiting.ended {
            let now = Instant::now();
            let next = waiting.until.peek().map(|Reverse(next)| next.until);
            waiting = match next {
                Some(until) if until <= now => {
                    if let Some(Reverse(sleeper)) = waiting.until.pop() {
                        // Nobody waits any more if the connection broke.
                        let _ = sleeper.wake.send(());
                    }
                    waiting
                }
                Some(until) => {
                    self.changed.wait_timeout(waiting, until - now).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Sleeper) -> bool {
        self.until == other.until
    }
}

impl Eq for Sleeper {}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Sleeper) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Sleeper) -> std::cmp::Ordering {
        self.until.cmp(&other.until)
    }
}
