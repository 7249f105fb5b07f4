//! Parses, runs, prints, and ends with the exit code.

use std::collections::BTreeMap;
use std::process::ExitCode;

fn main() -> ExitCode {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    ExitCode::from(vitally_script::command::start(std::env::args_os().collect(), environment))
}
