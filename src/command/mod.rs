//! The commands, one file each, and what they share: the console, the session and the wish to stop.

mod alarms;
mod apply;
mod audit;
mod bounds;
mod bulk;
mod called;
mod changes;
mod check;
mod clockwork;
mod columns;
mod completions;
mod config;
mod confirm;
mod console;
mod deliveries;
mod demo;
mod docs;
mod doctor;
mod ear;
mod email;
mod ending;
mod eval;
mod events;
mod examples;
mod export;
mod fields;
mod form;
mod get;
mod held;
mod help;
mod history;
mod init;
mod install;
mod job_words;
mod jobs;
mod journal;
mod keys;
mod listen;
mod login;
mod logout;
mod lsp;
mod messenger;
mod mistyped;
mod narrow;
mod notify;
mod object;
mod opener;
mod panic;
mod place;
mod plan;
mod plan_file;
mod planned;
mod pollers;
mod previewed;
mod progress;
mod protect;
mod repl;
mod rerun;
mod residents;
mod resume;
mod rows;
mod run;
mod runs;
mod runs_of_jobs;
mod schedule;
mod script_output;
mod sending;
mod serve;
mod session;
mod signals;
mod simulator;
mod source;
mod state;
mod stored;
mod test;
mod timetable;
mod trigger;
mod triggers;
mod undo;
mod whoami;
mod wishes;

pub use console::Console;
pub use rows::Rows;

use crate::cli::{Cli, Command, Global, Repl};
use crate::error::Error;
use crate::settings::{File, Flags, Settings, Sources};
use crate::stop::{Reason, Stop};
use crate::store::SqliteStore;
use crate::{report, settings};
use clap::FromArgMatches as _;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};

/// What every command is given.
pub struct Context {
    /// What was typed before or after any command.
    pub global: Global,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// Where words go.
    pub console: Arc<Console>,
    /// The wish to stop.
    pub stop: Stop,
    /// The demo tenant, once it was started.
    demo: demo::Demo,
    /// The store, while a dialogue holds it that runs this command.
    held: Held,
    /// The project's settings file, if whoever runs this has read it. It may hold many jobs.
    project: Option<File>,
}

/// A store that is open in this process already.
type Held = Arc<Mutex<Option<Arc<SqliteStore>>>>;

impl Context {
    /// Commands of this process use this store from now on, or open their own again.
    fn hold(&self, store: Option<Arc<SqliteStore>>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = store;
    }

    /// The store that is open in this process already.
    fn held(&self) -> Option<Arc<SqliteStore>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings, with `--read-only` or without.
    pub fn settings(&self, read_only: bool) -> Result<Settings, Error> {
        if self.global.demo && self.demo.is_running() {
            return self.demo.settings(self, read_only);
        }
        settings::resolve(self.sources(read_only)?)
    }

    /// The same, for another profile.
    pub fn for_profile(&self, name: &str) -> Result<Context, Error> {
        let same = self.settings(false)?.profile.name == name;
        let profile = if same { self.global.profile.clone() } else { Some(name.to_string()) };
        let alike = self.alike();
        Ok(Context { global: Global { profile, ..alike.global }, ..alike })
    }

    /// The same once more; whatever it shares stays shared.
    fn alike(&self) -> Context {
        Context {
            global: self.global.clone(),
            environment: self.environment.clone(),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            demo: self.demo.clone(),
            held: Arc::clone(&self.held),
            project: self.project.clone(),
        }
    }

    /// What the settings are made from.
    pub fn sources(&self, read_only: bool) -> Result<Sources, Error> {
        let folder = std::env::current_dir().map_err(|cause| Error::File {
            path: ".".into(),
            doing: "open the current folder",
            cause,
        })?;
        let flags = Flags { profile: self.global.profile.clone(), read_only };
        match &self.project {
            Some(file) => Sources::beside(Some(file.clone()), flags, self.environment.clone(), folder),
            None => Sources::gather(flags, self.environment.clone(), folder),
        }
    }
}

/// Runs the program and answers its exit code.
pub fn start(words: Vec<OsString>, environment: BTreeMap<String, String>) -> u8 {
    panic::guarded(|| parsed(words, environment))
}

fn parsed(words: Vec<OsString>, environment: BTreeMap<String, String>) -> u8 {
    let json = mistyped::wants_json(&words);
    let matches = crate::cli::command().try_get_matches_from(words);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return mistyped::answer(&error, json, &environment),
    };
    let stop = Stop::new();
    signals::listen(&stop);
    let console = match Console::open(&cli.global, &environment, stop.clone()) {
        Ok(console) => Arc::new(console),
        Err(error) => return mistyped::answer_error(&error, json, &environment),
    };
    let context = Context {
        global: cli.global,
        environment,
        console,
        stop,
        demo: demo::Demo::default(),
        held: Held::default(),
        project: None,
    };
    let result = dispatch(&context, cli.command);
    context.console.end_progress();
    finish(&context, result)
}

