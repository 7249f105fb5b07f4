//! The command line: what was typed, and nothing about what it means.

#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod changes;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod cookbook;
mod duration;
pub mod help;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod hooks;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod jobs;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod login;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod options;
#[allow(clippy::doc_markdown, reason = "the comments are help texts, where marks would be read aloud")]
mod schedule;

pub use changes::{
    Apply, ApplyCollected, History, Plan, PlanCommand, Resume, Runs, RunsCommand, Sending, Undo,
};
pub use cookbook::{Examples, ExamplesCommand, New, Test};
pub use duration::duration;
pub use hooks::{Events, EventsChoice, EventsCommand, EventsList, HandOver, Listen, Pollers, Trigger};
pub use jobs::{Jobs, JobsCommand, Serve};
pub use login::{Init, Login, Logout, StoreIn, Whoami};
pub use options::{
    Bulk, BulkVerb, Check, Completions, Config, ConfigCommand, DayOrder, Docs, Doctor, ErrorFormat, Eval,
    Export, Fields, Get, HelpTopic, Listening, Lsp, Repl, Run, Safety, Simulator, Triggers,
};
pub use schedule::{Schedule, ScheduleCommand};

use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Small scripts for Vitally: every action a function
#[derive(Debug, Parser)]
#[command(name = "vitally-script", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// The profile to use
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub profile: Option<String>,
    /// Work on a small built-in demo tenant; needs no key
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub demo: bool,
    /// How results are written: table, json, jsonl or csv
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        hide_possible_values = true,
        help_heading = "Everywhere"
    )]
    pub output: Option<Format>,
    /// Say more; -vv also shows every request
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "Everywhere")]
    pub verbose: u8,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Everywhere")]
    pub quiet: bool,
    /// When to use colours: auto, always or never
    #[arg(
        hide_possible_values = true,
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        help_heading = "Everywhere"
    )]
    pub color: Color,
    /// Also write everything that happens to this file, with times
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub log_file: Option<PathBuf>,
    /// Work in this folder
    #[arg(short = 'C', global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub directory: Option<PathBuf>,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Jsonl,
    /// For spreadsheets.
    Csv,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a folder for scripts: which Vitally, its key, a first script
    Init(Init),
    /// Store the key of a profile on this computer
    Login(Login),
    /// Delete the stored key of a profile
    Logout(Logout),
    /// Say which Vitally and which key is used, and whether it is accepted
    Whoami(Whoami),
    /// Run a script
    Run(Run),
    /// Run one line of script and print its value
    Eval(Eval),
    /// Change, create or delete records from a spreadsheet
    Bulk(Bulk),
    /// Type line by line: look, collect changes, send them, take them back
    Repl(Repl),
    /// Look through a plan that run --plan-out wrote
    Plan(Plan),
    /// Send the changes of a plan
    Apply(Apply),
    /// Take a run back
    Undo(Undo),
    /// Go on with a run that stopped or broke off
    Resume(Resume),
    /// List the runs that changed something
    Runs(Runs),
    /// Show everything that was ever done to one record
    History(History),
    /// Run the jobs of a project at their times
    Serve(Serve),
    /// List, pause and look through jobs
    Jobs(Jobs),
    /// Explain when a schedule runs
    Schedule(Schedule),
    /// Read one record
    Get(Get),
    /// Write a whole list as CSV or JSON
    Export(Export),
    /// Begin a script, from nothing or from an example
    New(New),
    /// List, show and copy scripts for real jobs
    Examples(Examples),
    /// Find mistakes in scripts without running them
    Check(Check),
    /// Run the tests of scripts, without touching Vitally
    Test(Test),
    /// Explain a function, a list, a trigger or an object
    Docs(Docs),
    /// Answer an editor: mistakes, help and completion while a script is written
    Lsp(Lsp),
    /// List the fields of an object
    Fields(Fields),
    /// List everything a script can react to
    Triggers(Triggers),
    /// Print what happens in Vitally, without running anything
    Listen(Listen),
    /// Hand a hook one record, to see what it does
    Trigger(Trigger),
    /// What hooks have handled, and what waits for a decision
    Events(Events),
    /// How far hooks have looked, and how well
    Pollers(Pollers),
    /// Serve a small Vitally on this machine, to try things on
    Simulator(Simulator),
    /// Check the set-up: address, key, clock, rate limit, folders
    Doctor(Doctor),
    /// Show the settings and where they come from
    Config(Config),
    /// Print the completions for a shell
    Completions(Completions),
    /// Explain a command or a topic
    Help(HelpTopic),
}

/// The whole command line, with the grouped help and the examples.
pub fn command() -> clap::Command {
    help::dressed(Cli::command())
}
