//! What the commands take that begin scripts.

use super::duration;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// `examples`.
#[derive(Args, Debug)]
pub struct Examples {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<ExamplesCommand>,
}

/// `examples show` and `examples copy`.
#[derive(Debug, Subcommand)]
pub enum ExamplesCommand {
    /// Print an example
    Show {
        /// Its name, such as renewals
        name: String,
    },
    /// Write an example into this folder
    Copy {
        /// Its name, such as renewals
        name: String,
    },
}

/// `new`.
#[derive(Args, Debug)]
pub struct New {
    /// The script's name, with or without .rhai
    pub name: String,
    /// Begin from this example
    #[arg(long, value_name = "EXAMPLE")]
    pub from: Option<String>,
}

/// `test`.
#[derive(Args, Debug)]
pub struct Test {
    /// Files of tests, or folders with such files; this folder if none is named
    pub paths: Vec<PathBuf>,
    /// Only the tests with this text in their names
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Also write how they went to this file, for build servers
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How long one test may take
    #[arg(long, value_name = "DUR", value_parser = duration, default_value = "60s")]
    pub timeout: Duration,
}
