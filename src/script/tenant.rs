//! One profile as a script sees it: `profile("eu")`, or the one it was started with.

use crate::gate::Gate;
use std::cell::RefCell;
use std::rc::Rc;

/// A handle to a profile; cheap to clone.
#[derive(Clone)]
pub struct Tenant {
    /// The profile's name in `vitally.toml`.
    pub name: Rc<str>,
    of_run: Rc<Gate>,
    /// While an event is handled, or a schedule is called: a gate of its own, with its own limits and its own place in the
    /// journal.
    of_call: Rc<RefCell<Option<Rc<Gate>>>>,
}

impl Tenant {
    /// A handle to a profile's gate.
    pub fn new(name: &str, gate: Gate) -> Tenant {
        Tenant { name: name.into(), of_run: Rc::new(gate), of_call: Rc::default() }
    }

    /// Its gate: that of the call which is made now, else that of the run.
    pub fn gate(&self) -> Rc<Gate> {
        self.of_call.borrow().as_ref().map_or_else(|| self.of_run(), Rc::clone)
    }

    /// Its gate outside of calls.
    pub fn of_run(&self) -> Rc<Gate> {
        Rc::clone(&self.of_run)
    }

    /// Goes through this gate until the call has ended.
    pub fn begin_call(&self, gate: Rc<Gate>) {
        self.of_call.replace(Some(gate));
    }

    /// Goes through the gate of the run again.
    pub fn end_call(&self) {
        self.of_call.replace(None);
    }
}
