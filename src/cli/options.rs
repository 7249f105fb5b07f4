//! What each command takes. The comments of the options are their help texts.

use super::duration;
use crate::stop::Stop;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// What keeps a run within bounds.
#[derive(Args, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent switches, each a flag")]
pub struct Safety {
    /// Refuse every change, whatever the script does
    #[arg(long)]
    pub read_only: bool,
    /// Show what would change; nothing is sent
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// With -n: end with exit code 10 if anything would change
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Show what would change, and write it to this file for plan show and apply
    #[arg(long, value_name = "FILE", conflicts_with = "read_only")]
    pub plan_out: Option<PathBuf>,
    /// Do not ask before changes
    #[arg(short, long)]
    pub yes: bool,
    /// Only the first N changes; inside each(…), the first N rows
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Make N changes, show how they went, and ask before the rest
    #[arg(long, value_name = "N")]
    pub canary: Option<u64>,
    /// How many changes the run may make; 500 on production if left out
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// How many records the run may delete; none on production if left out
    #[arg(long, value_name = "N")]
    pub max_deletes: Option<u64>,
    /// Stop after this time, such as 90s, 15m or 2h
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// A value for the script: --arg days=30, read with arg("days")
    #[arg(long = "arg", value_name = "NAME=VALUE", value_parser = pair)]
    pub arguments: Vec<(String, String)>,
    /// Also let the script use the files of this folder, beside those of the project
    #[arg(long = "allow-fs", value_name = "DIR")]
    pub folders: Vec<PathBuf>,
}

/// `run`.
#[derive(Args, Debug)]
pub struct Run {
    /// The script's file, or - for standard input
    pub script: PathBuf,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub safety: Safety,
    /// How it listens, if it has hooks.
    #[command(flatten)]
    pub listening: Listening,
}

/// How a script with hooks listens.
#[derive(Args, Clone, Debug, Default)]
pub struct Listening {
    /// With hooks or schedules: look once, handle what is due, and end
    #[arg(long)]
    pub once: bool,
    /// With hooks: also handle what happened so long ago, such as 2h or 3d
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub since: Option<Duration>,
    /// With hooks or schedules: end after this time
    #[arg(long = "for", value_name = "DUR", value_parser = duration, conflicts_with = "once")]
    pub length: Option<Duration>,
    /// Set by whoever started it beside other work, when it is to end after what it is doing.
    #[arg(skip)]
    pub leave: Stop,
}

/// `eval`.
#[derive(Args, Debug)]
pub struct Eval {
    /// The code, or - for standard input
    #[arg(allow_hyphen_values = true)]
    pub code: String,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub safety: Safety,
}

/// `bulk`.
#[derive(Args, Debug)]
pub struct Bulk {
    /// What to do with each row: update, create or delete
    #[arg(hide_possible_values = true)]
    pub verb: BulkVerb,
    /// The object, such as account
    pub object: String,
    /// A CSV file or an .xlsx workbook whose first row names the columns; - is standard input
    pub file: PathBuf,
    /// The field that says which record a row is about: externalId, id, email, name, traits.KEY
    #[arg(long = "match", value_name = "FIELD")]
    pub key: Option<String>,
    /// Where a column goes whose name does not say it: --set traits.plan="New plan"
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// A column to leave out
    #[arg(long, value_name = "COLUMN")]
    pub skip: Vec<String>,
    /// The sheet of a workbook; the first one if left out
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The order of days that are not written like 2026-12-01: DMY, MDY or YMD
    #[arg(long, hide_possible_values = true, value_name = "ORDER")]
    pub dates: Option<DayOrder>,
    /// The sign before the decimals of numbers, . or ,
    #[arg(long, value_name = "SIGN", default_value = ".", hide_default_value = true, value_parser = decimal)]
    pub decimal: char,
    /// What the records belong to: a custom object's id, or a conversation's
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// What keeps it within bounds.
    #[command(flatten)]
    pub safety: Safety,
}

/// What `bulk` does with each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BulkVerb {
    /// Changes the record.
    Update,
    /// Makes a new one.
    Create,
    /// Deletes it.
    Delete,
}

impl BulkVerb {
    /// The word as typed, which begins the names of actions.
    pub fn word(self) -> &'static str {
        match self {
            BulkVerb::Update => "update",
            BulkVerb::Create => "create",
            BulkVerb::Delete => "delete",
        }
    }
}

/// The order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum DayOrder {
    /// 28/10/2026.
    Dmy,
    /// 10/28/2026.
    Mdy,
    /// 2026/10/28.
    Ymd,
}

impl DayOrder {
    /// The word as typed.
    pub fn word(self) -> &'static str {
        match self {
            DayOrder::Dmy => "DMY",
            DayOrder::Mdy => "MDY",
            DayOrder::Ymd => "YMD",
        }
    }
}

/// `repl`.
#[derive(Args, Debug, Default)]
pub struct Repl {
    /// Refuse every change
    #[arg(long)]
    pub read_only: bool,
    /// Collect changes until :apply sends them; production always begins so
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Begin without init.rhai, your own and the project's
    #[arg(long)]
    pub no_init: bool,
    /// How many changes one input or :apply may make; 500 on production if left out
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// How many records one input or :apply may delete; none on production if left out
    #[arg(long, value_name = "N")]
    pub max_deletes: Option<u64>,
    /// Also let scripts use the files of this folder, beside those of the project
    #[arg(long = "allow-fs", value_name = "DIR")]
    pub folders: Vec<PathBuf>,
}

