//! How long the present call of a hook or a schedule may go on.

use crate::stop::Stop;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// How long the present call may go on; forever where none is made.
#[derive(Default)]
pub struct Patience {
    deadline: Cell<Option<Instant>>,
    cut: RefCell<Option<Stop>>,
}

impl Patience {
    /// A call begins, which may take so long, and less if `cut` is set before.
    pub fn begin(&self, longest: Duration, cut: Option<Stop>) {
        self.deadline.set(Instant::now().checked_add(longest));
        self.cut.replace(cut);
    }

    /// The call has ended; answers whether it had taken too long.
    pub fn end(&self) -> bool {
        let over = self.is_over();
        self.deadline.set(None);
        self.cut.replace(None);
        over
    }

    /// Whether the call must end now.
    pub fn is_over(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| deadline <= Instant::now())
            || self.cut.borrow().as_ref().is_some_and(Stop::is_set)
    }
}
