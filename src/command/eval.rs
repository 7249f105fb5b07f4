//! `eval CODE`.

use super::{Context, run, source};
use crate::cli::Eval;
use crate::error::Error;

/// Runs one line of script and prints its value.
pub fn run(context: &Context, options: &Eval) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::code(&options.code, "eval", &root)?;
    let job = run::Job { kind: "eval", script: &script, safety: &options.safety, value: true, earlier: None };
    run::execute(context, job)
}
