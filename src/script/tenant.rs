//! One profile as a script sees it: `profile("eu")`, or the one it was started with.

use crate::gate::Gate;
use std::cell::RefCell;
use std::rc::Rc;

/// A handle to a profile; cheap to clone.
#[derive(Clone)]
pub struct Tenant {
    /// The profile's name in `vitally.toml`.
    pub name: Rc<str>,
    /// Its gate. While an event is handled it is one of its own, with its own limits and its own place in the
    /// journal.
    gate: Rc<RefCell<Rc<Gate>>>,
}

impl Tenant {
    /// A handle to a profile's gate.
    pub fn new(name: &str, gate: Gate) -> Tenant {
        Tenant { name: name.into(), gate: Rc::new(RefCell::new(Rc::new(gate))) }
    }

    /// Its gate.
    pub fn gate(&self) -> Rc<Gate> {
        Rc::clone(&self.gate.borrow())
    }

    /// Goes through another gate from now on; answers the one before.
    pub fn go_through(&self, gate: Rc<Gate>) -> Rc<Gate> {
        self.gate.replace(gate)
    }
}
