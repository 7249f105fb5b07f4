//! `[[job]]` in `vitally.toml`, and the same words in the first lines of a script: `//! @schedule weekdays at 06:00`.

use super::file::{Key, Reader, Set, Value};
use crate::error::{Error, Place};
use crate::schedule::job::MOST_RETRIES;
use crate::schedule::{Catchup, Crontab, Overlap, length, zone};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use toml::de::{DeInteger, DeTable};

/// One `[[job]]`.
#[derive(Clone, Debug)]
pub struct JobSection {
    /// Its name; the script's own if it is not said.
    pub name: String,
    /// The script it runs.
    pub script: PathBuf,
    /// When.
    pub schedule: Crontab,
    /// Where it was described.
    pub place: Place,
    /// The zone of its times of day.
    pub timezone: Option<String>,
    /// The profile it works with.
    pub profile: Option<String>,
    /// What the script is given.
    pub arguments: BTreeMap<String, String>,
    /// When the run before still goes on.
    pub overlap: Option<Overlap>,
    /// How many runs may go on at once.
    pub max_running: Option<usize>,
    /// When ticks were missed.
    pub catchup: Option<Catchup>,
    /// How old a missed tick may be to be caught up.
    pub catchup_window: Option<Duration>,
    /// Over which time starts are spread.
    pub jitter: Option<Duration>,
    /// How long a run may take.
    pub timeout: Option<Duration>,
    /// How many times a failed run is tried again.
    pub retries: Option<u32>,
    /// After so many failed runs in a row it is paused.
    pub pause_after_failures: Option<u32>,
    /// So long after its time somebody is told if it has not run.
    pub expect_within: Option<Duration>,
    /// How many changes a run may make.
    pub max_changes: Option<u64>,
    /// How many records a run may delete.
    pub max_deletes: Option<u64>,
}

/// The keys of a job.
pub const KEYS: &[&str] = &[
    "name",
    "script",
    "schedule",
    "timezone",
    "profile",
    "args",
    "overlap",
    "max_running",
    "catchup",
    "catchup_window",
    "jitter",
    "timeout",
    "retries",
    "pause_after_failures",
    "expect_within",
    "max_changes",
    "max_deletes",
];

/// The shortest time in which missed ticks may be caught up.
const SHORTEST_WINDOW: Duration = Duration::from_secs(10);

/// A key with its value as text, and where it stands.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    place: Place,
}

/// The words of a job, wherever they were written.
struct Words {
    by_key: BTreeMap<String, Word>,
    arguments: BTreeMap<String, String>,
    place: Place,
}

impl Reader<'_> {
    /// Every `[[job]]`.
    pub(super) fn jobs(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Vec<JobSection>, Error> {
        let help = "a job starts with a line such as [[job]], in double brackets";
        let wrong = || self.error(&key.span(), "\"job\" must be a list of sections".into(), help.into());
        let items = value.get_ref().as_array().ok_or_else(wrong)?;
        items.iter().map(|item| self.job(item.get_ref().as_table().ok_or_else(wrong)?, key)).collect()
    }

    fn job(&self, table: &DeTable<'_>, section: &Key<'_>) -> Result<JobSection, Error> {
        let start = table.iter().map(|(key, _)| key.span()).min_by_key(|span| span.start);
        let place = self.place(&start.unwrap_or(section.span()));
        let mut words = Words { by_key: BTreeMap::new(), arguments: BTreeMap::new(), place };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name == "args" {
                for (name, value) in self.table(key, value)? {
                    let set = self.plain(name, value)?;
                    words.arguments.insert(name.get_ref().to_string(), set.value);
                }
            } else if KEYS.contains(&name) {
                let set = self.plain(key, value)?;
                words.by_key.insert(name.into(), Word { text: set.value, place: set.place });
            } else {
                return Err(self.unknown(key, KEYS, "in a job"));
            }
        }
        words.section()
    }

    /// Text or a whole number, as text.
    fn plain(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<String>, Error> {
        let inner = value.get_ref();
        let number = inner.as_integer().map(DeInteger::as_str);
        let flag = inner.as_bool().map(|flag| flag.to_string());
        let text = inner.as_str().or(number).map(|text| text.trim().to_string()).or(flag);
        self.set(key, value, text.filter(|text| !text.is_empty()), "text in double quotes, or a whole number")
    }
}

/// The job that the first lines of a script describe, if they do: `//! @schedule 0 6 * * MON-FRI @timezone UTC`.
pub fn of_script(path: &std::path::Path, text: &str) -> Result<Option<JobSection>, Error> {
    let file = path.display().to_string();
    let source: Arc<str> = text.into();
    let mut words = BTreeMap::new();
    let lines = text
        .lines()
        .enumerate()
        .take_while(|(at, line)| line.starts_with("//!") || (*at == 0 && line.starts_with("#!")));
    for (at, line) in lines {
        let mut rest = line;
        while let Some(start) = rest.find('@') {
            rest = &rest[start + 1..];
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let name = &rest[..end];
            if !KEYS.contains(&name) {
                continue;
            }
            rest = &rest[end..];
            let next = KEYS.iter().filter_map(|key| rest.find(&format!(" @{key} "))).min();
            let value = &rest[..next.unwrap_or(rest.len())];
            let before = line.len() - rest.len() + (value.len() - value.trim_start().len());
            let place = Place {
                file: file.clone(),
                source: Arc::clone(&source),
                line: at + 1,
                column: line[..before].chars().count() + 1,
                length: value.trim().chars().count().max(1),
            };
            words.insert(name.to_string(), Word { text: value.trim().into(), place });
            rest = &rest[value.len()..];
        }
    }
    let Some(schedule) = words.get("schedule") else { return Ok(None) };
    let place = schedule.place.clone();
    let script = Word { text: file, place: place.clone() };
    words.entry("script".into()).or_insert(script);
    Words { by_key: words, arguments: BTreeMap::new(), place }.section().map(Some)
}