fn dispatch(context: &Context, command: Option<Command>) -> Result<u8, Error> {
    if let Some(folder) = &context.global.directory {
        std::env::set_current_dir(folder).map_err(|cause| Error::File {
            path: folder.clone(),
            doing: "go to the folder",
            cause,
        })?;
    }
    match command {
        Some(Command::Init(options)) => init::run(context, &options),
        Some(Command::Login(options)) => login::run(context, &options),
        Some(Command::Logout(_)) => logout::run(context),
        Some(Command::Whoami(_)) => whoami::run(context),
        Some(Command::Run(options)) => run::run(context, &options),
        Some(Command::Eval(options)) => eval::run(context, &options),
        Some(Command::Bulk(options)) => bulk::run(context, &options),
        Some(Command::Plan(options)) => plan::run(context, &options),
        Some(Command::Apply(options)) => apply::run(context, &options),
        Some(Command::Undo(options)) => undo::run(context, &options),
        Some(Command::Resume(options)) => resume::run(context, &options),
        Some(Command::Runs(options)) => runs::run(context, &options),
        Some(Command::History(options)) => history::run(context, &options),
        Some(Command::Serve(options)) => serve::run(context, &options),
        Some(Command::Jobs(options)) => jobs::run(context, &options),
        Some(Command::Schedule(options)) => schedule::run(context, &options),
        Some(Command::Get(options)) => get::run(context, &options),
        Some(Command::Export(options)) => export::run(context, &options),
        Some(Command::New(options)) => examples::new(context, &options),
        Some(Command::Examples(options)) => examples::run(context, &options),
        Some(Command::Check(options)) => check::run(context, &options),
        Some(Command::Test(options)) => test::run(context, &options),
        Some(Command::Docs(options)) => docs::run(context, &options),
        Some(Command::Lsp(_)) => lsp::run(context),
        Some(Command::Fields(options)) => fields::run(context, &options),
        Some(Command::Triggers(_)) => Ok(triggers::run(context)),
        Some(Command::Listen(options)) => listen::run(context, &options),
        Some(Command::Trigger(options)) => trigger::run(context, &options),
        Some(Command::Events(options)) => events::run(context, &options),
        Some(Command::Pollers(_)) => pollers::run(context),
        Some(Command::Simulator(options)) => simulator::run(context, options),
        Some(Command::Doctor(_)) => doctor::run(context),
        Some(Command::Config(options)) => config::run(context, &options),
        Some(Command::Completions(options)) => Ok(completions::run(context, &options)),
        Some(Command::Help(options)) => help::run(context, &options.topic),
        Some(Command::Repl(options)) => repl::run(context, &options),
        None if repl::is_person() => repl::run(context, &Repl::default()),
        None => help::run(context, &[]),
    }
}

/// Reports the end of a command.
fn finish(context: &Context, result: Result<u8, Error>) -> u8 {
    let result = match (result, context.console.write_error()) {
        (Ok(_), Some(cause)) => Err(Error::File { path: "standard output".into(), doing: "write to", cause }),
        (result, _) => result,
    };
    match result.map_err(|error| stopped(error, &context.stop)) {
        Ok(code) => code,
        Err(error) => {
            context.console.report(&error);
            error.exit_code()
        }
    }
}

/// An error that only says that something stopped it becomes the reason why.
fn stopped(error: Error, stop: &Stop) -> Error {
    let kind = match &error {
        Error::Thrown(finding) => finding.kind,
        Error::Api(failure) => failure.kind.word(),
        _ => return error,
    };
    match stop.reason() {
        Some(Reason::PipeClosed) => Error::Stopped(Reason::PipeClosed),
        Some(reason) if kind == crate::client::Kind::Stopped.word() => Error::Stopped(reason),
        _ => error,
    }
}

/// Whether colours may be used on a stream.
fn colors(choice: crate::cli::Color, environment: &BTreeMap<String, String>, terminal: bool) -> bool {
    let set = |name: &str| environment.get(name).is_some_and(|text| !text.is_empty() && text != "0");
    match choice {
        crate::cli::Color::Always => true,
        crate::cli::Color::Never => false,
        crate::cli::Color::Auto if environment.get("NO_COLOR").is_some_and(|text| !text.is_empty()) => false,
        crate::cli::Color::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        crate::cli::Color::Auto => terminal && environment.get("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// A report for a stream that is not a console yet.
fn early_report(error: &Error, json: bool, environment: &BTreeMap<String, String>) -> String {
    if json {
        return format!("{}\n", report::json(error));
    }
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let color = colors(crate::cli::Color::Auto, environment, terminal);
    report::text(error, report::Style { color, width: None })
}
