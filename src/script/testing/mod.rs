//! Tests of scripts: `tests/NAME_test.rhai` with `test("…", || …)`, run by `vitally-script test`.

mod bench;
mod cases;
mod claims;
mod due;
mod entries;
mod stage;
mod under;
mod world;

pub use bench::{Bench, Case};
pub use entries::ENTRIES;
pub use stage::{Stage, Visit};

use super::Script;
use super::execute::Program;
use super::host::Host;
use super::source::Sources;
use crate::error::{Error, Finding};
use rhai::Engine;
use std::rc::{Rc, Weak};

/// The end of the name of a file with tests.
pub const ENDING: &str = "_test.rhai";

/// What `docs` calls the group of these functions.
pub const TITLE: &str = "Tests (in files of tests only)";

/// Adds the functions of tests to an engine.
pub fn register(engine: &mut Engine, handle: &Weak<Engine>, bench: &Rc<Bench>, sources: &Sources) {
    cases::register(engine, handle, bench, sources);
    claims::register(engine);
    under::register(engine, bench);
    world::register(engine, bench);
}

/// One of these functions.
pub fn is_known(name: &str) -> bool {
    ENTRIES.iter().any(|entry| entry.name == name)
}

/// How one test ended.
#[derive(Debug)]
pub struct Ran {
    /// Which of the file's tests it is.
    pub number: usize,
    /// What went wrong, if it failed.
    pub error: Option<Error>,
}

/// Runs a file of tests to its end and then one of its tests: the one that `choose` names when it has seen all. What
/// stands outside the tests is run before each of them. The error says why the file itself cannot be run.
pub fn run(
    script: &Script,
    host: &Rc<Host>,
    stage: Rc<dyn Stage>,
    choose: &mut dyn FnMut(&[Case]) -> Option<usize>,
) -> Result<Option<Ran>, Error> {
    let bench = Rc::new(Bench::new(&script.name, stage, host));
    let program = Program::new(script, host, Some(&bench))?;
    drop(program.run().map_err(|error| bench.deeper(error))?);
    let cases = bench.close();
    let Some(number) = choose(&cases) else { return Ok(None) };
    let Some(case) = cases.get(number) else { return Ok(None) };
    let error = match case.handler.call(Vec::new()) {
        Ok(_) => None,
        Err(error) => Some(bench.deeper(from_here(program.explain(error), case))),
    };
    Ok(Some(Ran { number, error }))
}

/// An error without the last step of the way to it: every test is called from where it stands.
fn from_here(error: Error, case: &Case) -> Error {
    let Error::Thrown(mut finding) = error else { return error };
    let start = case.place.as_ref().map(|place| (&place.file, place.line));
    if finding.trace.last().map(|place| (&place.file, place.line)) == start {
        finding.trace.pop();
    }
    Error::Thrown(finding)
}

impl Bench {
    /// An error that only passes on one of the script under test shows that one, with the way to it.
    fn deeper(&self, error: Error) -> Error {
        let Error::Thrown(outer) = error else { return error };
        match self.passed_on(&outer.message) {
            Some(Error::Thrown(inner)) => {
                let way = outer.place.into_iter().chain(outer.trace);
                let trace = inner.trace.iter().cloned().chain(way).collect();
                Error::Thrown(Box::new(Finding { trace, ..*inner }))
            }
            Some(other) => other,
            None => Error::Thrown(outer),
        }
    }
}
