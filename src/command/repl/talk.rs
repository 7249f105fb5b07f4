//! One dialogue with one profile: its engine, what it has collected, what was typed.

use super::super::Context;
use super::super::bounds::Bounds;
use super::super::opener::{About, Planning};
use super::super::progress::grouped;
use super::super::session::Session;
use super::Next;
use super::ledger::SessionFile;
use super::listening::Listening;
use super::view::{Columns, Look, View};
use crate::cli::{Format, Repl};
use crate::error::Error;
use crate::exit;
use crate::gate::{Collected, Mode};
use crate::repl::line::{Line, LineSource};
use crate::repl::meta::{self, Asked};
use crate::repl::names::Names;
use crate::repl::prompt::{Prompt, State, prompt};
use crate::repl::records::Records;
use crate::repl::transcript::Transcript;
use crate::script::dialogue::{PAGE, Seen, Thread};
use crate::stop::Reason;
use std::path::PathBuf;
use std::rc::Rc;
use std::thread::JoinHandle;

/// One dialogue with one profile.
pub struct Talk {
    pub(super) context: Context,
    pub(super) options: Rc<Repl>,
    /// Listens for hooks; ended before the dialogue is.
    pub(super) listening: Option<Listening>,
    /// How many hooks there were after the last input.
    pub(super) hook_count: usize,
    pub(super) session: Session,
    pub(super) thread: Thread,
    pub(super) collected: Collected,
    pub(super) transcript: Transcript,
    pub(super) file: SessionFile,
    /// The number of the next input.
    pub(super) number: usize,
    pub(super) view: View,
    /// The last error.
    pub(super) failed: Option<Error>,
    pub(super) seen: Seen,
    /// What records are called, for completion.
    pub(super) records: Records,
    /// Reads those of before.
    pub(super) loading: Option<JoinHandle<()>>,
    pub(super) is_person: bool,
    /// What stands at the next prompt already.
    pub(super) begun: String,
    /// The exit code of a pipe in which nothing stopped.
    pub(super) code: u8,
}

impl Talk {
    /// Opens a profile. Nothing is sent.
    pub fn open(context: Context, options: &Repl, is_person: bool) -> Result<Talk, Error> {
        let context = Context { global: crate::cli::Global { directory: None, ..context.global }, ..context };
        let bounds = Bounds::dialogue(options, context.console.can_ask());
        let about = About { kind: "repl", script: "repl".into(), ..About::default() };
        let mut session = Session::open_for(&context, bounds, about)?;
        let collected = Collected::default();
        session.planned = Planning::Kept(collected.clone());
        let files = session.files(&options.folders)?;
        let page = if is_person { PAGE } else { usize::MAX };
        let thread = Thread::start(session.settings.root.clone(), page, session.host(files, false))?;
        let seen = thread.with(|dialogue| dialogue.seen());
        let look = Look::As(context.console.format_or(Format::Table));
        let view = View { look, columns: Columns::default(), page, time: false };
        let file = SessionFile::new(&session);
        let (records, loading) = super::names::begin(&session, &context, is_person);
        let options = Rc::new(Repl { folders: options.folders.clone(), ..*options });
        Ok(Talk {
            context,
            options,
            listening: None,
            hook_count: 0,
            session,
            thread,
            collected,
            transcript: Transcript::default(),
            file,
            number: 1,
            view,
            failed: None,
            seen,
            records,
            loading,
            is_person,
            begun: String::new(),
            code: exit::DONE,
        })
    }

    /// Says who is talked to, and how to go on from there.
    pub fn introduce(&self, source: &dyn LineSource) {
        if !source.is_person() {
            return;
        }
        let what = match self.session.mode {
            Mode::ReadOnly => "read-only: every change is refused",
            Mode::DryRun => "dry-run: changes are collected, not sent; :plan shows them, :apply sends them",
            Mode::Confirm => "confirm: you are asked before changes are sent",
            Mode::Live => "live: changes are sent at once",
        };
        let label = self.session.settings.profile.label();
        let console = &self.context.console;
        console.say(&format!("vitally-script {} · {label} · {what}", env!("CARGO_PKG_VERSION")));
        if !self.session.is_open() {
            console.say("there is no API key yet: only code that does not ask Vitally works; vitally-script repl --demo has a tenant to try");
        }
        console.say("Tab completes, :help lists the commands, Ctrl-D leaves");
    }