/// `get`.
#[derive(Args, Debug)]
pub struct Get {
    /// The object, such as account
    pub object: String,
    /// Vitally's id, or your own where Vitally takes it
    pub id: String,
    /// The record it belongs to: the custom object's id, for custom_object_instance
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
}

/// `export`.
#[derive(Args, Debug)]
pub struct Export {
    /// The object or its list, such as accounts
    pub object: String,
    /// Only records for which this is true, such as 'account.healthScore < 5'
    #[arg(long = "where", value_name = "CODE")]
    pub condition: Option<String>,
    /// The columns, such as name,mrr,traits.plan
    #[arg(long = "cols", value_name = "A,B", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// A filter that Vitally itself knows, such as status=churned
    #[arg(long = "filter", value_name = "KEY=VALUE", value_parser = pair)]
    pub filters: Vec<(String, String)>,
    /// What the list belongs to: a custom object's id, or a model for custom_fields
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// The file to write; standard output if left out
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Show what would change; nothing is sent
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// With -n: end with exit code 10 if anything would change
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Do not ask before changes
    #[arg(short, long)]
    pub yes: bool,
    /// Only the first N changes; inside each(…), the first N rows
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// How many changes the run may make; 500 on production if left out
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// How many records the run may delete; none on production if left out
    #[arg(long, value_name = "N")]
    pub max_deletes: Option<u64>,
    /// Stop after this time, such as 90s, 15m or 2h
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
}

/// `check`.
#[derive(Args, Debug)]
pub struct Check {
    /// Scripts, or folders with scripts
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// How mistakes are written: text, json or github
    #[arg(long, hide_possible_values = true, value_name = "FORMAT")]
    pub error_format: Option<ErrorFormat>,
}

/// How `check` writes what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    /// For people.
    Text,
    /// One JSON array.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

/// `docs`.
#[derive(Args, Debug)]
pub struct Docs {
    /// A function, a list, a trigger or an object; everything in short if left out
    #[arg(conflicts_with = "export")]
    pub name: Option<String>,
    /// Write everything into this folder: as Markdown, as a page with a search field, and as definitions for editors
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
}

/// `lsp`.
#[derive(Args, Debug)]
pub struct Lsp {
    /// Speak over standard input and output, which it always does; some editors say so
    #[arg(long)]
    pub stdio: bool,
}

/// `fields`.
#[derive(Args, Debug)]
pub struct Fields {
    /// The object, such as account
    pub object: String,
}

/// `triggers`.
#[derive(Args, Debug)]
pub struct Triggers {}

/// `simulator`.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent switches, each a flag")]
pub struct Simulator {
    /// The port on 127.0.0.1; any free one if left out
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// The key it accepts; VITALLY_API_KEY or a new one if left out
    #[arg(long, value_name = "KEY")]
    pub key: Option<TypedKey>,
    /// How many accounts it has; everything else grows with it
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub accounts: usize,
    /// The same seed gives the same records
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How long every answer takes, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub latency_ms: u64,
    /// Requests a minute, or off
    #[arg(long, value_name = "N|off", default_value = "1000", value_parser = rate_limit)]
    pub rate_limit: RateLimit,
    /// Count requests in a sliding minute instead of a bucket that refills
    #[arg(long)]
    pub sliding_window: bool,
    /// How many units a write costs
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub write_cost: u32,
    /// Extra traits on every account, about 45 bytes each
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub traits: usize,
    /// Leave atEnd out of pages
    #[arg(long)]
    pub no_at_end: bool,
    /// Answer 409 to a create with a known externalId, instead of updating
    #[arg(long)]
    pub conflict_on_known_external_id: bool,
    /// Remove deleted users at once, instead of marking them
    #[arg(long)]
    pub delete_users_at_once: bool,
    /// Show archived records too in lists that do not say
    #[arg(long)]
    pub archived_omitted_is_both: bool,
}

/// A key as typed; shown nowhere.
#[derive(Clone)]
pub struct TypedKey(pub String);

impl From<String> for TypedKey {
    fn from(typed: String) -> TypedKey {
        TypedKey(typed)
    }
}

impl std::fmt::Debug for TypedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Requests a minute, or none counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit(pub Option<u32>);

/// `doctor`.
#[derive(Args, Debug)]
pub struct Doctor {}

/// `config`.
#[derive(Args, Debug)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// `config show`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting; the key is never shown
    Show {
        /// Also show where each value comes from
        #[arg(long)]
        origin: bool,
    },
}

/// `completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `help`.
#[derive(Args, Debug)]
pub struct HelpTopic {
    /// A command or a topic, such as tutorial, safety or csv
    #[arg(value_name = "TOPIC", num_args = 0..)]
    pub topic: Vec<String>,
}

/// Reads `name=value`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_string(), value.to_string())),
        _ => Err(format!("\"{text}\" is not name=value")),
    }
}

fn decimal(text: &str) -> Result<char, String> {
    match text {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err(format!("\"{text}\" is neither . nor ,")),
    }
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    if text == "off" {
        return Ok(RateLimit(None));
    }
    match text.parse() {
        Ok(limit) if limit > 0 => Ok(RateLimit(Some(limit))),
        _ => Err(format!("\"{text}\" is neither a number of requests a minute nor off")),
    }
}
