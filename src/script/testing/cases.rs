//! `test("…", || …)`: one test of a file.

use super::bench::{Bench, Case};
use crate::script::handler::Handler;
use crate::script::raise::{Raised, mistake};
use crate::script::source::Sources;
use rhai::{Engine, FnPtr, NativeCallContext};
use std::rc::{Rc, Weak};

/// Registers the function.
pub fn register(engine: &mut Engine, handle: &Weak<Engine>, bench: &Rc<Bench>, sources: &Sources) {
    let (handle, bench, sources) = (Weak::clone(handle), Rc::clone(bench), sources.clone());
    engine.register_fn(
        "test",
        move |context: NativeCallContext, name: &str, function: FnPtr| -> Result<(), Raised> {
            let name = name.trim().to_string();
            if name.is_empty() {
                return Err(mistake(
                    "a test needs a name",
                    "such as test(\"a detractor gets one task\", || …)",
                ));
            }
            if bench.has(&name) {
                return Err(mistake(
                    format!("two tests of this file are called \"{name}\""),
                    "give each a name that says what is special about it",
                ));
            }
            let place = sources.place(context.fn_source().unwrap_or(&bench.file), context.call_position());
            let handler = Handler::new(&context, &function, &handle, 0..=0, "test(\"…\", || { … })")?;
            if bench.add(Case { name, place, handler }) {
                return Ok(());
            }
            Err(mistake("a test cannot stand in another test", "write it below the other one"))
        },
    );
}
