//! `eval CODE`.

use super::{Context, run, source};
use crate::cli::{Eval, Listening};
use crate::error::Error;

/// Runs one line of script and prints its value.
pub fn run(context: &Context, options: &Eval) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::code(&options.code, "eval", &root)?;
    // A line is answered and done with: hooks in it look once.
    let (safety, listening) = (&options.safety, Listening { once: true, ..Listening::default() });
    let job =
        run::Job { kind: "eval", script: &script, safety, value: true, earlier: None, listening, ear: None };
    run::execute(context, job)
}
