//! What the commands take that look at changes, send them, and take them back.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// What keeps sending within bounds.
#[derive(Args, Debug, Default)]
pub struct Sending {
    /// Show what would be sent now; nothing is sent
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Do not ask before changes
    #[arg(short, long)]
    pub yes: bool,
    /// The answer to the question before deletes, such as "delete 3 acme"
    #[arg(long, value_name = "TEXT")]
    pub confirm: Option<String>,
    /// How many changes may be made; 500 on production if left out
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// How many records may be deleted; none on production if left out
    #[arg(long, value_name = "N")]
    pub max_deletes: Option<u64>,
}

/// `apply`.
#[derive(Args, Debug)]
pub struct Apply {
    /// The plan's file, or - for standard input
    pub plan: PathBuf,
    /// Send only the first N changes; resume sends the rest
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Send N changes, show how they went, and ask before the rest
    #[arg(long, value_name = "N")]
    pub canary: Option<u64>,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub sending: Sending,
}

/// `:apply` in a dialogue.
#[derive(Debug, Parser)]
#[command(name = ":apply", no_binary_name = true, disable_help_flag = true)]
pub struct ApplyCollected {
    /// Send only the first N changes; the rest stays collected
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Send N changes, show how they went, and ask before the rest
    #[arg(long, value_name = "N")]
    pub canary: Option<u64>,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub sending: Sending,
}

/// `plan`.
#[derive(Args, Debug)]
pub struct Plan {
    /// What to do.
    #[command(subcommand)]
    pub command: PlanCommand,
}

/// `plan show`.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Show every change of a plan: field, before and after
    Show {
        /// The plan's file, or - for standard input
        plan: PathBuf,
    },
}

/// `undo`.
#[derive(Args, Debug)]
pub struct Undo {
    /// The run's id, such as 8F2K, or last
    pub run: String,
    /// Make deleted records again, with new ids
    #[arg(long)]
    pub recreate: bool,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub sending: Sending,
}

/// `resume`.
#[derive(Args, Debug)]
pub struct Resume {
    /// The run's id, such as 8F2K, or last
    pub run: String,
    /// Only what failed, once more
    #[arg(long)]
    pub only_failed: bool,
    /// Also let the script use the files of this folder, beside those of the project
    #[arg(long = "allow-fs", value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub sending: Sending,
}

/// `runs`.
#[derive(Args, Debug)]
pub struct Runs {
    /// How many, the newest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub last: usize,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<RunsCommand>,
}

/// `runs show`.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// Show every change of a run: field, before, after and how it ended
    Show {
        /// The run's id, such as 8F2K, or last
        run: String,
    },
}

/// `history`.
#[derive(Args, Debug)]
pub struct History {
    /// The object and the id, such as account:acct-1
    pub record: String,
}
