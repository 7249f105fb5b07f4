//! One input: run, shown, noted.

use super::super::ending;
use super::super::progress::grouped;
use super::Next;
use super::talk::Talk;
use super::view::View;
use crate::catalogue::Object;
use crate::error::{Error, Message};
use crate::exit;
use crate::gate::{Counts, Mode};
use crate::repl::secret::looks_secret;
use crate::repl::transcript::{Ended, Entered};
use crate::report::harmless;
use crate::script::dialogue::{Dialogue, Items, Reply, Shown};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Something that the dialogue does on its own thread.
pub type Job<R> = Box<dyn FnOnce(&mut Dialogue) -> R + Send>;

/// How many characters of an input stand for it in the list of runs.
const TITLE: usize = 60;

impl Talk {
    /// Runs an input and shows what it gave.
    pub(super) fn say(&mut self, text: &str) -> Result<Next, Error> {
        self.timed(text).map(|(next, _)| next)
    }

    /// The same, and how long it took.
    pub(super) fn timed(&mut self, text: &str) -> Result<(Next, Duration), Error> {
        let number = self.number;
        self.number += 1;
        let typed = text.to_string();
        let job: Job<Reply> = Box::new(move |dialogue| dialogue.say(number, &typed));
        let begun = Instant::now();
        let (reply, counts, before) =
            self.carried_out(title(number, text), job, |reply| reply.result.is_err());
        let took = begun.elapsed();
        self.seen = reply.seen;
        let ended = match &reply.result {
            Ok(Shown::Nothing) => Ended::Nothing,
            Ok(_) => Ended::Value,
            Err(_) => Ended::Failed,
        };
        let entered = Entered { number, text: text.into(), ended };
        self.file.add(&self.context.console, &entered);
        self.transcript.add(entered);
        if let Ok(shown) = &reply.result {
            self.show(shown);
        }
        self.tell(number, &counts, before, reply.result.is_err());
        if reply.let_go {
            self.context.console.say("note: out[…] was emptied, because the values took too much memory");
        }
        self.new_hooks(reply.hooks)?;
        if let (Some(code), Ok(_)) = (reply.exit, &reply.result) {
            return Ok((self.end_with(code)?, took));
        }
        reply.result?;
        if let Some(trip) = counts.tripped.filter(|trip| !trip.asked) {
            return Err(Error::Refused(Message::new(trip.message, trip.help)));
        }
        if counts.failed_rows > 0 {
            self.code = exit::ROWS_FAILED;
        }
        if self.view.time {
            self.tell_time(took);
        }
        Ok((Next::Go, took))
    }

    /// Does something whose changes are a run of this title. Answers what was counted, too, and how many changes were
    /// collected before.
    pub(super) fn carried_out<R: Send + 'static>(
        &self,
        title: String,
        job: Job<R>,
        is_failed: impl Fn(&R) -> bool,
    ) -> (R, Counts, usize) {
        let (console, session) = (&self.context.console, &self.session);
        session.shelf.next(title, session.now());
        console.begin_progress();
        let (tally, collected) = (session.tally.clone(), self.collected.clone());
        // An event may be handled until the dialogue's turn comes: what that counts is not of this.
        let (result, counts, before) = self.thread.with(move |dialogue| {
            tally.note(|counts| *counts = Counts::default());
            let before = collected.len();
            let result = job(dialogue);
            (result, tally.counts(), before)
        });
        console.end_progress();
        let word = match &result {
            _ if self.context.stop.is_set() => "stopped",
            _ if counts.tripped.as_ref().is_some_and(|trip| !trip.asked) => "refused",
            result if is_failed(result) => "failed",
            _ => "done",
        };
        if let Err(error) = session.shelf.finish(word, session.now()) {
            console.warn(&error.words().0);
        }
        self.keep_names();
        // Others may use the journal while the next input is typed.
        session.shelf.close();
        (result, counts, before)
    }

    /// Shows what an input gave.
    pub(super) fn show(&self, shown: &Shown) {
        self.show_as(shown, &self.view);
    }

    /// The same, in another way.
    pub(super) fn show_as(&self, shown: &Shown, view: &View) {
        let console = &self.context.console;
        match shown {
            Shown::Nothing => {}
            Shown::Words(text) => console.line(&harmless(text)),
            Shown::Value(Value::String(text), _) if view.look.is_for_people() => {
                console.line(&if text.is_empty() { "\"\"".into() } else { harmless(text) });
            }
            Shown::Value(value, object) => self.write(value, *object, view),
            Shown::Items(Items { items, object, before, after }) => {
                let last = before + items.len();
                self.write(&items.clone().into(), *object, view);
                match after {
                    Some(0) if *before > 0 => {
                        console.say(&format!("that was the last of {}", grouped(last as u64)));
                    }
                    Some(0) => {}
                    Some(count) => {
                        console.say(&format!(
                            "… {} more; :more shows the next, :open all of them",
                            grouped(*count as u64)
                        ));
                    }
                    None => console.say("… and more; :more shows the next, :open all of them"),
                }
            }
        }
    }

    fn write(&self, value: &Value, object: Option<&'static Object>, view: &View) {
        let console = &self.context.console;
        let text = view.text(value, object, console.width());
        if !text.is_empty() {
            self.paged(&text);
        }
        for words in view.columns.unknown(value) {
            console.say(&words);
        }
    }

    /// Says what became of the changes of an input.
    pub(super) fn tell(&self, number: usize, counts: &Counts, before: usize, is_failed: bool) {
        let console = &self.context.console;
        if self.session.mode != Mode::DryRun {
            let stopped = is_failed || counts.tripped.is_some();
            return ending::tell_done(console, &self.session, counts, stopped);
        }
        let mut parts: Vec<String> = ending::summary(&counts.planned, "to be ").into_iter().collect();
        if counts.unchanged > 0 {
            parts.push(format!("{} already right", grouped(counts.unchanged)));
        }
        if counts.protected > 0 {
            parts.push(format!("{} left alone, as protected", grouped(counts.protected)));
        }
        if counts.failed_rows > 0 {
            parts.push(format!("{} failed", grouped(counts.failed_rows)));
        }
        if !parts.is_empty() {
            console.say(&format!("collected, not sent: {}", parts.join("; ")));
        }
        ending::tell_failed(console, &counts.reasons, counts.failed_rows);
        if is_failed && self.collected.len() > before {
            console.say(&format!("what it collected before it stopped stays; :discard {number} drops it"));
        }
    }
}

/// An input in the list of runs.
fn title(number: usize, text: &str) -> String {
    if looks_secret(text) {
        return format!("[{number}]");
    }
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut short: String = line.chars().take(TITLE).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    format!("[{number}] {short}")
}
