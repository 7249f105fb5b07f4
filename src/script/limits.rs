//! How far a script may go: steps, depth, memory, and the wish to stop.

use super::host::Host;
use super::raise::Raised;
use crate::memory;
use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::rc::Rc;

/// Steps of one run, about a minute of computing without a pause: more is a loop that never ends.
pub const STEPS: u64 = 1_000_000_000;
/// How deep functions may call each other.
pub const CALLS: usize = 64;
/// How deep expressions may nest.
pub const NESTING: usize = 64;
/// Bytes that the process may hold while a script runs. Some 180,000 accounts fit.
pub const MEMORY: usize = 768 * 1024 * 1024;
/// The stack of a script's thread, in bytes. [`CALLS`] levels need 16 MB in a debug build; the rest is for lists that hold
/// lists that hold lists…, which are copied and dropped level by level. The system gives what is used.
pub const STACK: usize = 512 * 1024 * 1024;

/// The token of a script that was stopped because it took too much memory.
pub const OUT_OF_MEMORY: &str = "memory";

/// The token of a function of a hook or a schedule that was stopped because it took too long.
pub const OUT_OF_TIME: &str = "time";

/// Steps between two looks at the time. The memory is looked at in every step, since a step can double it.
const LOOK_EVERY: u64 = 16;

/// Sets the limits. Size limits of single values are not set on purpose: they make `push` slow, and the memory
/// limit holds for everything together.
pub fn set(engine: &mut Engine, host: &Rc<Host>) {
    engine.set_max_operations(STEPS);
    engine.set_max_call_levels(CALLS);
    let host = Rc::clone(host);
    engine.on_progress(move |step| {
        if host.stop.is_set() {
            return Some(Dynamic::UNIT);
        }
        if memory::held() > MEMORY {
            return Some(OUT_OF_MEMORY.into());
        }
        let over = step % LOOK_EVERY == 0 && host.patience.is_over();
        over.then(|| OUT_OF_TIME.into())
    });
}

/// Ends the script if it is to stop or has no more time. What takes long without a step asks so meanwhile.
pub fn goes_on(host: &Host) -> Result<(), Raised> {
    let ended = |token: Dynamic| Err(Box::new(EvalAltResult::ErrorTerminated(token, Position::NONE)));
    if host.stop.is_set() {
        return ended(Dynamic::UNIT);
    }
    if host.patience.is_over() {
        return ended(OUT_OF_TIME.into());
    }
    Ok(())
}
