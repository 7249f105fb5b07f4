//! Where a request is, as seen both by the thread that carries it and by the one that waits for it.

use std::sync::atomic::{AtomicU8, Ordering};

const STARTED: u8 = 1;
const OUT: u8 = 2;
const DOUBT: u8 = 4;
const ENDED: u8 = 8;
const ABANDONED: u8 = 16;

/// The state of one request, with its tries.
#[derive(Debug, Default)]
pub(super) struct Flight(AtomicU8);

/// What the one who waited leaves behind.
pub(super) struct Left {
    /// A try was out, or an earlier one ended unclear.
    pub(super) in_doubt: bool,
    /// A thread is still busy with it.
    pub(super) running: bool,
}

impl Flight {
    /// A thread takes it up; false if nobody waits for it any more.
    pub(super) fn start(&self) -> bool {
        self.0.fetch_or(STARTED, Ordering::SeqCst) & ABANDONED == 0
    }

    /// A try is about to leave; false if nobody waits for it any more, and then it must not leave.
    pub(super) fn leave(&self) -> bool {
        self.0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |state| {
                (state & ABANDONED == 0).then_some(state | OUT)
            })
            .is_ok()
    }

    /// A try ended; `doubt` if Vitally may have done it all the same.
    pub(super) fn land(&self, doubt: bool) {
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |state| {
            Some((state & !OUT) | if doubt { DOUBT } else { 0 })
        });
    }

    /// Whether a try ended in doubt.
    pub(super) fn in_doubt(&self) -> bool {
        self.0.load(Ordering::SeqCst) & DOUBT != 0
    }

    /// Whether nobody waits for it any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::SeqCst) & ABANDONED != 0
    }

    /// The thread is done with it; true if somebody still waited.
    pub(super) fn end(&self) -> bool {
        self.0.fetch_or(ENDED, Ordering::SeqCst) & ABANDONED == 0
    }

    /// Nobody waits for it any more.
    pub(super) fn abandon(&self) -> Left {
        let state = self.0.fetch_or(ABANDONED, Ordering::SeqCst);
        Left {
            in_doubt: state & (OUT | DOUBT) != 0,
            running: state & STARTED != 0 && state & (ENDED | ABANDONED) == 0,
        }
    }
}
