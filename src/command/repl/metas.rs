//! The commands of a dialogue. Those that the command line has too are the same code.

use super::super::{Context, dispatch, mistyped};
use super::Next;
use super::talk::Talk;
use super::view::Look;
use crate::cli::{self, Cli};
use crate::error::Error;
use crate::exit;
use crate::gate::Mode;
use crate::repl::meta::{METAS, numbers, words};
use crate::settings::Environment;
use crate::show;
use clap::FromArgMatches as _;

impl Talk {
    /// Does what a command says.
    pub(super) fn meta(&mut self, name: &str, rest: &str) -> Result<Next, Error> {
        let given = words(rest);
        match name {
            "help" if rest.is_empty() => self.help(),
            "help" => return self.about(rest),
            "plan" => self.plan(&given)?,
            "apply" => return self.apply(&given),
            "discard" => self.discard(&given)?,
            "undo" if parsed("undo", &given).is_err() => {
                return self.command("undo", &[&["last".to_string()], &given[..]].concat());
            }
            "undo" | "resume" | "runs" | "fields" | "triggers" | "examples" => {
                return self.command(name, &given);
            }
            "history" if rest.contains(':') => return self.command("history", &given),
            "history" => self.history(rest),
            "mode" => self.mode(rest)?,
            "profile" => return self.profile(rest),
            "diff" => self.diff(&given)?,
            "more" => self.more(rest)?,
            "table" | "card" | "json" | "csv" | "yaml" => {
                self.once_more(Look::named(name).unwrap_or(self.view.look))?;
            }
            "cols" => self.choose_columns(rest)?,
            "export" => self.export(rest)?,
            "type" => self.kind(rest)?,
            "watch" => return self.watch(rest),
            "http" => self.requests(rest)?,
            "whoami" => self.whoami(),
            "hooks" => self.hooks(rest)?,
            "listen" => self.listen_for(rest)?,
            "trigger" => self.hand_over(&given)?,
            "names" => self.names(rest)?,
            "set" => return self.set(rest),
            "run" => return self.run(&given),
            "open" if rest.is_empty() => self.open_list()?,
            "open" => self.open_record(rest)?,
            "format" => self.choose_format(rest)?,
            "vars" => self.variables(),
            "forget" => self.forget(rest)?,
            "functions" => self.functions(rest),
            "time" => return self.time(rest),
            "why" => self.why(),
            "rerun" => return self.rerun(&given),
            "edit" => return self.edit(rest),
            "load" => return self.load(rest),
            "save" => self.save(&given)?,
            _ => return self.end(),
        }
        Ok(Next::Go)
    }

    fn help(&self) {
        let rows: Vec<Vec<String>> = METAS
            .iter()
            .map(|meta| {
                let gap = if meta.takes.is_empty() { "" } else { " " };
                vec![format!(":{}{gap}{}", meta.name, meta.takes), meta.doc.into()]
            })
            .collect();
        let console = &self.context.console;
        let list = show::listing(&rows, 0, console.width());
        self.paged(&format!("{list}\n\nit is the last value, out[3] that of input 3, err the last error"));
    }

    /// What a function, a trigger or an object is; or a variable.
    pub(super) fn about(&mut self, name: &str) -> Result<Next, Error> {
        let names = crate::repl::names::Names::new(self.seen.clone(), Vec::new());
        if let Some(variable) = names.variable(name) {
            self.context.console.line(&format!("{} is {}", variable.name, variable.kind));
            return Ok(Next::Go);
        }
        if let Some(function) = names.functions().find(|own| own.name == name && own.doc == "your function") {
            self.context.console.line(&format!("{} — {}", function.signature, function.doc));
            return Ok(Next::Go);
        }
        if let Some(meta) = METAS.iter().find(|meta| Some(meta.name) == name.strip_prefix(':')) {
            self.context.console.line(&format!(":{} {} — {}", meta.name, meta.takes, meta.doc));
            return Ok(Next::Go);
        }
        self.command("docs", &[name.to_string()])
    }

    /// Runs a command of the command line in this process.
    pub(super) fn command(&mut self, name: &str, given: &[String]) -> Result<Next, Error> {
        let command = parsed(name, given)?;
        let code = dispatch(&self.context, Some(command))?;
        if code != exit::DONE {
            self.code = code;
        }
        Ok(Next::Go)
    }

    /// Runs a script as a run of its own, which may do no more than this session.
    fn run(&mut self, given: &[String]) -> Result<Next, Error> {
        let bound = match self.session.mode {
            Mode::ReadOnly => Some("--read-only"),
            Mode::DryRun => Some("--dry-run"),
            Mode::Confirm if self.session.settings.profile.environment.value == Environment::Sandbox => {
                return Err(Error::usage(
                    "a run of its own does not ask on a sandbox, and this session does",
                    ":load FILE runs it here, :mode live or dry-run says what a run may do",
                ));
            }
            Mode::Confirm | Mode::Live => None,
        };
        let given: Vec<String> = given.iter().cloned().chain(bound.map(String::from)).collect();
        self.command("run", &given)
    }

    fn rerun(&mut self, given: &[String]) -> Result<Next, Error> {
        let numbers = numbers(given).filter(|numbers| !numbers.is_empty());
        let Some(numbers) = numbers else {
            return Err(Error::usage(
                ":rerun needs the numbers of inputs",
                "such as :rerun 4 7-9; :history lists them",
            ));
        };
        let mut texts = Vec::new();
        for number in numbers {
            texts.push(self.entered(number)?);
        }
        for text in texts {
            self.context.console.say(&text);
            match self.say(&text)? {
                Next::Go => {}
                next => return Ok(next),
            }
        }
        Ok(Next::Go)
    }

    /// The text of an input.
    pub(super) fn entered(&self, number: usize) -> Result<String, Error> {
        let entered = self.transcript.get(number);
        entered.map(|entered| entered.text.clone()).ok_or_else(|| {
            Error::usage(format!("there is no input {number}"), ":history lists what was typed")
        })
    }

    /// The context of another profile.
    pub(super) fn context_for(&self, name: &str) -> Result<Context, Error> {
        self.context.for_profile(name)
    }
}

/// A command as the command line understands it.
fn parsed(name: &str, given: &[String]) -> Result<cli::Command, Error> {
    let words = ["vitally-script", name].into_iter().map(String::from).chain(given.iter().cloned());
    let matches = cli::command().try_get_matches_from(words);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    let command = cli.map_err(|error| mistyped::as_usage(&error))?.command;
    command.ok_or_else(|| Error::usage(format!("there is no command :{name}"), ":help lists the commands"))
}
