//! Where a dialogue stands: who is talked to, what was asked, how results are shown.

use super::super::config;
use super::super::progress::grouped;
use super::Next;
use super::talk::Talk;
use super::view::{Columns, LOOKS, Look};
use crate::error::Error;
use crate::script::words::did_you_mean;
use crate::show;
use serde_json::Value;

/// How many requests `:http` shows.
const SHOWN: usize = 20;

/// What `:set` knows, with the values it takes.
const SETTINGS: &[(&str, &str)] = &[
    ("format", "table, card, json, jsonl, csv or yaml"),
    ("cols", "columns such as name,mrr,-id, or all"),
    ("page", "how many items of a list are shown at once"),
    ("time", "on or off: whether it is said how long an input took"),
];

impl Talk {
    /// Who is talked to, and what happens to changes. Nothing is asked of Vitally.
    pub(super) fn whoami(&self) {
        let session = &self.session;
        let wanted = ["profile", "address", "env", "api_key", "timezone", "project", "home"];
        let mut fields: Vec<(String, Value)> = vec![
            ("mode".into(), session.mode.word().into()),
            ("collected".into(), grouped(self.collected.len() as u64).into()),
            ("file".into(), self.file.path().map_or(Value::Null, |path| path.display().to_string().into())),
        ];
        let entries = config::entries(&session.settings);
        let known = entries.into_iter().filter(|(name, _, _)| wanted.contains(name));
        fields.splice(0..0, known.map(|(name, value, _)| (name.to_string(), value)));
        let console = &self.context.console;
        console.line(&show::card(&session.settings.profile.label(), &fields, console.width()));
    }

    /// The last requests, the newest last.
    pub(super) fn requests(&self, rest: &str) -> Result<(), Error> {
        let count = match rest {
            "" => SHOWN,
            word => word.parse().map_err(|_| {
                Error::usage(format!("\"{word}\" is no number of requests"), "such as :http 5")
            })?,
        };
        let console = &self.context.console;
        let lines = console.requests(count);
        if lines.is_empty() {
            console.say("nothing was asked yet");
            return Ok(());
        }
        console.line(&lines.join("\n"));
        Ok(())
    }

    /// What results look like, or something else from now on.
    pub(super) fn set(&mut self, rest: &str) -> Result<Next, Error> {
        let (name, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        match (name, value.trim()) {
            ("", _) => self.settings(),
            ("format", value) => self.choose_format(value)?,
            ("cols", value) => self.choose_columns(value)?,
            ("page", value) => self.choose_page(value)?,
            ("time", value) => self.choose_time(value)?,
            _ => {
                let near = did_you_mean(name, SETTINGS.iter().map(|(name, _)| *name));
                return Err(Error::usage(format!("there is no setting \"{name}\"{near}"), ":set lists them"));
            }
        }
        Ok(Next::Go)
    }

    fn settings(&self) {
        let value = |name: &str| match name {
            "format" => self.view.look.name().to_string(),
            "cols" => self.view.columns.written(),
            "page" => self.page(),
            _ => on_or_off(self.view.time).to_string(),
        };
        let columns = ["setting", "value", "what it takes"].map(String::from);
        let row = |(name, takes): &(&str, &str)| vec![(*name).into(), value(name).into(), (*takes).into()];
        let rows: Vec<Vec<Value>> = SETTINGS.iter().map(row).collect();
        let console = &self.context.console;
        console.line(&show::table(&columns, &rows, console.width()));
    }

    /// The form of results from now on.
    pub(super) fn choose_format(&mut self, word: &str) -> Result<(), Error> {
        if word.is_empty() {
            self.context.console.line(self.view.look.name());
            return Ok(());
        }
        self.view.look = Look::named(&word.to_lowercase()).ok_or_else(|| {
            let near = did_you_mean(word, LOOKS.iter().map(|(name, _)| *name));
            Error::usage(
                format!("there is no format \"{word}\"{near}"),
                "the formats are table, card, json, jsonl, csv and yaml",
            )
        })?;
        Ok(())
    }

    /// The columns of results from now on; the last value is shown with them.
    pub(super) fn choose_columns(&mut self, text: &str) -> Result<(), Error> {
        if text.is_empty() {
            self.context.console.line(&self.view.columns.written());
            return Ok(());
        }
        self.view.columns = Columns::parsed(text);
        self.once_more(self.view.look)
    }

    fn page(&self) -> String {
        if self.view.page == usize::MAX { "all".into() } else { self.view.page.to_string() }
    }

    fn choose_page(&mut self, text: &str) -> Result<(), Error> {
        if text.is_empty() {
            self.context.console.line(&self.page());
            return Ok(());
        }
        let page = text.parse().ok().filter(|page| *page > 0).ok_or_else(|| {
            Error::usage(format!("\"{text}\" is no number of items"), "such as :set page 50")
        })?;
        self.view.page = page;
        self.thread.with(move |dialogue| dialogue.set_page(page));
        Ok(())
    }

    fn choose_time(&mut self, word: &str) -> Result<(), Error> {
        match word {
            "" => self.context.console.line(on_or_off(self.view.time)),
            "on" => self.view.time = true,
            "off" => self.view.time = false,
            _ => return Err(Error::usage("time is on or off", ":set time on")),
        }
        Ok(())
    }
}

fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
