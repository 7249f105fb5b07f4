//! `schedule("weekdays at 06:00", || …)` and `every("10m", || …)`: register a function for times of the clock.

use super::super::handler::Handler;
use super::super::hooks::Hooks;
use super::super::raise::{Raised, mistake};
use super::super::schedules::{ScheduleSpec, Scheduled};
use super::super::source::Sources;
use super::super::words::{described, did_you_mean};
use super::{Entry, entry};
use crate::schedule::job::TIMEOUT;
use crate::schedule::{Catchup, Crontab, Overlap, length, zone};
use rhai::{Dynamic, Engine, FnPtr, Map, NativeCallContext};
use std::rc::{Rc, Weak};
use std::time::Duration;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "schedule",
        "schedule(when, [#{ name, timezone, overlap, catchup, jitter, timeout, expect_within }], |job| …)",
        "Calls the function whenever it is due; `run` stays for it. when is a crontab or plain words; job is optional and has \
         scheduled_at, name, attempt and caught_up. expect_within: \"30m\" tells somebody if it has not run that long after its time",
        "schedule(\"weekdays at 06:00\", || print(accounts().len()));",
    ),
    entry(
        "every",
        "every(length, [#{ name, overlap, catchup, jitter, timeout, expect_within }], |job| …)",
        "Calls the function again and again after this time, counted from 1970 in UTC; `run` stays for it. The options are those \
         of schedule",
        "every(\"10m\", || print(tasks().len()));",
    ),
];

/// What the map of `schedule` may say.
pub const OPTIONS: &[&str] =
    &["name", "timezone", "overlap", "catchup", "jitter", "timeout", "expect_within"];

/// What the map of `every` may say: it knows no time of day that a zone would move.
const OPTIONS_OF_EVERY: &[&str] = &["name", "overlap", "catchup", "jitter", "timeout", "expect_within"];

const HANDLER: &str = "|| … or |job| …";

/// Registers the functions.
pub fn register(engine: &mut Engine, handle: &Weak<Engine>, hooks: &Rc<Hooks>, sources: &Sources) {
    let registration =
        Registration { engine: Weak::clone(handle), hooks: Rc::clone(hooks), sources: sources.clone() };
    let registration = Rc::new(registration);
    for name in ["schedule", "every"] {
        let own = Rc::clone(&registration);
        engine.register_fn(name, move |context: NativeCallContext, when: &str, function: FnPtr| {
            own.register(&context, understood(name, when)?, &Map::new(), &function)
        });
        let own = Rc::clone(&registration);
        engine.register_fn(
            name,
            move |context: NativeCallContext, when: &str, options: Map, function: FnPtr| {
                own.register(&context, understood(name, when)?, &options, &function)
            },
        );
        engine.register_fn(name, move |first: Dynamic, second: Dynamic| refused(name, &first, &second));
        engine.register_fn(
            name,
            move |first: Dynamic, options: Dynamic, last: Dynamic| -> Result<(), Raised> {
                if !options.is_map() {
                    return Err(mistake(
                        format!(
                            "{name} needs a map of options in the middle, and got {}",
                            described(&options)
                        ),
                        format!("such as {name}({}, #{{ name: \"renewals\" }}, || …)", example_of_when(name)),
                    ));
                }
                refused(name, &first, &last)
            },
        );
    }
}

/// What a time to run at means, or why it means nothing and what to write.
pub fn read(function: &str, text: &str) -> Result<Crontab, (String, String)> {
    let read = if function == "every" { Crontab::every(text) } else { Crontab::parse(text) };
    read.map_err(|mistake| {
        let wrong = mistake.expression.get(mistake.range).unwrap_or_default().trim();
        let within = if wrong.is_empty() || mistake.message.contains(wrong) || wrong == text.trim() {
            String::new()
        } else {
            format!(" (\"{wrong}\")")
        };
        (format!("{function} does not understand \"{text}\": {}{within}", mistake.message), mistake.help)
    })
}

/// What is wrong with an option of `schedule` and what to write, where its value is a text.
pub fn option_problem(name: &str, text: &str) -> Option<(String, String)> {
    match name {
        "timezone" => zone::named(text).err(),
        "overlap" => word(name, text, Overlap::WORDS).err(),
        "catchup" => word(name, text, Catchup::WORDS).err(),
        "jitter" | "timeout" | "expect_within" => time(name, text).err(),
        _ => None,
    }
}

/// That a function knows no such option, and which it knows.
pub fn unknown_option(function: &str, name: &str) -> Option<(String, String)> {
    let known = if function == "every" { OPTIONS_OF_EVERY } else { OPTIONS };
    (!known.contains(&name)).then(|| {
        let near = did_you_mean(name, known.iter().copied());
        (format!("{function} knows no option \"{name}\"{near}"), format!("it knows: {}", known.join(", ")))
    })
}

