//! What a script keeps between its runs: small values, and what it has done once.

use super::super::callback::Callback;
use super::super::host::{Host, Keeper, Keeping};
use super::super::raise::{Raised, mistake};
use super::super::value;
use super::super::words::described;
use super::{Entry, entry};
use rhai::{Array, Dynamic, Engine, FnPtr, NativeCallContext};
use serde_json::Value;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "state",
        "state.get(key, [default])",
        "A value that an earlier run of this script has kept; the default, or (), if there is none. Every script has its \
         own, for each profile",
        "let before = state.get(\"accounts\", 0);\nprint(accounts().len() - before);",
    ),
    entry(
        "set",
        "state.set(key, value)",
        "Keeps a small value for the next run of this script; a dry run keeps nothing",
        "state.set(\"accounts\", accounts().len());",
    ),
    entry("delete", "state.delete(key)", "Forgets a value that was kept", "state.delete(\"accounts\");"),
    entry("keys", "state.keys()", "The names of all values that are kept", "print(state.keys());"),
    entry(
        "once",
        "once(key, || …)",
        "Runs a function unless an earlier run of this script has done so under that key, and gives its value. If it fails, \
         the next run tries it again",
        "once(\"welcome\", || create_task(#{ name: \"Welcome\", accountId: accounts().first().id }));",
    ),
];

/// The longest key, in characters.
const KEY: usize = 500;
/// The most bytes of a value.
const SIZE: usize = 64 * 1024;

/// The constant `state`.
#[derive(Clone, Copy)]
pub struct State;

/// Registers the type of the constant `state`.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<State>("state");
    engine.register_fn("to_string", |_: State| "state".to_string());
    engine.register_fn("to_debug", |_: State| "state".to_string());
}

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let kept = Rc::clone(&host.state);
    engine.register_fn("get", move |_: State, key: &str| read(&*kept, key, Dynamic::UNIT));
    let kept = Rc::clone(&host.state);
    engine.register_fn("get", move |_: State, key: &str, default: Dynamic| read(&*kept, key, default));
    let kept = Rc::clone(&host.state);
    engine.register_fn("set", move |_: State, key: &str, new: Dynamic| -> Result<(), Raised> {
        let new = value::to_json(&new)?;
        let size = new.to_string().len();
        if size > SIZE {
            return Err(mistake(
                format!("the value of \"{key}\" takes {size} bytes, and at most {SIZE} can be kept"),
                "keep what the next run needs, such as the last id; write more into a file with write_json",
            ));
        }
        kept.keep(Keeping::Value, checked(key)?, Some(new))?;
        Ok(())
    });
    let kept = Rc::clone(&host.state);
    engine.register_fn("delete", move |_: State, key: &str| -> Result<(), Raised> {
        kept.keep(Keeping::Value, checked(key)?, None)?;
        Ok(())
    });
    let kept = Rc::clone(&host.state);
    engine.register_fn("keys", move |_: State| -> Result<Array, Raised> {
        Ok(kept.keys(Keeping::Value)?.into_iter().map(Dynamic::from).collect())
    });
    let kept = Rc::clone(&host.state);
    engine.register_fn("once", move |context: NativeCallContext, key: Dynamic, function: FnPtr| {
        once(&*kept, &context, &key, &function)
    });
}

fn read(kept: &dyn Keeper, key: &str, default: Dynamic) -> Result<Dynamic, Raised> {
    Ok(kept.read(Keeping::Value, checked(key)?)?.map_or(default, value::from_json))
}

fn once(
    kept: &dyn Keeper,
    context: &NativeCallContext,
    key: &Dynamic,
    function: &FnPtr,
) -> Result<Dynamic, Raised> {
    let Ok(text) = key.as_immutable_string_ref() else {
        return Err(mistake(
            format!("once needs a text as its key, and got {}", described(key)),
            "such as once(`welcome ${account.id}`, || …)",
        ));
    };
    let callback = Callback::new(context, function, 0)?;
    if let Some(before) = kept.read(Keeping::Once, checked(&text)?)? {
        return Ok(value::from_json(before));
    }
    let answer = callback.run(0)?;
    // That it was done counts more than what it gave.
    let plain = value::to_json(&answer).ok().filter(|plain| plain.to_string().len() <= SIZE);
    kept.keep(Keeping::Once, &text, Some(plain.unwrap_or(Value::Null)))?;
    Ok(answer)
}

fn checked(key: &str) -> Result<&str, Raised> {
    let length = key.chars().count();
    if length > 0 && length <= KEY {
        return Ok(key);
    }
    Err(mistake(
        format!("a key has 1 to {KEY} characters, and this one has {length}"),
        "such as \"last run\"",
    ))
}