impl Words {
    fn section(mut self) -> Result<JobSection, Error> {
        let needed = |name: &str, example: &str, place: &Place| {
            wrong(
                place,
                format!("the job has no {name}"),
                format!("add a line such as {name} = \"{example}\""),
            )
        };
        let place = self.place.clone();
        let script = self.by_key.remove("script").ok_or_else(|| needed("script", "renewals.rhai", &place))?;
        let schedule =
            self.by_key.remove("schedule").ok_or_else(|| needed("schedule", "weekdays at 06:00", &place))?;
        let crontab = Crontab::parse(&schedule.text)
            .map_err(|mistake| wrong(&within(&schedule, &mistake.range), mistake.message, mistake.help))?;
        let stem = PathBuf::from(&script.text).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = self.by_key.remove("name").map(|word| word.text);
        let job = JobSection {
            name: name.or(stem).unwrap_or_else(|| script.text.clone()),
            script: PathBuf::from(&script.text),
            schedule: crontab,
            timezone: self.zone()?,
            profile: self.by_key.remove("profile").map(|word| word.text),
            arguments: std::mem::take(&mut self.arguments),
            overlap: self.choice("overlap", Overlap::WORDS)?,
            max_running: self.number("max_running", 1, 1000)?.and_then(|number| number.try_into().ok()),
            catchup: self.choice("catchup", Catchup::WORDS)?,
            catchup_window: self.length("catchup_window", SHORTEST_WINDOW)?,
            jitter: self.length("jitter", Duration::from_secs(1))?,
            timeout: self.length("timeout", Duration::from_secs(1))?,
            retries: self.small("retries", 0, u64::from(MOST_RETRIES))?,
            pause_after_failures: self.small("pause_after_failures", 1, 1_000_000)?,
            expect_within: self.length("expect_within", Duration::from_secs(1))?,
            max_changes: self.number("max_changes", 0, u64::MAX)?,
            max_deletes: self.number("max_deletes", 0, u64::MAX)?,
            place,
        };
        Ok(job)
    }

    fn zone(&mut self) -> Result<Option<String>, Error> {
        let Some(word) = self.by_key.remove("timezone") else { return Ok(None) };
        zone::named(&word.text).map_err(|(message, help)| wrong(&word.place, message, help))?;
        Ok(Some(word.text))
    }

    fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(word) = self.by_key.remove(name) else { return Ok(None) };
        if let Some((_, value)) = words.iter().find(|(known, _)| *known == word.text.to_lowercase()) {
            return Ok(Some(*value));
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let near = crate::script::words::did_you_mean(&word.text, known.iter().copied());
        let message = format!("{name} cannot be \"{}\"{near}", word.text);
        Err(wrong(&word.place, message, format!("it is one of: {}", known.join(", "))))
    }

    fn length(&mut self, name: &str, shortest: Duration) -> Result<Option<Duration>, Error> {
        let Some(word) = self.by_key.remove(name) else { return Ok(None) };
        let seconds = length::seconds(&word.text).and_then(|seconds| seconds.try_into().ok());
        match seconds.map(Duration::from_secs) {
            Some(length) if length >= shortest => Ok(Some(length)),
            _ => {
                let message = format!("{name} cannot be \"{}\"", word.text);
                let help = format!(
                    "write a length of time such as 90s, 15m or 2h, at least {} s",
                    shortest.as_secs()
                );
                Err(wrong(&word.place, message, help))
            }
        }
    }

    fn small(&mut self, name: &str, low: u64, high: u64) -> Result<Option<u32>, Error> {
        Ok(self.number(name, low, high)?.and_then(|number| number.try_into().ok()))
    }

    fn number(&mut self, name: &str, low: u64, high: u64) -> Result<Option<u64>, Error> {
        let Some(word) = self.by_key.remove(name) else { return Ok(None) };
        match word.text.parse::<u64>() {
            Ok(number) if (low..=high).contains(&number) => Ok(Some(number)),
            _ => {
                let message = format!("{name} cannot be \"{}\"", word.text);
                let upto = if high == u64::MAX { " or more".into() } else { format!(" to {high}") };
                Err(wrong(&word.place, message, format!("write a whole number, {low}{upto}")))
            }
        }
    }
}

/// The part of a word that is wrong, where it can be pointed at.
fn within(word: &Word, range: &std::ops::Range<usize>) -> Place {
    let line = word.place.source.lines().nth(word.place.line - 1).unwrap_or_default();
    let from: String = line.chars().skip(word.place.column - 1).collect();
    let Some(start) = from.find(&word.text) else { return word.place.clone() };
    let before = from[..start].chars().count() + word.text[..range.start].chars().count();
    let length = word.text[range.clone()].chars().count().max(1);
    Place { column: word.place.column + before, length, ..word.place.clone() }
}

fn wrong(place: &Place, message: String, help: String) -> Error {
    super::file::at(crate::error::Message { text: message, help: Some(help) }, place)
}