fn understood(function: &str, text: &str) -> Result<Crontab, Raised> {
    read(function, text).map_err(|(message, help)| mistake(message, help))
}

fn refused(name: &str, when: &Dynamic, function: &Dynamic) -> Result<(), Raised> {
    let (what, got) =
        if when.is_string() { ("a function", function) } else { ("a text that says when", when) };
    Err(mistake(
        format!("{name} needs {what}, and got {}", described(got)),
        format!("such as {name}({}, || …)", example_of_when(name)),
    ))
}

fn example_of_when(name: &str) -> &'static str {
    if name == "every" { "\"10m\"" } else { "\"weekdays at 06:00\"" }
}

struct Registration {
    engine: Weak<Engine>,
    hooks: Rc<Hooks>,
    sources: Sources,
}

impl Registration {
    fn register(
        &self,
        context: &NativeCallContext,
        crontab: Crontab,
        options: &Map,
        function: &FnPtr,
    ) -> Result<(), Raised> {
        let function_name = context.fn_name();
        if let Some((why, help)) = self.hooks.timeless.get().or(self.hooks.closed.get()) {
            return Err(mistake(format!("{function_name}: {why}"), help));
        }
        if let Some((message, help)) = options.keys().find_map(|key| unknown_option(function_name, key)) {
            return Err(mistake(message, help));
        }
        let handler = Handler::new(context, function, &self.engine, 0..=1, HANDLER)?;
        let source = context.fn_source().unwrap_or_default();
        let said = |(message, help): (String, String)| mistake(message, help);
        let text = |key: &str| text(function_name, options, key);
        let length = |key: &str| text(key)?.map(|it| time(key, &it)).transpose().map_err(said);
        let timezone = text("timezone")?.map(|name| zone::named(&name)).transpose().map_err(said)?;
        let overlap = text("overlap")?.map(|it| word("overlap", &it, Overlap::WORDS));
        let catchup = text("catchup")?.map(|it| word("catchup", &it, Catchup::WORDS));
        let spec = ScheduleSpec {
            name: text("name")?.map(|name| self.unused(name)).transpose()?,
            crontab,
            timezone,
            overlap: overlap.transpose().map_err(said)?.unwrap_or_default(),
            catchup: catchup.transpose().map_err(said)?.unwrap_or_default(),
            jitter: length("jitter")?.unwrap_or_default(),
            timeout: length("timeout")?.unwrap_or(TIMEOUT),
            expect_within: length("expect_within")?,
            place: self.sources.place(source, context.call_position()),
        };
        self.hooks.schedules.borrow_mut().push(Scheduled { spec, handler });
        Ok(())
    }

    /// A name that no other schedule of the script has.
    fn unused(&self, name: String) -> Result<String, Raised> {
        if self.hooks.schedules.borrow().iter().any(|other| other.spec.name.as_ref() == Some(&name)) {
            return Err(mistake(
                format!("two schedules of this script are called \"{name}\""),
                "give each its own name: what ran is remembered under it",
            ));
        }
        Ok(name)
    }
}

/// The text under a key.
fn text(function: &str, options: &Map, key: &str) -> Result<Option<String>, Raised> {
    let Some(value) = options.get(key) else { return Ok(None) };
    let text = value.as_immutable_string_ref().map(|text| text.trim().to_string()).unwrap_or_default();
    if text.is_empty() {
        return Err(mistake(
            format!("{function} needs text for \"{key}\", and got {}", described(value)),
            format!("such as {}", example(key)),
        ));
    }
    Ok(Some(text))
}

fn example(key: &str) -> &'static str {
    match key {
        "name" => "name: \"renewals\"",
        "timezone" => "timezone: \"Europe/London\"",
        "overlap" => "overlap: \"queue_one\"",
        "catchup" => "catchup: \"all\"",
        "jitter" => "jitter: \"30s\"",
        "timeout" => "timeout: \"5m\"",
        _ => "expect_within: \"30m\"",
    }
}

fn word<T: Copy>(key: &str, text: &str, words: &[(&str, T)]) -> Result<T, (String, String)> {
    words.iter().find(|(known, _)| *known == text).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let near = did_you_mean(text, known.iter().copied());
        (format!("{key} cannot be \"{text}\"{near}"), format!("it is one of: {}", known.join(", ")))
    })
}

fn time(key: &str, text: &str) -> Result<Duration, (String, String)> {
    let seconds = length::seconds(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Duration::from_secs).ok_or_else(|| {
        (format!("{key} cannot be \"{text}\""), "write a length of time such as 90s, 15m or 2h".into())
    })
}
