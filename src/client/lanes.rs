//! The threads that read ahead, so that the next page is on its way while the script works on this one.
//!
//! Each kind of work has a lane of its own, so that sweeps which wait for the budget never hold a thread that a script
//! needs.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Reads,
    Polls,
    Sweeps,
}

/// How many requests are carried at once in each lane, in the order of [`Lane`]. More than sixteen connections
/// gain nothing: at 300 ms an answer they carry three times the rate limit.
const WIDTHS: [usize; 3] = [16, 4, 2];

/// One piece of work; what it answers hands the answer to the one who waits for it.
pub(super) type Load = Box<dyn FnOnce() -> Box<dyn FnOnce()> + Send>;

/// All lanes of a connection.
pub(super) struct Lanes([Arc<Queue>; 3]);

struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    width: usize,
}

#[derive(Default)]
struct State {
    loads: VecDeque<Load>,
    idle: usize,
    threads: usize,
    closed: bool,
}

impl Lanes {
    pub(super) fn new() -> Lanes {
        Lanes(WIDTHS.map(|width| Arc::new(Queue { state: Mutex::default(), wake: Condvar::new(), width })))
    }

    /// Puts a load at the end of its lane. It is dropped unheard if the machine has no thread to give.
    pub(super) fn put(&self, lane: Lane, load: Load) {
        let queue = &self.0[lane as usize];
        let mut state = queue.lock();
        state.loads.push_back(load);
        Queue::staff(queue, &mut state);
        // Whoever is woken needs the lock at once.
        drop(state);
        queue.wake.notify_one();
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        for queue in &self.0 {
            queue.lock().closed = true;
            queue.wake.notify_all();
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a thread if there are more loads than idle threads, and room for one more.
    fn staff(queue: &Arc<Queue>, state: &mut State) {
        if state.idle >= state.loads.len() || state.threads >= queue.width {
            return;
        }
        let carrier = Arc::clone(queue);
        let started = std::thread::Builder::new()
            .name("vitally-request".into())
            .stack_size(512 * 1024)
            .spawn(move || carrier.carry());
        if started.is_ok() {
            state.threads += 1;
        } else if state.threads == 0 {
            state.loads.clear();
        }
    }

    fn carry(&self) {
        let mut state = self.lock();
        loop {
            if let Some(load) = state.loads.pop_front() {
                drop(state);
                let hand_over = load();
                // Whoever gets the answer may put the next load at once, which is for this thread.
                self.lock().idle += 1;
                hand_over();
                state = self.lock();
                state.idle -= 1;
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }
}
