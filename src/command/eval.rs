//! `eval CODE`.

use super::{Context, run, source};
use crate::cli::Eval;
use crate::error::Error;

/// Runs one line of script and prints its value.
pub fn run(context: &Context, options: &Eval) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::code(&options.code, "eval", &root)?;
    run::execute(context, &script, &options.safety, true)
}
