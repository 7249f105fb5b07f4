//! What a script touches and when it runs, as `check` shows it.

use super::super::job_words::at_zone;
use crate::error::{Error, Finding, Place};
use crate::schedule::{Crontab, lint, zone};
use crate::script::Effects;
use crate::settings::job;
use crate::show;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// How many of the next times are shown.
const NEXT: usize = 3;

/// One script, and what `check` knows of it.
pub struct Summary {
    file: String,
    effects: Effects,
    times: Vec<Times>,
}

/// A schedule with its next times.
struct Times {
    crontab: Crontab,
    zone: TimeZone,
    next: Vec<Timestamp>,
    place: Option<Place>,
}

impl Summary {
    /// What a script touches; its schedules are read in this zone where they name none.
    pub fn new(
        file: &Path,
        text: &str,
        mut effects: Effects,
        usual: &TimeZone,
        now: Timestamp,
    ) -> Result<Summary, Error> {
        let mut times = Vec::new();
        let mut add = |crontab: Crontab, named: Option<&str>, place: Option<Place>| {
            let named = named.and_then(|name| zone::named(name).ok());
            let zone = named.or_else(|| crontab.zone.clone()).unwrap_or_else(|| usual.clone());
            let next = crontab.upcoming(now, &zone).take(NEXT).collect();
            times.push(Times { crontab, zone, next, place });
        };
        for planned in std::mem::take(&mut effects.schedules) {
            add(planned.crontab, planned.timezone.as_deref(), planned.place);
        }
        if let Some(job) = job::of_script(file, text)? {
            add(job.schedule, job.timezone.as_deref(), Some(job.place));
        }
        Ok(Summary { file: file.display().to_string(), effects, times })
    }

    /// What may surprise in its schedules.
    pub fn remarks(&self, now: Timestamp) -> Vec<Finding> {
        let of = |times: &Times| {
            let place = times.place.clone();
            let lints = lint::all(&times.crontab, &times.zone, now);
            lints.into_iter().map(move |lint| Finding {
                code: Some("V060"),
                kind: "mistake",
                message: lint.message,
                label: None,
                help: Some(lint.help),
                place: place.clone(),
                trace: Vec::new(),
                status: None,
            })
        };
        self.times.iter().flat_map(of).collect()
    }

    /// The lines below the script's name, for people.
    pub fn text(&self, width: Option<usize>) -> String {
        let effects = &self.effects;
        let quiet = effects.changes_nothing();
        let mut words = Vec::new();
        let mut say = |verb: &str, kinds: Vec<&str>| {
            if !kinds.is_empty() {
                words.push(format!("{verb} {}", kinds.join(", ")));
            }
        };
        say("reads", names(&effects.reads));
        say("creates", names(&effects.creates));
        say("updates", names(&effects.updates));
        say("deletes", names(&effects.deletes));
        say("sends to", effects.sends.iter().copied().collect());
        // A file that touches nothing at all may be a library, or a test.
        if !words.is_empty() && (quiet || effects.deletes.is_empty()) {
            words.push(if quiet { "changes nothing" } else { "deletes nothing" }.into());
        }
        let mut lines: Vec<String> = Vec::new();
        if !words.is_empty() {
            lines.push(words.join("; "));
        }
        if !effects.hooks.is_empty() {
            lines.push(format!("listens to {}", names(&effects.hooks).join(", ")));
        }
        lines.extend(self.times.iter().map(Times::words));
        let lines = lines.iter().map(|line| show::hanging("  ", line, width));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let effects = &self.effects;
        json!({
            "file": self.file,
            "reads": effects.reads,
            "creates": effects.creates,
            "updates": effects.updates,
            "deletes": effects.deletes,
            "sends": effects.sends,
            "hooks": effects.hooks,
            "schedules": self.times.iter().map(Times::json).collect::<Value>(),
        })
    }
}

fn names(kinds: &BTreeSet<String>) -> Vec<&str> {
    kinds.iter().map(String::as_str).collect()
}

impl Times {
    fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("local")
    }

    fn words(&self) -> String {
        let next: Vec<String> = self.next.iter().map(|at| at_zone(*at, &self.zone)).collect();
        let next = if next.is_empty() { "never again".into() } else { next.join(", ") };
        format!("runs {} ({}); next {next}", self.crontab.words(), self.zone_name())
    }

    fn json(&self) -> Value {
        let local = |at: &Timestamp| at.display_with_offset(self.zone.to_offset(*at)).to_string();
        json!({
            "expression": self.crontab.text,
            "words": self.crontab.words(),
            "timezone": self.zone_name(),
            "line": self.place.as_ref().map(|place| place.line),
            "next": self
                .next
                .iter()
                .map(|at| json!({ "utc": at.to_string(), "local": local(at) }))
                .collect::<Value>(),
        })
    }
}