    /// Where the lines of a person are remembered; one file a profile.
    pub fn history_file(&self) -> PathBuf {
        let settings = &self.session.settings;
        settings.home.value.join("history").join(format!("{}.txt", file_name(&settings.profile.name)))
    }

    /// Reads and runs inputs until the person leaves.
    pub fn listen(&mut self, source: &mut dyn LineSource) -> Result<Next, Error> {
        loop {
            let names = Names::new(self.seen.clone(), self.session.settings.sources.names());
            source.learn(names.with(self.records.clone()));
            let begun = std::mem::take(&mut self.begun);
            if self.is_person && self.context.stop.reason() == Some(Reason::Interrupted) {
                // What was to stop has stopped; events that come while the person types are not meant.
                self.context.stop.clear();
            }
            self.context.console.typing(self.is_person);
            let line = source.read(&self.prompt(), &begun);
            self.context.console.typing(false);
            let line =
                line.map_err(|cause| Error::File { path: "standard input".into(), doing: "read", cause });
            let next = match line? {
                Line::Text(text) => self.take(&text),
                Line::Interrupted => Ok(Next::Go),
                Line::End => self.end(),
            };
            match next {
                Ok(Next::Go) => {}
                Ok(next) => return Ok(next),
                Err(error) if self.is_person => self.failed(error),
                Err(error) => return Err(error),
            }
            if self.context.stop.reason() == Some(Reason::PipeClosed) {
                return Ok(Next::Leave(exit::DONE));
            }
        }
    }

    fn prompt(&self) -> Prompt {
        let profile = &self.session.settings.profile;
        prompt(&State {
            tenant: profile.tenant(),
            environment: profile.environment.value,
            mode: self.session.mode,
            pending: self.collected.len(),
            number: self.number,
        })
    }

    fn take(&mut self, text: &str) -> Result<Next, Error> {
        if self.is_person {
            // A Ctrl-C that came when nothing ran any more stops nothing.
            self.context.stop.clear();
        } else if let Some(reason) = self.context.stop.reason() {
            return Err(Error::Stopped(reason));
        }
        if let Some(listening) = &self.listening {
            listening.handle_waiting();
        }
        match meta::asked(text) {
            _ if text.trim().is_empty() => Ok(Next::Go),
            Asked::Code => self.say(text.trim_end()),
            Asked::Meta(name, rest) => self.meta(name, rest),
            Asked::About(name) => self.about(name),
            Asked::Unknown(message) => Err(Error::usage(message, ":help lists the commands")),
        }
    }

    /// An error at the prompt: it is told, and the dialogue goes on.
    pub(super) fn failed(&mut self, error: Error) {
        self.context.console.end_progress();
        self.context.console.report(&error);
        self.failed = Some(error);
    }

    /// Leaves; a person who has seen everything that went wrong leaves well.
    pub(super) fn end(&mut self) -> Result<Next, Error> {
        self.end_with(if self.is_person { exit::DONE } else { self.code })
    }

    /// Leaves with this exit code, unless something waits to be sent and the person rather stays.
    pub(super) fn end_with(&mut self, code: u8) -> Result<Next, Error> {
        if let Some(reason) = self.context.stop.reason().filter(|_| !self.is_person) {
            return Err(Error::Stopped(reason));
        }
        let console = &self.context.console;
        let waiting = self.collected.len() as u64;
        if waiting > 0 {
            let text = format!(
                "{} not sent",
                if waiting == 1 {
                    "1 change was".into()
                } else {
                    format!("{} changes were", grouped(waiting))
                }
            );
            if self.is_person {
                console.notice_lines(&[format!("{text} to {}", self.session.settings.profile.label())]);
                let answer = console.ask("Leave and drop them? Type yes: ");
                // A second Ctrl-D, or a terminal that is gone, means it.
                let is_gone = answer.is_none() && !self.context.stop.is_set();
                if !is_gone && !answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes")) {
                    console.say("still here; :apply sends them, :discard drops them");
                    return Ok(Next::Go);
                }
            } else {
                console.say(&format!("{text}; :apply sends what is collected"));
            }
        }
        self.file.tell(console);
        Ok(Next::Leave(code))
    }
}

/// A name that can be a file's.
pub fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}
