//! Functions of the language whose result may be far larger than what they get: they ask for room before they make it,
//! since the limit of memory is looked at only between steps.

use super::limits;
use super::raise::Raised;
use crate::memory;
use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, INT, Position};

/// The bytes that one value of a list takes, at least.
pub const VALUE: usize = size_of::<Dynamic>();

/// Refuses, as the limit of memory does, what would take so many bytes more than there are.
pub fn ask(bytes: usize) -> Result<(), Raised> {
    if memory::held().saturating_add(bytes) <= limits::MEMORY {
        return Ok(());
    }
    Err(too_much())
}

/// What ends a script that takes too much memory.
#[allow(clippy::unnecessary_box_returns, reason = "Rhai's functions return their errors boxed")]
pub fn too_much() -> Raised {
    Box::new(EvalAltResult::ErrorTerminated(limits::OUT_OF_MEMORY.into(), Position::NONE))
}

/// Registers them; they come before Rhai's own.
pub fn register(engine: &mut Engine) {
    engine.register_fn("pad", |list: &mut Array, length: INT, item: Dynamic| -> Result<(), Raised> {
        let length = usize::try_from(length).unwrap_or(0);
        if length > list.len() {
            ask((length - list.len()).saturating_mul(VALUE))?;
            list.resize(length, item);
        }
        Ok(())
    });
    engine.register_fn("pad", |bytes: &mut Blob, length: INT, item: INT| -> Result<(), Raised> {
        let length = usize::try_from(length).unwrap_or(0);
        if length > bytes.len() {
            ask(length - bytes.len())?;
            bytes.resize(length, lowest(item));
        }
        Ok(())
    });
    engine.register_fn("blob", |length: INT| blob(length, 0));
    engine.register_fn("blob", blob);
}

fn blob(length: INT, item: INT) -> Result<Blob, Raised> {
    let length = usize::try_from(length).unwrap_or(0);
    ask(length)?;
    Ok(vec![lowest(item); length])
}

/// The lowest eight bits of a number.
fn lowest(number: INT) -> u8 {
    number.to_le_bytes()[0]
}
