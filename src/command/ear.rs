//! What listens for the hooks of a run, and how it speaks.

use super::Console;
use crate::error::{Error, Message};
use crate::hooks::listen::Listener;
use crate::hooks::words::Words;
use crate::script::hooks::{End, Feed, Happening, HookSpec};
use std::sync::Arc;

/// What listens for the hooks of a run.
pub enum Ear {
    /// It can ask Vitally.
    Open(Box<Listener>),
    /// Events that were made for a test.
    Given(Box<dyn Feed>),
    /// There is no key, which matters only to a script that has hooks.
    Deaf(Message),
}

impl Ear {
    /// Ends what it started; answers how many events could not be handled.
    pub fn close(&mut self) -> u64 {
        match self {
            Ear::Open(listener) => {
                listener.close();
                listener.failed()
            }
            Ear::Given(_) | Ear::Deaf(_) => 0,
        }
    }

    fn feed(&mut self) -> Result<&mut dyn Feed, Error> {
        match self {
            Ear::Open(listener) => Ok(&mut **listener),
            Ear::Given(feed) => Ok(&mut **feed),
            Ear::Deaf(why) => Err(Error::Login(why.clone())),
        }
    }
}

impl Feed for Ear {
    fn listen(&mut self, script: &str, hooks: &[HookSpec]) -> Result<(), Error> {
        self.feed()?.listen(script, hooks)
    }

    fn next(&mut self) -> Result<Option<Happening>, Error> {
        self.feed()?.next()
    }

    fn ended(&mut self, happening: &Happening, end: End) -> Result<(), Error> {
        self.feed()?.ended(happening, end)
    }
}

/// The console as the voice of hooks.
pub struct Voice(pub Arc<Console>);

impl Words for Voice {
    fn say(&self, line: &str) {
        self.0.say(line);
    }

    fn warn(&self, line: &str) {
        self.0.warn(line);
    }

    fn detail(&self, line: &str) {
        self.0.detail(line);
    }

    fn report(&self, error: &Error) {
        self.0.report(error);
    }

    fn ask(&self, question: &str) -> bool {
        let answer = self.0.ask(&format!("{question} Type yes: "));
        answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes"))
    }
}
