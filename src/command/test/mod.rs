//! `test [PATH…]`: runs the tests of scripts, each in a tenant of its own in this process.

mod answers;
mod elsewhere;
mod fake;
mod find;
mod junit;
mod made;
mod stage;
mod tell;
mod variety;
mod visit;
mod work;

use super::Context;
use crate::cli::{Format, Test};
use crate::error::Error;
use crate::exit;
use std::fs;
use std::time::Instant;

/// Runs the tests of some files, or all of the project.
pub fn run(context: &Context, options: &Test) -> Result<u8, Error> {
    let started = Instant::now();
    let files = find::files(&options.paths)?;
    let tests = work::all(context, &files, options)?;
    if let Some(reason) = context.stop.reason() {
        return Err(Error::Stopped(reason));
    }
    if let (true, Some(name)) = (tests.is_empty(), &options.name) {
        return Err(Error::usage(
            format!("no test has \"{name}\" in its name"),
            "leave out --name to run all of them",
        ));
    }
    if let Some(path) = &options.junit {
        let written = fs::write(path, junit::document(&tests));
        written.map_err(|cause| Error::File { path: path.clone(), doing: "write", cause })?;
    }
    if context.console.format_or(Format::Table) == Format::Table {
        tell::people(&context.console, &tests, started.elapsed());
    } else {
        tell::data(&context.console, &tests);
    }
    let all_well = tests.iter().all(|test| test.failure.is_none());
    Ok(if all_well { exit::DONE } else { exit::ASSERTION })
}
