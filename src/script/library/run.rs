//! What a script knows and decides about its own run: arguments, environment, pauses, its end.

use super::super::host::Host;
use super::super::limits;
use super::super::raise::{self, Raised, mistake};
use super::super::words::described;
use super::{Entry, entry, span};
use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "arg",
        "arg(name, [default], [help])",
        "What --arg name=value gave, as the same kind of value as the default",
        "print(arg(\"days\", 60, \"How many days ahead to look\"));",
    ),
    entry(
        "env",
        "env(name, [default])",
        "An environment variable; () if it is not set",
        "print(env(\"HOME\"));",
    ),
    entry("sleep", "sleep(seconds)", "Waits; Ctrl-C ends the wait", "sleep(0);"),
    entry(
        "exit",
        "exit(code)",
        "Ends the script with an exit code from 0 to 125",
        "if accounts().is_empty() { exit(2); }",
    ),
];

/// How often a sleeping script looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for with_help in [false, true] {
        let host = Rc::clone(host);
        let get = move |name: &str, default: &Dynamic| argument(&host, name, default);
        if with_help {
            engine.register_fn("arg", move |name: &str, default: Dynamic, _help: &str| get(name, &default));
        } else {
            engine.register_fn("arg", move |name: &str, default: Dynamic| get(name, &default));
        }
    }
    let given = Rc::clone(host);
    engine.register_fn("arg", move |name: &str| -> Result<Dynamic, Raised> {
        given.arguments.get(name).map(|text| text.clone().into()).ok_or_else(|| {
            mistake(
                format!("this script needs --arg {name}=…"),
                format!("add it to the command, or give it a default: arg(\"{name}\", …)"),
            )
        })
    });
    let environment = Rc::clone(host);
    engine.register_fn("env", move |name: &str| -> Result<Dynamic, Raised> {
        Ok(variable(&environment, name)?.map_or(Dynamic::UNIT, Into::into))
    });
    let environment = Rc::clone(host);
    engine.register_fn("env", move |name: &str, default: Dynamic| -> Result<Dynamic, Raised> {
        Ok(variable(&environment, name)?.map_or(default, Into::into))
    });
    let sleeper = Rc::clone(host);
    engine.register_fn("sleep", move |seconds: Dynamic| sleep(&sleeper, &seconds));
    // Rhai's own takes numbers before the one above is asked, and nothing wakes it.
    let sleeper = Rc::clone(host);
    engine.register_fn("sleep", move |seconds: i64| sleep(&sleeper, &seconds.into()));
    let sleeper = Rc::clone(host);
    engine.register_fn("sleep", move |seconds: f64| sleep(&sleeper, &seconds.into()));
}

/// Registers `exit`, which leaves its code where the run can see it.
pub fn register_exit(engine: &mut Engine, code: &Rc<Cell<Option<u8>>>) {
    let ended = Rc::clone(code);
    engine.register_fn("exit", move || leave(&ended, 0));
    let ended = Rc::clone(code);
    engine.register_fn("exit", move |code: Dynamic| {
        let number = code.as_int().ok().and_then(|code| u8::try_from(code).ok()).filter(|code| *code <= 125);
        match number {
            Some(code) => leave(&ended, code),
            None => Err(mistake(
                format!("exit needs a whole number from 0 to 125, and got {}", described(&code)),
                "0 means that all went well; 1 is a usual number for \"it did not\"",
            )),
        }
    });
}

fn leave(ended: &Cell<Option<u8>>, code: u8) -> Result<Dynamic, Raised> {
    ended.set(Some(code));
    Err(Box::new(EvalAltResult::Exit(Dynamic::UNIT, Position::NONE)))
}

/// The argument as the same kind of value as its default.
fn argument(host: &Host, name: &str, default: &Dynamic) -> Result<Dynamic, Raised> {
    let Some(text) = host.arguments.get(name) else { return Ok(default.clone()) };
    as_kind_of(host, text, default).map_err(|wanted| {
        mistake(
            format!("--arg {name}={text} must be {wanted}, because its default is {}", described(default)),
            format!("write --arg {name}=… with {wanted}"),
        )
    })
}

/// A text as the same kind of value as a default, or what it would have to be.
pub fn as_kind_of(host: &Host, text: &str, default: &Dynamic) -> Result<Dynamic, &'static str> {
    const DAY: &str = "a day such as 2026-12-01";
    if default.is_int() {
        return text.trim().parse::<i64>().map(Dynamic::from).map_err(|_| "a whole number");
    }
    if default.is_float() {
        return text.trim().parse::<f64>().map(Dynamic::from).map_err(|_| "a number");
    }
    if default.is_bool() {
        return match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" => Ok(true.into()),
            "false" | "no" | "n" | "0" => Ok(false.into()),
            _ => Err("yes or no"),
        };
    }
    if default.read_lock::<super::date::Date>().is_some() {
        let text = Dynamic::from(text.to_string());
        let day = super::date::of(&text, host.timezone.get(), "arg").map_err(|_| DAY)?;
        return day.map(Dynamic::from).ok_or(DAY);
    }
    Ok(text.to_string().into())
}

/// An environment variable, except those that hold the key to Vitally.
pub fn variable(host: &Host, name: &str) -> Result<Option<String>, Raised> {
    if name.to_uppercase().starts_with("VITALLY_API_KEY") {
        return Err(raise::raise(
            "refused",
            format!("{name} is the key to Vitally, and scripts cannot read it"),
            Some("the script does not need it: its calls are signed for it".into()),
        ));
    }
    Ok((host.environment)(name))
}

fn sleep(host: &Host, seconds: &Dynamic) -> Result<(), Raised> {
    wait(host, length(seconds, "sleep")?);
    limits::goes_on(host)
}

/// A length of time: a number of seconds, or a text such as `"2m"`.
pub fn length(seconds: &Dynamic, function: &str) -> Result<Duration, Raised> {
    let number = seconds.as_float().ok().or_else(|| seconds.as_int().ok().map(|number| number as f64));
    let length = match number {
        Some(number) => Duration::try_from_secs_f64(number).ok(),
        None => seconds.as_immutable_string_ref().ok().and_then(|text| span::seconds(&text)),
    };
    length.ok_or_else(|| {
        mistake(
            format!("{function} needs a number of seconds, and got {}", described(seconds)),
            "such as 5 or \"2m\"",
        )
    })
}

/// Waits, unless it is to stop, or the present call has no more time.
pub fn wait(host: &Host, length: Duration) {
    let start = Instant::now();
    while start.elapsed() < length && !host.stop.is_set() && !host.patience.is_over() {
        std::thread::sleep(LOOK.min(length.saturating_sub(start.elapsed())));
    }
}
