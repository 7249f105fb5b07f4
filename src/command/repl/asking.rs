//! Questions while a person types line by line: they are read as lines are, so that nothing else waits for keys.

use super::super::Context;
use crate::repl::editor::{Interrupted, question};
use crate::stop::Reason;

/// From now on questions are asked so; Ctrl-C at one stops what asked it.
pub fn begin(context: &Context) {
    let stop = context.stop.clone();
    context.console.begin_dialogue(move |text| {
        question(text).unwrap_or_else(|Interrupted| {
            stop.set(Reason::Interrupted);
            None
        })
    });
}
