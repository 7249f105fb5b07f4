//! Hooks at the prompt: which there are, listening for them, and handing them one record.

use super::super::trigger;
use super::listening::{Ear, Listening};
use super::say::Job;
use super::talk::Talk;
use crate::cli::{self, HandOver};
use crate::error::Error;
use crate::hooks::listen::EVERY;
use crate::hooks::words::length;
use crate::script::dialogue::Through;
use crate::script::hooks::{End, HookSpec};
use crate::show;
use crate::stop::Stop;
use clap::Parser as _;
use serde_json::Value;
use std::sync::Arc;

impl Talk {
    fn specs(&self) -> Vec<(HookSpec, Option<usize>)> {
        self.thread.with(|dialogue| dialogue.hooks())
    }

    /// The hooks, or takes one away.
    pub(super) fn hooks(&mut self, rest: &str) -> Result<(), Error> {
        if let Some(name) = rest.strip_prefix("drop ") {
            let wanted = name.trim().trim_matches('"').to_string();
            let name = wanted.clone();
            if !self.thread.with(move |dialogue| dialogue.drop_hook(&name)) {
                return Err(Error::usage(format!("there is no hook \"{wanted}\""), ":hooks lists them"));
            }
            return self.listen_anew();
        }
        if !rest.is_empty() {
            return Err(Error::usage(
                ":hooks takes nothing, or drop and a name",
                "such as :hooks drop task_completed",
            ));
        }
        let console = &self.context.console;
        let specs = self.specs();
        if specs.is_empty() {
            console.say("no hooks yet; such as on(\"task_completed\", |task| print(task.name))");
            return Ok(());
        }
        let columns = ["hook", "trigger", "every", "input"].map(String::from);
        let row = |(spec, number): (HookSpec, Option<usize>)| -> Vec<Value> {
            let every = length(spec.every.unwrap_or(EVERY));
            let input = number.map_or(Value::Null, Value::from);
            vec![spec.name.into(), spec.trigger.name.into(), every.into(), input]
        };
        let rows: Vec<Vec<Value>> = specs.into_iter().map(row).collect();
        console.line(&show::table(&columns, &rows, console.width()));
        console.say(if self.is_listening() { "listening" } else { "not listening; :listen on begins" });
        Ok(())
    }

    fn is_listening(&self) -> bool {
        self.listening.as_ref().is_some_and(Listening::is_on)
    }

    /// Begins to listen, or ends it.
    pub(super) fn listen_for(&mut self, word: &str) -> Result<(), Error> {
        match word {
            "" if self.is_listening() => self.context.console.say("listening; :listen off ends it"),
            "" => self.context.console.say("not listening; :listen on begins"),
            "on" => self.begin_to_listen()?,
            "off" => {
                let was = self.is_listening();
                self.end_listening();
                self.context.console.say(if was { "no longer listening" } else { "not listening" });
            }
            _ => return Err(Error::usage(":listen takes on or off", ":listen on")),
        }
        Ok(())
    }

    fn begin_to_listen(&mut self) -> Result<(), Error> {
        if !self.is_person {
            return Err(Error::usage(
                "a pipe ends, so nothing is listened for in one",
                "put on(…) into a script, and start it: vitally-script run SCRIPT",
            ));
        }
        let specs: Vec<HookSpec> = self.specs().into_iter().map(|(spec, _)| spec).collect();
        if specs.is_empty() {
            return Err(Error::usage(
                "there is no hook to listen for",
                "register one first: on(\"task_completed\", |task| print(task.name))",
            ));
        }
        self.end_listening();
        let stop = Stop::new();
        let listener = self.session.ear(stop.clone())?;
        let Some(line) = self.thread.line() else { return Ok(()) };
        let store = self.session.shelf.hold()?;
        self.context.hold(Some(store));
        let (zone, session_now) = (self.session.zone(), self.session.told_now());
        let time = move || {
            let now = session_now.unwrap_or_else(jiff::Timestamp::now);
            zone.get().to_datetime(now).strftime("%H:%M:%S").to_string()
        };
        let ear = Ear {
            line,
            console: Arc::clone(&self.context.console),
            typed: self.session.tally.clone(),
            events: self.session.events.clone(),
            mode: self.session.mode,
            time: Arc::new(time),
        };
        let names: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
        self.context.console.say(&format!(
            "listening for {}, {}; :listen off ends it, and other programs cannot write to the journal until then",
            names.join(", "),
            self.session.mode.word()
        ));
        self.listening = Some(Listening::begin(listener, stop, specs, ear));
        Ok(())
    }

    /// Ends listening, and gives the journal free.
    pub(super) fn end_listening(&mut self) {
        if self.listening.take().is_some() {
            self.context.hold(None);
            self.session.shelf.let_go();
        }
    }

    /// Listens for what there is now: hooks came or went, or the mode is another.
    pub(super) fn listen_anew(&mut self) -> Result<(), Error> {
        if !self.is_listening() {
            return Ok(());
        }
        self.end_listening();
        if self.specs().is_empty() {
            self.context.console.say("no longer listening: there is no hook");
            return Ok(());
        }
        self.begin_to_listen()
    }

    /// Says what can be done with hooks that an input has registered.
    pub(super) fn new_hooks(&mut self, count: usize) -> Result<(), Error> {
        let before = std::mem::replace(&mut self.hook_count, count);
        if count <= before || !self.is_person {
            return Ok(());
        }
        if self.is_listening() {
            return self.listen_anew();
        }
        self.context
            .console
            .say("registered; :listen on begins to listen, :trigger EVENT tries it with one record");
        Ok(())
    }

    /// Hands the hooks of an event one record or more.
    pub(super) fn hand_over(&self, given: &[String]) -> Result<(), Error> {
        let wish =
            HandOver::try_parse_from(given).map_err(|error| super::super::mistyped::as_usage(&error))?;
        let (object, known) = trigger::known(&wish.event)?;
        let specs: Vec<HookSpec> = self
            .specs()
            .into_iter()
            .map(|(spec, _)| spec)
            .filter(|spec| spec.trigger.name == known.name)
            .collect();
        if specs.is_empty() {
            return Err(Error::usage(
                format!("there is no hook for {} here", known.name),
                format!("register one first: on(\"{}\", |record| print(record.id))", known.name),
            ));
        }
        let options = cli::Trigger {
            event: wish.event,
            script: "repl".into(),
            id: wish.id,
            records: wish.records,
            live: false,
        };
        let records = trigger::records_with(&self.context, &options, object)?;
        let typed = format!(":trigger {}", known.name);
        let job: Job<Result<(), Error>> = Box::new(move |dialogue| {
            for record in &records {
                for (place, spec) in specs.iter().enumerate() {
                    let happening = trigger::happening(spec, place, record);
                    match dialogue.handle(&spec.name, &happening, Through::Here) {
                        End::Failed { error, .. } => return Err(*error),
                        End::Stopped => return Err(Error::Stopped(crate::stop::Reason::Interrupted)),
                        End::Done | End::NotWanted => {}
                    }
                }
            }
            Ok(())
        });
        let (result, counts, before) = self.carried_out(typed, job, Result::is_err);
        self.tell(self.number, &counts, before, result.is_err());
        result
    }
}
