//! Code that is looked at and is no input: what it is, what it gives again and again, what of it goes into a file.

use super::super::progress::grouped;
use super::Next;
use super::talk::Talk;
use crate::cli::duration;
use crate::error::Error;
use crate::gate::Counts;
use crate::script::dialogue::Shown;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often it is looked whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(50);
/// The shortest time between two looks, so that Vitally is not asked all the time.
const SHORTEST: Duration = Duration::from_secs(1);

impl Talk {
    /// What code gives, in words and with the fields it has.
    pub(super) fn kind(&mut self, code: &str) -> Result<(), Error> {
        if code.is_empty() {
            return Err(Error::usage(":type needs code", "such as :type accounts().find(|a| a.mrr > 100)"));
        }
        let (number, code) = (self.number, code.to_string());
        let kind = self.walked(move |dialogue| dialogue.kind(number, &code))?;
        let console = &self.context.console;
        console.line(&kind.kind);
        let traits = kind.traits.iter().map(|key| format!("traits.{key}"));
        let fields: Vec<String> = kind.keys.iter().cloned().chain(traits).collect();
        if !fields.is_empty() {
            let text = crate::show::hanging("fields: ", &fields.join(", "), console.width());
            console.line(&text);
        }
        Ok(())
    }

    /// Shows what code gives, again and again until Ctrl-C.
    pub(super) fn watch(&mut self, rest: &str) -> Result<Next, Error> {
        let (every, code) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let every = duration(every).ok().filter(|every| *every >= SHORTEST);
        let (Some(every), false) = (every, code.trim().is_empty()) else {
            return Err(Error::usage(
                ":watch needs a time of a second or more, and code",
                "such as :watch 30s tasks().count()",
            ));
        };
        let mut last = None;
        self.context.console.say("Ctrl-C ends it; changes are refused");
        loop {
            let (number, again) = (self.number, code.trim().to_string());
            let shown = match self.walked(move |dialogue| dialogue.look(number, &again)) {
                Err(Error::Stopped(_)) => break,
                shown => shown?,
            };
            let text = plain(&shown);
            let time = self.time_of_day();
            let console = &self.context.console;
            if last.as_ref() == Some(&text) {
                console.say(&format!("{time}  the same"));
            } else {
                console.say(&time);
                self.show(&shown);
                last = Some(text);
            }
            if !self.waited(every) {
                break;
            }
        }
        if !self.is_person {
            return Ok(Next::Go);
        }
        self.context.stop.clear();
        self.context.console.say("no longer watched");
        Ok(Next::Go)
    }

    /// Waits; whether nobody asked to stop.
    fn waited(&self, length: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < length {
            if self.context.stop.is_set() {
                return false;
            }
            sleep(LOOK.min(length.saturating_sub(begun.elapsed())));
        }
        !self.context.stop.is_set()
    }

    /// Writes the last value, or what code gives, to a file.
    pub(super) fn export(&mut self, rest: &str) -> Result<(), Error> {
        let mut words = crate::repl::meta::words(rest).into_iter();
        let Some(path) = words.next() else {
            return Err(Error::usage(
                ":export needs a file",
                "such as :export accounts.csv, or :export slow.xlsx accounts().where(|a| a.healthScore < 5)",
            ));
        };
        // The code is everything behind the path, as it was typed.
        let quoted = rest.starts_with(['"', '\'']);
        let code = if quoted { &rest[(path.len() + 2).min(rest.len())..] } else { &rest[path.len()..] };
        let code = Some(code.trim().to_string()).filter(|code| !code.is_empty());
        let (number, file) = (self.number, path.clone());
        let count = self.walked(move |dialogue| dialogue.export(number, code.as_deref(), &file))?;
        let rows = format!("{} row{}", grouped(count.unsigned_abs()), if count == 1 { "" } else { "s" });
        self.context.console.say(&format!("written to {path}: {rows}"));
        Ok(())
    }

    /// Does something that may ask Vitally, with a line about how far it is.
    pub(super) fn walked<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut crate::script::dialogue::Dialogue) -> R + Send + 'static,
    ) -> R {
        let console = &self.context.console;
        self.session.tally.note(|counts| *counts = Counts::default());
        console.begin_progress();
        let result = self.thread.with(job);
        console.end_progress();
        self.keep_names();
        self.session.shelf.close();
        result
    }

    /// The time of day as people at this tenant tell it.
    pub(super) fn time_of_day(&self) -> String {
        let zone = self.session.zone();
        zone.get().to_datetime(self.session.now()).strftime("%H:%M:%S").to_string()
    }
}

/// What was shown, to see whether something else is shown next.
fn plain(shown: &Shown) -> String {
    match shown {
        Shown::Nothing => String::new(),
        Shown::Words(text) => text.clone(),
        Shown::Value(value, _) => value.to_string(),
        Shown::Items(items) => format!("{:?} {:?}", items.items, items.after),
    }
}
