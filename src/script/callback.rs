//! Calling the functions that scripts give to verbs such as `where` and `map`.

use super::raise::{Raised, mistake};
use super::words::described;
use rhai::{Dynamic, Engine, FnPtr, NativeCallContext};
use std::rc::Weak;

/// A function given to a verb, for the time of the call.
pub struct Callback<'a> {
    context: &'a NativeCallContext<'a>,
    function: FnPtr,
    with_place: bool,
}

impl<'a> Callback<'a> {
    /// A function that takes `values` values, and the place if it has one parameter more.
    pub fn new(
        context: &'a NativeCallContext<'a>,
        function: &FnPtr,
        values: usize,
    ) -> Result<Callback<'a>, Raised> {
        let with_place = takes_place(context, function, values)?;
        Ok(Callback { context, function: function.clone(), with_place })
    }

    /// What the function gives by itself.
    pub fn run(&self, place: usize) -> Result<Dynamic, Raised> {
        call(self.context, &self.function, self.with_place, [], place)
    }

    /// What the function gives for an item.
    pub fn call(&self, item: Dynamic, place: usize) -> Result<Dynamic, Raised> {
        call(self.context, &self.function, self.with_place, [item], place)
    }

    /// What the function gives for two values.
    pub fn call_pair(&self, one: Dynamic, two: Dynamic, place: usize) -> Result<Dynamic, Raised> {
        call(self.context, &self.function, self.with_place, [one, two], place)
    }

    /// Whether the function says true for an item.
    pub fn says(&self, item: &Dynamic, place: usize) -> Result<bool, Raised> {
        truth(self.context.fn_name(), &self.call(item.clone(), place)?)
    }
}

/// A function kept in a lazy list, with what it needs to be called later.
#[allow(
    deprecated,
    reason = "Rhai marks its stored contexts so because they may change; the version is pinned"
)]
pub struct Stored {
    context: rhai::NativeCallContextStore,
    engine: Weak<Engine>,
    function: FnPtr,
    with_place: bool,
}

#[allow(
    deprecated,
    reason = "Rhai marks its stored contexts so because they may change; the version is pinned"
)]
impl Stored {
    /// Keeps a function of one value.
    pub fn new(
        context: &NativeCallContext,
        function: &FnPtr,
        engine: &Weak<Engine>,
    ) -> Result<Stored, Raised> {
        let with_place = takes_place(context, function, 1)?;
        let engine = Weak::clone(engine);
        Ok(Stored { context: context.store_data(), engine, function: function.clone(), with_place })
    }

    /// What the function gives for an item.
    pub fn call(&self, item: Dynamic, place: usize) -> Result<Dynamic, Raised> {
        let engine = self.engine.upgrade().ok_or_else(|| {
            mistake("this list outlived the script that made it", "walk the list where it was made")
        })?;
        call(&self.context.create_context(&engine), &self.function, self.with_place, [item], place)
    }

    /// Whether the function says true for an item.
    pub fn says(&self, item: &Dynamic, place: usize) -> Result<bool, Raised> {
        truth(&self.context.fn_name, &self.call(item.clone(), place)?)
    }
}

fn call<const N: usize>(
    context: &NativeCallContext,
    function: &FnPtr,
    with_place: bool,
    values: [Dynamic; N],
    place: usize,
) -> Result<Dynamic, Raised> {
    if !with_place {
        return function.call_raw(context, None, values);
    }
    let place = Dynamic::from_int(i64::try_from(place).unwrap_or(i64::MAX));
    let mut all: Vec<Dynamic> = values.into();
    all.push(place);
    function.call_raw(context, None, all)
}

fn truth(verb: &str, answer: &Dynamic) -> Result<bool, Raised> {
    answer.as_bool().map_err(|_| {
        mistake(
            format!("the function given to {verb} must say true or false, and gave {}", described(answer)),
            "compare something in it, such as |item| item.name == \"Acme\"",
        )
    })
}

/// How many values a function that the script wrote takes; several answers if several have its name.
pub fn parameters<'a>(
    context: &'a NativeCallContext,
    function: &'a FnPtr,
) -> impl Iterator<Item = usize> + use<'a> {
    context
        .iter_namespaces()
        .flat_map(rhai::Module::iter_script_fn_info)
        .filter(|(_, _, name, ..)| *name == function.fn_name())
        .filter_map(|(_, _, _, count, _)| count.checked_sub(function.curry().len()))
}

/// Whether a function of `values` values also takes the place in the list, from 0.
fn takes_place(context: &NativeCallContext, function: &FnPtr, values: usize) -> Result<bool, Raised> {
    let mut counts = parameters(context, function).peekable();
    if counts.peek().is_none() {
        return Ok(false);
    }
    let mut found = None;
    for count in counts {
        if count == values {
            return Ok(false);
        }
        found = Some(count);
    }
    match found {
        Some(count) if count == values + 1 => Ok(true),
        _ => {
            let found = found.unwrap_or_default();
            let example = match values {
                0 => "|| { … }",
                1 => "|item| … or |item, place| …",
                _ => "|sofar, item| …",
            };
            Err(mistake(
                format!("the function given to {} takes {found} values", context.fn_name()),
                format!("write {example}"),
            ))
        }
    }
}
