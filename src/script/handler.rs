//! A function that a script gave to `on(…)` or `schedule(…)`, kept with everything it needs to be called much later: the imports,
//! constants and captured values of the place where it was given.

use super::callback::parameters;
use super::raise::{Raised, mistake};
use rhai::{Dynamic, Engine, FnPtr, NativeCallContext};
use std::ops::RangeInclusive;
use std::rc::Weak;

/// A kept function.
#[allow(
    deprecated,
    reason = "Rhai marks its stored contexts so because they may change; the version is pinned"
)]
pub struct Handler {
    context: rhai::NativeCallContextStore,
    engine: Weak<Engine>,
    function: FnPtr,
    /// How many values it takes.
    values: usize,
}

#[allow(
    deprecated,
    reason = "Rhai marks its stored contexts so because they may change; the version is pinned"
)]
impl Handler {
    /// Keeps a function of so many values, the most that it can take; `example` shows how to write one.
    pub fn new(
        context: &NativeCallContext,
        function: &FnPtr,
        engine: &Weak<Engine>,
        values: RangeInclusive<usize>,
        example: &str,
    ) -> Result<Handler, Raised> {
        let counts: Vec<usize> = parameters(context, function).collect();
        let name = context.fn_name();
        let Some(values) = values.rev().find(|count| counts.contains(count)) else {
            let what = match counts.first() {
                None => format!("there is no function called \"{}\" to give to {name}", function.fn_name()),
                Some(count) => format!("the function given to {name} takes {count} values"),
            };
            return Err(mistake(what, format!("write {example}")));
        };
        let engine = Weak::clone(engine);
        Ok(Handler { context: context.store_data(), engine, function: function.clone(), values })
    }

    /// Calls it with as many of these values as it takes.
    pub fn call(&self, values: Vec<Dynamic>) -> Result<Dynamic, Raised> {
        let engine = self
            .engine
            .upgrade()
            .ok_or_else(|| mistake("the script that gave this function has ended", "run the script again"))?;
        let values: Vec<Dynamic> = values.into_iter().take(self.values).collect();
        self.function.call_raw(&self.context.create_context(&engine), None, values)
    }
}
