//! `eval CODE`.

use super::run::{self, Job};
use super::{Context, source};
use crate::cli::{Eval, Listening};
use crate::error::Error;

/// Runs one line of script and prints its value.
pub fn run(context: &Context, options: &Eval) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::code(&options.code, "eval", &root)?;
    // A line is answered and done with: hooks in it look once.
    let listening = Listening { once: true, ..Listening::default() };
    run::execute(context, Job { value: true, listening, ..Job::new("eval", &script, &options.safety) })
}
