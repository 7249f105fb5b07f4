//! Taking texts apart: as Rhai does it, but into no more pieces than there is room for, and no longer than the script may
//! take.

use super::host::Host;
use super::limits;
use super::raise::Raised;
use super::room::{self, VALUE};
use rhai::{Array, Engine, INT};
use std::rc::Rc;

/// The bytes that a text takes beside its characters.
const TEXT: usize = 48;
/// Texts up to this length are taken apart without counting first.
const SHORT: usize = 64 * 1024;
/// After so many pieces it is looked whether the script is to end.
const LOOK_EVERY: usize = 4096;

/// Registers them; they come before Rhai's own.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for name in ["split", "split_rev"] {
        let backwards = name == "split_rev";
        let run = Rc::clone(host);
        engine.register_fn(name, move |text: &str, mark: &str| split(&run, text, mark, None, backwards));
        let run = Rc::clone(host);
        engine.register_fn(name, move |text: &str, mark: char| {
            split(&run, text, mark.encode_utf8(&mut [0; 4]), None, backwards)
        });
        let run = Rc::clone(host);
        engine.register_fn(name, move |text: &str, mark: &str, most: INT| {
            split(&run, text, mark, Some(most), backwards)
        });
        let run = Rc::clone(host);
        engine.register_fn(name, move |text: &str, mark: char, most: INT| {
            split(&run, text, mark.encode_utf8(&mut [0; 4]), Some(most), backwards)
        });
    }
    let run = Rc::clone(host);
    engine.register_fn("split", move |text: &str| {
        let count = || text.split_whitespace().count();
        gathered(&run, text, count, text.split_whitespace())
    });
}

fn split(host: &Host, text: &str, mark: &str, most: Option<INT>, backwards: bool) -> Result<Array, Raised> {
    let count = || text.matches(mark).count();
    let most = most.map(|most| usize::try_from(most).unwrap_or(1).max(1));
    match (most, backwards) {
        (None, false) => gathered(host, text, count, text.split(mark)),
        (None, true) => gathered(host, text, count, text.rsplit(mark)),
        (Some(most), false) => gathered(host, text, count, text.splitn(most, mark)),
        (Some(most), true) => gathered(host, text, count, text.rsplitn(most, mark)),
    }
}

fn gathered<'t>(
    host: &Host,
    text: &str,
    count: impl FnOnce() -> usize,
    pieces: impl Iterator<Item = &'t str>,
) -> Result<Array, Raised> {
    if text.len() > SHORT {
        room::ask(text.len().saturating_add(count().saturating_mul(VALUE + TEXT)))?;
    }
    let mut list = Array::new();
    for (place, piece) in pieces.enumerate() {
        if place % LOOK_EVERY == LOOK_EVERY - 1 {
            limits::goes_on(host)?;
        }
        list.push(piece.to_string().into());
    }
    Ok(list)
}
