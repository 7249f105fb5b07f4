//! Functions of the language whose result may be far larger than what they get: they ask for room before they make it,
//! since the limit of memory is looked at only between steps.

use super::limits;
use super::raise::Raised;
use crate::memory;
use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, INT, Position};

/// The bytes that one value of a list takes, at least.
const VALUE: usize = size_of::<Dynamic>();
/// The bytes that a text takes beside its characters.
const TEXT: usize = 48;
/// Texts up to this length are taken apart without counting first.
const SHORT: usize = 64 * 1024;

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
    for name in ["split", "split_rev"] {
        let backwards = name == "split_rev";
        engine.register_fn(name, move |text: &str, mark: &str| split(text, mark, None, backwards));
        engine.register_fn(name, move |text: &str, mark: char| {
            split(text, mark.encode_utf8(&mut [0; 4]), None, backwards)
        });
        engine.register_fn(name, move |text: &str, mark: &str, most: INT| {
            split(text, mark, Some(most), backwards)
        });
        engine.register_fn(name, move |text: &str, mark: char, most: INT| {
            split(text, mark.encode_utf8(&mut [0; 4]), Some(most), backwards)
        });
    }
    engine.register_fn("split", |text: &str| -> Result<Array, Raised> {
        if text.len() > SHORT {
            ask(text.len().saturating_add(text.split_whitespace().count().saturating_mul(VALUE + TEXT)))?;
        }
        Ok(text.split_whitespace().map(|word| Dynamic::from(word.to_string())).collect())
    });
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

fn split(text: &str, mark: &str, most: Option<INT>, backwards: bool) -> Result<Array, Raised> {
    if text.len() > SHORT {
        ask(text.len().saturating_add(text.matches(mark).count().saturating_mul(VALUE + TEXT)))?;
    }
    let piece = |piece: &str| Dynamic::from(piece.to_string());
    let most = most.map(|most| usize::try_from(most).unwrap_or(1).max(1));
    Ok(match (most, backwards) {
        (None, false) => text.split(mark).map(piece).collect(),
        (None, true) => text.rsplit(mark).map(piece).collect(),
        (Some(most), false) => text.splitn(most, mark).map(piece).collect(),
        (Some(most), true) => text.rsplitn(most, mark).map(piece).collect(),
    })
}
