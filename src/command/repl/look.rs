//! Looking around in a dialogue: variables, functions, the rest of a list, the last error.

use super::Next;
use super::talk::Talk;
use super::view::{Look, View};
use crate::error::Error;
use crate::repl::names::Names;
use crate::repl::transcript::{Ended, Entered};
use crate::script::dialogue::Dialogue;
use crate::show;
use serde_json::Value;
use std::time::Duration;

/// How many inputs `:history` shows.
const SHOWN: usize = 30;

impl Talk {
    /// The next items of the list shown last, or all that are left.
    pub(super) fn more(&mut self, rest: &str) -> Result<(), Error> {
        let all = match rest {
            "" => false,
            "all" => true,
            _ => {
                return Err(Error::usage(
                    ":more takes nothing, or the word all",
                    ":more all shows what is left",
                ));
            }
        };
        let page = self.walked(move |dialogue| if all { dialogue.rest() } else { dialogue.more() });
        match page {
            Some(page) => self.show(&page?),
            None => self.context.console.say("there is nothing more to show"),
        }
        Ok(())
    }

    /// The last value once more, in another form.
    pub(super) fn once_more(&mut self, look: Look) -> Result<(), Error> {
        match self.walked(Dialogue::again) {
            Some(shown) => self.show_as(&shown?, &View { look, ..self.view.clone() }),
            None => self.context.console.say("there is no value yet"),
        }
        Ok(())
    }

    /// Everything that is declared, the oldest first.
    pub(super) fn variables(&self) {
        let columns = ["name", "what it is"].map(String::from).to_vec();
        let variables = self.seen.variables.iter().rev().map(|variable| {
            let constant = if variable.constant { " (keeps its value)" } else { "" };
            vec![Value::from(variable.name.as_str()), format!("{}{constant}", variable.kind).into()]
        });
        let functions = self.seen.functions.iter().map(|(name, values)| {
            vec![Value::from(name.as_str()), format!("your function {name}({})", values.join(", ")).into()]
        });
        let modules = self.seen.modules.iter().map(|name| vec![name.as_str().into(), "a module".into()]);
        let rows: Vec<Vec<Value>> = variables.chain(functions).chain(modules).collect();
        let console = &self.context.console;
        console.line(&show::table(&columns, &rows, console.width()));
    }

    /// Takes a variable away.
    pub(super) fn forget(&mut self, name: &str) -> Result<(), Error> {
        let wanted = name.to_string();
        let (was, seen) = self.thread.with(move |dialogue| (dialogue.forget(&wanted), dialogue.seen()));
        self.seen = seen;
        if was {
            return Ok(());
        }
        Err(Error::usage(format!("there is no variable \"{name}\""), ":vars lists what is declared"))
    }

    /// The functions that a word occurs in.
    pub(super) fn functions(&self, word: &str) {
        let names = Names::new(self.seen.clone(), Vec::new());
        let word = word.to_lowercase();
        let found = names.functions().filter(|function| {
            function.name.contains(&word) || !word.is_empty() && function.doc.to_lowercase().contains(&word)
        });
        let rows: Vec<Vec<String>> = found
            .map(|function| {
                let dot = if function.is_method { "." } else { "" };
                vec![format!("{dot}{}", function.signature), function.doc.clone()]
            })
            .collect();
        let console = &self.context.console;
        if rows.is_empty() {
            return console.say(&format!("no function has \"{word}\" in its name or its description"));
        }
        self.paged(&show::listing(&rows, 0, console.width()));
    }

    /// Runs code and says how long it took.
    pub(super) fn time(&mut self, code: &str) -> Result<Next, Error> {
        if code.is_empty() {
            return Err(Error::usage(":time needs code to run", "such as :time accounts().len()"));
        }
        let (next, took) = self.timed(code)?;
        if !self.view.time {
            self.tell_time(took);
        }
        Ok(next)
    }

    /// How long an input took, and how much it read.
    pub(super) fn tell_time(&self, took: Duration) {
        let reads = self.session.tally.counts().reads;
        let asked = match reads {
            0 => "nothing was read".into(),
            1 => "1 read".into(),
            count => format!("{count} reads"),
        };
        self.context.console.say(&format!("{:.3} s · {asked}", took.as_secs_f64()));
    }

    /// The last error once more, with all that is known.
    pub(super) fn why(&self) {
        let console = &self.context.console;
        let Some(error) = &self.failed else { return console.say("nothing has gone wrong yet") };
        console.report(error);
        if let Error::Thrown(finding) = error {
            let status =
                finding.status.map_or(String::new(), |status| format!(" · Vitally answered {status}"));
            console.say(&format!("kind: {}{status}", finding.kind));
            console.say(&format!(
                "in a script: try {{ … }} catch (e) {{ if e.kind == \"{}\" {{ … }} }}",
                finding.kind
            ));
        }
    }

    /// What was typed.
    pub(super) fn history(&self, rest: &str) {
        let word = rest.trim_matches('/');
        let all = self.transcript.all();
        let found: Vec<&Entered> = match rest.parse::<usize>() {
            Ok(count) => all.iter().skip(all.len().saturating_sub(count)).collect(),
            Err(_) if word.is_empty() => all.iter().skip(all.len().saturating_sub(SHOWN)).collect(),
            Err(_) => all.iter().filter(|entered| entered.text.contains(word)).collect(),
        };
        let console = &self.context.console;
        for entered in found {
            let sign = if entered.ended == Ended::Failed { "✗" } else { " " };
            let before = format!("{sign} [{}] ", entered.number);
            let gap = " ".repeat(show::width_of(&before));
            console.line(&format!("{before}{}", entered.text.replace('\n', &format!("\n{gap}"))));
        }
    }
}
