//! `completions SHELL`.

use super::Context;
use crate::cli::{self, Completions};
use crate::exit;

/// Prints the completions for a shell.
pub fn run(context: &Context, options: &Completions) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut cli::command(), "vitally-script", &mut text);
    context.console.write(&String::from_utf8_lossy(&text));
    exit::DONE
}
