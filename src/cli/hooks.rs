//! What the commands about hooks take. The comments of the options are their help texts.

use super::duration;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// `events`.
#[derive(Args, Debug)]
pub struct Events {
    /// What to do.
    #[command(subcommand)]
    pub command: EventsCommand,
}

/// The commands of `events`.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// List events and how they were handled; dead ones by their cause
    List(EventsList),
    /// Show one event with its record and everything that was done for it
    Show {
        /// Its key, as events list shows it
        key: String,
    },
    /// Handle events once more: one, or all dead ones
    Replay(EventsChoice),
    /// Let held events be handled
    Release(EventsChoice),
    /// Let events be, unhandled: one, or all held or dead ones of a hook
    Discard(EventsChoice),
}

/// `events list`.
#[derive(Args, Debug)]
pub struct EventsList {
    /// Only those in this state: held, pending, running, retry, done, dead or discarded
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Only of the hook with this name
    #[arg(long, value_name = "NAME")]
    pub hook: Option<String>,
    /// How many of the latest
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub last: usize,
}

/// Which events are meant.
#[derive(Args, Debug)]
pub struct EventsChoice {
    /// The event's key; all if left out
    pub key: Option<String>,
    /// Only of the hook with this name
    #[arg(long, value_name = "NAME")]
    pub hook: Option<String>,
}

/// `pollers`.
#[derive(Args, Debug)]
pub struct Pollers {}

/// `listen`.
#[derive(Args, Debug)]
pub struct Listen {
    /// Only these triggers, such as task_completed,task_created; all of them if left out
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub events: Vec<String>,
    /// How often to look
    #[arg(long, value_name = "DUR", value_parser = duration, default_value = "30s")]
    pub every: Duration,
    /// Look once and end
    #[arg(long)]
    pub once: bool,
    /// End after this time
    #[arg(long = "for", value_name = "DUR", value_parser = duration, conflicts_with = "once")]
    pub length: Option<Duration>,
}

/// Which records a hook is tried with, and what stands in them.
#[derive(Args, Debug)]
pub struct Records {
    /// A record that is made up
    #[arg(long, conflicts_with = "last")]
    pub sample: bool,
    /// The latest N records of the list; 1 if nothing else is said
    #[arg(long, value_name = "N")]
    pub last: Option<usize>,
    /// Another value for a field of the record, such as name=Call
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = super::options::pair)]
    pub set: Vec<(String, String)>,
}

/// `:trigger` in a dialogue.
#[derive(Debug, Parser)]
#[command(name = ":trigger", no_binary_name = true, disable_help_flag = true)]
pub struct HandOver {
    /// The trigger, such as task_completed
    pub event: String,
    /// The record with this id; the latest of the list if left out
    #[arg(conflicts_with_all = ["sample", "last"])]
    pub id: Option<String>,
    /// Which records, if no id is given, and what stands in them
    #[command(flatten)]
    pub records: Records,
}

/// `trigger`.
#[derive(Args, Debug)]
pub struct Trigger {
    /// The trigger, such as task_completed
    pub event: String,
    /// The script with the hook
    pub script: PathBuf,
    /// The record with this id
    #[arg(long, value_name = "ID", conflicts_with_all = ["sample", "last"])]
    pub id: Option<String>,
    /// Which records, if no id is given, and what stands in them
    #[command(flatten)]
    pub records: Records,
    /// Send the changes; without it they are only shown
    #[arg(long)]
    pub live: bool,
}
