//! What the functions of one test share.

use super::stage::{Stage, Visit};
use crate::error::{Error, Place};
use crate::script::Script;
use crate::script::execute::Program;
use crate::script::handler::Handler;
use crate::script::host::Host;
use crate::script::raise::{Raised, raise};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One test of a file.
pub struct Case {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// What it does.
    pub(super) handler: Handler,
}

/// A script that was run in the test, and stays for what happens later.
pub struct Standing {
    /// The script.
    pub script: Script,
    /// What it was given.
    pub arguments: BTreeMap<String, String>,
    /// Its engine.
    pub program: Program,
    /// Its run.
    pub visit: Rc<dyn Visit>,
}

/// What the functions of one test share.
pub struct Bench {
    pub(super) stage: Rc<dyn Stage>,
    pub(super) host: Rc<Host>,
    /// The name of the file.
    pub(super) file: String,
    /// The tests of the file so far.
    cases: RefCell<Vec<Case>>,
    /// The file has been read; the test itself runs.
    closed: Cell<bool>,
    pub(super) standing: RefCell<Vec<Rc<Standing>>>,
    /// The last error of a script under test, with its place.
    error: RefCell<Option<Error>>,
}

impl Bench {
    /// A bench on which nothing was done.
    pub fn new(file: &str, stage: Rc<dyn Stage>, host: &Rc<Host>) -> Bench {
        Bench {
            file: file.into(),
            stage,
            host: Rc::clone(host),
            cases: RefCell::default(),
            closed: Cell::new(false),
            standing: RefCell::default(),
            error: RefCell::default(),
        }
    }

    /// Notes a test; false once the file has been read.
    pub(super) fn add(&self, case: Case) -> bool {
        if self.closed.get() {
            return false;
        }
        self.cases.borrow_mut().push(case);
        true
    }

    /// Whether there is a test of that name already.
    pub(super) fn has(&self, name: &str) -> bool {
        self.cases.borrow().iter().any(|case| case.name == name)
    }

    /// Takes the tests of the file; there will be no more.
    pub(super) fn close(&self) -> Vec<Case> {
        self.closed.set(true);
        self.cases.take()
    }

    /// Raises an error of a script under test where the test has run it.
    pub(super) fn pass_on(&self, error: Error) -> Raised {
        let (kind, message) = self.stage.words(&error);
        *self.error.borrow_mut() = Some(error);
        raise(&kind, message.text, message.help)
    }

    /// The error that was passed on with this message, once.
    pub(super) fn passed_on(&self, message: &str) -> Option<Error> {
        let mut kept = self.error.borrow_mut();
        let same = kept.as_ref().is_some_and(|error| self.stage.words(error).1.text == message);
        if same { kept.take() } else { None }
    }
}
