//! The wish to stop: set by Ctrl-C or a deadline, looked at by everything that waits.

use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// A flag shared by the thread that hears signals, the script and the requests in flight.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Flag>);

#[derive(Default)]
struct Flag {
    code: AtomicU8,
    /// Held by whoever is about to rest, so that nobody sleeps through the wish.
    resting: Mutex<()>,
    wake: Condvar,
    /// Wakes requests on their way.
    wished: Notify,
    /// What wakes those who wait for something else, too.
    bells: Mutex<Vec<Bell>>,
}

/// What rings at the wish.
struct Bell {
    ring: Box<dyn Fn() + Send + Sync>,
    /// Whom it is for; none if it always rings.
    who: Option<Weak<dyn Any + Send + Sync>>,
}

impl Bell {
    fn is_heard(&self) -> bool {
        self.who.as_ref().is_none_or(|who| who.strong_count() > 0)
    }
}

impl fmt::Debug for Flag {
    fn fmt(&self, form: &mut fmt::Formatter) -> fmt::Result {
        form.debug_struct("Flag").field("code", &self.code).finish_non_exhaustive()
    }
}

/// Why something is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Ctrl-C, or a request to end the process.
    Interrupted,
    /// `--timeout` has passed.
    TimedOut,
    /// Nobody reads our output any more.
    PipeClosed,
}

impl Stop {
    /// A flag that nobody has set.
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Asks everything that shares this flag to stop; the first reason stays.
    pub fn set(&self, reason: Reason) {
        let code = match reason {
            Reason::Interrupted => 1,
            Reason::TimedOut => 2,
            Reason::PipeClosed => 3,
        };
        let _ = self.0.code.compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        drop(self.0.resting.lock());
        self.0.wake.notify_all();
        self.0.wished.notify_waiters();
        self.bells().iter().for_each(|bell| (bell.ring)());
    }

    /// Rings at the wish, and at once if it is there already: for those who wait for more than this flag. A bell may ring more than
    /// once, and stays as long as the flag.
    pub fn rings(&self, bell: impl Fn() + Send + Sync + 'static) {
        self.hang(Bell { ring: Box::new(bell), who: None });
    }

    /// The same for as long as somebody is there to be woken.
    pub fn rings_for<T: Send + Sync + 'static>(
        &self,
        who: &Arc<T>,
        bell: impl Fn(&T) + Send + Sync + 'static,
    ) {
        let listener = Arc::downgrade(who);
        let known: Weak<dyn Any + Send + Sync> = listener.clone();
        let ring = move || {
            if let Some(who) = listener.upgrade() {
                bell(&who);
            }
        };
        self.hang(Bell { ring: Box::new(ring), who: Some(known) });
    }

    fn hang(&self, bell: Bell) {
        let mut bells = self.bells();
        if self.is_set() {
            (bell.ring)();
        }
        // A flag may outlive many that it rang for.
        bells.retain(Bell::is_heard);
        bells.push(bell);
    }

    fn bells(&self) -> MutexGuard<'_, Vec<Bell>> {
        self.0.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for so long, or until the wish.
    pub fn rest(&self, most: Duration) {
        let resting = self.0.resting.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.wake.wait_timeout_while(resting, most, |()| !self.is_set()));
    }

    /// Comes at the wish, and at once if it is there already.
    pub async fn wished(&self) {
        // Listened for before it is looked, so that no wish falls in between.
        let wished = self.0.wished.notified();
        if !self.is_set() {
            wished.await;
        }
    }

    /// Takes the wish back, for what comes next in the same process.
    pub fn clear(&self) {
        self.0.code.store(0, Ordering::SeqCst);
    }

    /// Whether and why to stop.
    pub fn reason(&self) -> Option<Reason> {
        match self.0.code.load(Ordering::Relaxed) {
            1 => Some(Reason::Interrupted),
            2 => Some(Reason::TimedOut),
            3 => Some(Reason::PipeClosed),
            _ => None,
        }
    }

    /// Whether to stop.
    pub fn is_set(&self) -> bool {
        self.0.code.load(Ordering::Relaxed) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, Stop};
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    #[test]
    fn bells_go_with_those_they_ring_for() {
        let (stop, rung) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
        for _ in 0..100 {
            stop.rings_for(&Arc::new(()), |()| panic!("nobody is there"));
        }
        stop.rings_for(&rung, |rung| {
            rung.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(stop.bells().len(), 1);
        stop.set(Reason::Interrupted);
        assert_eq!(rung.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn who_waits_for_the_wish_hears_it_even_if_it_is_taken_back() {
        let stop = Stop::new();
        let (mut early, mut late) = (pin!(stop.wished()), pin!(stop.wished()));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(early.as_mut().poll(&mut context), Poll::Pending);
        stop.set(Reason::TimedOut);
        assert_eq!(late.as_mut().poll(&mut context), Poll::Ready(()));
        stop.clear();
        assert_eq!(early.as_mut().poll(&mut context), Poll::Ready(()));
        assert_eq!(pin!(stop.wished()).poll(&mut context), Poll::Pending);
    }
}
