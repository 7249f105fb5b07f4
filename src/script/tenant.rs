//! One profile as a script sees it: `profile("eu")`, or the one it was started with.

use crate::gate::Gate;
use std::rc::Rc;

/// A handle to a profile; cheap to clone.
#[derive(Clone)]
pub struct Tenant {
    /// The profile's name in `vitally.toml`.
    pub name: Rc<str>,
    /// Its door.
    pub gate: Rc<Gate>,
}

impl Tenant {
    /// A handle to a profile's door.
    pub fn new(name: &str, gate: Gate) -> Tenant {
        Tenant { name: name.into(), gate: Rc::new(gate) }
    }
}
