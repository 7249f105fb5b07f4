//! `eval CODE`.

use super::run::{self, Job};
use super::{Context, source};
use crate::cli::{Eval, Listening, Safety};
use crate::error::Error;
use crate::script::Script;

/// Runs one line of script and prints its value.
pub fn run(context: &Context, options: &Eval) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::code(&options.code, "eval", &root)?;
    run::execute(context, job(&script, &options.safety))
}

/// A line as it is run: it is answered and done with, and hooks in it look once.
pub fn job<'a>(script: &'a Script, safety: &'a Safety) -> Job<'a> {
    let listening = Listening { once: true, ..Listening::default() };
    Job { value: true, listening, ..Job::new("eval", script, safety) }
}
