//! What `serve` and the commands about jobs take. The comments of the options are their help texts.

use super::duration;
use crate::schedule::keeper::MOST_CAUGHT_UP;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// `serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// The folder with the scripts; the project's folder if left out
    pub folder: Option<PathBuf>,
    /// How long runs may go on after Ctrl-C or a request to end, such as 30s or 5m
    #[arg(long, value_name = "DUR", value_parser = duration, default_value = "30s")]
    pub grace: Duration,
    /// More missed times than this at once are held until `jobs release`
    #[arg(long, value_name = "N", default_value_t = MOST_CAUGHT_UP)]
    pub hold_above: usize,
}

/// `jobs`.
#[derive(Args, Debug)]
pub struct Jobs {
    /// What to do.
    #[command(subcommand)]
    pub command: JobsCommand,
}

/// `jobs list`, `jobs next`, …
#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// List the jobs, when they run next and how the last run ended
    List {
        /// The folder with the scripts; the project's folder if left out
        folder: Option<PathBuf>,
    },
    /// Show which jobs run next, in order
    Next {
        /// How many times to show
        #[arg(value_name = "N", default_value_t = 10, hide_default_value = true)]
        count: usize,
        /// The folder with the scripts; the project's folder if left out
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Run the script of a job now, with its profile, arguments and limits
    Run {
        /// The job
        name: String,
        /// The folder with the scripts; the project's folder if left out
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
        /// Show what would change; nothing is sent
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Let a job run no more until jobs resume; its times are written down as skipped
    Pause {
        /// The job
        name: String,
        /// Why, for those who look at the list
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// Let a paused job run again
    Resume {
        /// The job
        name: String,
    },
    /// Show missed times that were too many to be caught up without a word from you
    Held,
    /// Run the missed times that are held, oldest first
    Release {
        /// The job; all if left out
        name: Option<String>,
        /// Leave them out instead
        #[arg(long)]
        discard: bool,
    },
    /// Show what jobs did at their latest times
    History {
        /// The job; all if left out
        name: Option<String>,
        /// How many to show
        #[arg(long, value_name = "N", default_value_t = 20, hide_default_value = true)]
        last: usize,
    },
    /// Compare every planned time with what happened
    Audit {
        /// The job; all if left out
        name: Option<String>,
        /// How far back, such as 24h or 7d
        #[arg(long, value_name = "DUR", value_parser = duration, default_value = "7d")]
        since: Duration,
    },
    /// Let the system start serve by itself: a systemd unit of yours, or a launchd agent
    Install {
        /// The folder with the scripts; the project's folder if left out
        folder: Option<PathBuf>,
        /// Write the file without being asked
        #[arg(short, long)]
        yes: bool,
        /// Print the file and write nothing
        #[arg(long)]
        print: bool,
    },
}
