//! Questions to the person who runs the script. Without anybody to answer, a script never waits.

use super::super::host::{Host, Level};
use super::super::raise::{Raised, mistake, raise};
use super::super::value;
use super::super::words::{described, did_you_mean};
use super::{Entry, entry, run};
use crate::show;
use rhai::{Array, Dynamic, Engine};
use serde_json::Value;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "ask",
        "ask(question, [default])",
        "What a person answers, as the same kind of value as the default. --arg \"Which plan?=Pro\" answers beforehand; \
         without anybody to ask it is the default",
        "print(ask(\"Which plan?\", \"Pro\"));",
    ),
    entry(
        "confirm",
        "confirm(question)",
        "Whether a person says yes; -y says it beforehand, and without anybody to ask the run is refused",
        "if accounts().is_empty() && confirm(\"There is no account. Go on?\") { print(\"going on\"); }",
    ),
    entry(
        "choose",
        "choose(question, options, [default])",
        "The option that a person picks, by its number or its name; --arg \"Which plan?=Pro\" picks beforehand",
        "print(choose(\"Which plan?\", [\"Starter\", \"Pro\"], \"Pro\"));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let asker = Rc::clone(host);
    engine.register_fn("ask", move |question: &str| ask(&asker, question, None));
    let asker = Rc::clone(host);
    engine.register_fn("ask", move |question: &str, default: Dynamic| ask(&asker, question, Some(default)));
    let asker = Rc::clone(host);
    engine.register_fn("confirm", move |question: &str| confirm(&asker, question));
    let asker = Rc::clone(host);
    engine.register_fn("choose", move |question: &str, options: Array| {
        choose(&asker, question, &options, None)
    });
    let asker = Rc::clone(host);
    engine.register_fn("choose", move |question: &str, options: Array, default: Dynamic| {
        choose(&asker, question, &options, Some(&default))
    });
}

fn ask(host: &Host, question: &str, default: Option<Dynamic>) -> Result<Dynamic, Raised> {
    let read = |text: &str| match &default {
        Some(default) => run::as_kind_of(host, text, default),
        None => Ok(text.to_string().into()),
    };
    if let Some(given) = host.arguments.get(question.trim()) {
        return read(given).map_err(|wanted| {
            mistake(
                format!("the answer \"{given}\" to \"{question}\" must be {wanted}"),
                format!("write {}", flag(question, "…")),
            )
        });
    }
    if !host.output.can_ask() {
        return default.ok_or_else(|| nobody(host, question, &flag(question, "…")));
    }
    let shown = default.as_ref().filter(|default| !default.is_unit());
    let prompt = shown.map_or(format!("{question} "), |default| format!("{question} [{default}] "));
    loop {
        let answer = answer(host, &[], &prompt, question, &flag(question, "…"))?;
        match (answer.as_str(), &default) {
            ("", Some(default)) => return Ok(default.clone()),
            ("", None) => {}
            (text, _) => match read(text) {
                Ok(value) => return Ok(value),
                Err(wanted) => host.output.log(Level::Warning, &format!("that must be {wanted}")),
            },
        }
    }
}

fn confirm(host: &Host, question: &str) -> Result<bool, Raised> {
    if host.yes {
        return Ok(true);
    }
    if !host.output.can_ask() {
        return Err(nobody(host, question, "-y, which says yes"));
    }
    loop {
        let answer = answer(host, &[], &format!("{question} [y/N] "), question, "-y, which says yes")?;
        match answer.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "" | "n" | "no" => return Ok(false),
            _ => host.output.log(Level::Warning, "type yes or no"),
        }
    }
}

fn choose(
    host: &Host,
    question: &str,
    options: &[Dynamic],
    default: Option<&Dynamic>,
) -> Result<Dynamic, Raised> {
    if options.is_empty() {
        return Err(mistake(
            "choose has no options to choose from",
            "such as choose(\"Which?\", [\"a\", \"b\"])",
        ));
    }
    let names: Vec<String> = options.iter().map(name_of).collect();
    let default = match default {
        None => None,
        Some(default) => {
            let name = name_of(default);
            let place = names.iter().position(|known| *known == name);
            Some(place.ok_or_else(|| {
                mistake(
                    format!("{} is none of the options", described(default)),
                    "name one of them as the default",
                )
            })?)
        }
    };
    if let Some(given) = host.arguments.get(question.trim()) {
        let place = picked(given, &names).ok_or_else(|| {
            mistake(
                format!(
                    "\"{given}\" is none of the options of \"{question}\"{}",
                    did_you_mean(given, names.iter().map(String::as_str))
                ),
                format!("they are: {}", names.join(", ")),
            )
        })?;
        return Ok(options[place].clone());
    }
    let flag = flag(question, &names[0]);
    if !host.output.can_ask() {
        return default.map(|place| options[place].clone()).ok_or_else(|| nobody(host, question, &flag));
    }
    let lines: Vec<String> =
        names.iter().enumerate().map(|(place, name)| format!("  {}  {name}", place + 1)).collect();
    let number = default.map_or(String::new(), |place| format!(" [{}]", place + 1));
    loop {
        let answer = answer(host, &lines, &format!("{question}{number} "), question, &flag)?;
        let place = if answer.is_empty() { default } else { picked(&answer, &names) };
        match place {
            Some(place) => return Ok(options[place].clone()),
            None => host.output.log(Level::Warning, &format!("type a number from 1 to {}", names.len())),
        }
    }
}

/// The option that was meant: by its name, else by its number.
fn picked(answer: &str, names: &[String]) -> Option<usize> {
    let answer = answer.trim();
    let exact = names.iter().position(|name| name == answer);
    let near = || names.iter().position(|name| name.to_lowercase() == answer.to_lowercase());
    let number = || answer.parse::<usize>().ok().filter(|number| (1..=names.len()).contains(number));
    exact.or_else(near).or_else(|| number().map(|number| number - 1))
}

fn name_of(option: &Dynamic) -> String {
    match value::to_json(option) {
        Ok(Value::Object(fields)) => {
            let name = ["name", "email", "id"].iter().find_map(|key| fields.get(*key)?.as_str());
            name.map_or_else(|| Value::Object(fields.clone()).to_string(), ToString::to_string)
        }
        Ok(json) => show::cell(&json),
        Err(_) => option.to_string(),
    }
}

/// One line that a person typed. Ctrl-C ends the run; the end of the input is nobody's answer.
fn answer(host: &Host, lines: &[String], prompt: &str, question: &str, flag: &str) -> Result<String, Raised> {
    let answer = host.output.ask(lines, prompt);
    if host.stop.is_set() {
        return Err(raise("stopped", "stopped while a question was open".into(), None));
    }
    answer.map(|text| text.trim().to_string()).ok_or_else(|| nobody(host, question, flag))
}

fn flag(question: &str, answer: &str) -> String {
    if question.contains('=') {
        return "a terminal to run it in".into();
    }
    format!("--arg \"{}={answer}\"", question.trim().replace('"', "\\\""))
}

fn nobody(host: &Host, question: &str, flag: &str) -> Raised {
    let help = host.output.how_to_answer();
    raise(
        "refused",
        format!("nobody is there to answer \"{}\"", question.trim()),
        Some(help.map_or_else(|| format!("add {flag}; or run it in a terminal"), ToString::to_string)),
    )
}
