//! Keys, triggers and words that stand in the script itself and that Vitally does not know.

use super::Call;
use crate::catalogue::{self, Action, Effect, List, Object};
use crate::script::diagnose::Trouble;
use crate::script::fields;
use crate::script::library::{on, schedule};
use crate::script::searches;
use crate::script::words::did_you_mean;
use rhai::{Expr, Position};

/// What is wrong with the values of a call that are written out.
pub fn troubles(call: &Call) -> Vec<(Trouble, Position)> {
    let name = call.written.name.as_str();
    if !call.is_plain() {
        return Vec::new();
    }
    if name == "on" {
        let options = call.written.args.get(1).filter(|_| call.written.args.len() == 3);
        let first = call.written.args.first();
        let wrong = first.and_then(trigger).into_iter();
        return wrong.chain(options.into_iter().flat_map(|map| hook_options(first, map))).collect();
    }
    if name == "schedule" || name == "every" {
        let options = call.written.args.get(1).filter(|_| call.written.args.len() == 3);
        let wrong = call.written.args.first().and_then(|when| unreadable(name, when)).into_iter();
        return wrong.chain(options.into_iter().flat_map(|map| schedule_options(name, map))).collect();
    }
    if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
        return call.written.args.last().map(|last| action_keys(object, action, last)).unwrap_or_default();
    }
    if let Some((_, list)) = catalogue::lists().find(|(_, list)| list.name == name) {
        return call.written.args.last().map(|last| list_keys(list, last)).unwrap_or_default();
    }
    Vec::new()
}

fn trigger(value: &Expr) -> Option<(Trouble, Position)> {
    let Expr::StringConstant(name, position) = value else { return None };
    let known = || catalogue::triggers().map(|(_, trigger)| trigger.name);
    if known().any(|trigger| trigger == name.as_str()) {
        return None;
    }
    let near = did_you_mean(name, known());
    let trouble = Trouble::new(
        format!("there is no trigger called \"{name}\"{near}"),
        "run `vitally-script triggers` to see all of them",
    );
    Some((trouble.coded("V021"), *position))
}

/// A time to run at that cannot be understood.
fn unreadable(function: &str, value: &Expr) -> Option<(Trouble, Position)> {
    let Expr::StringConstant(text, position) = value else { return None };
    let (message, help) = schedule::read(function, text).err()?;
    Some((Trouble::new(message, help).coded("V021"), *position))
}

/// Options of `schedule` or `every` that there are not, and words in them that it does not know.
fn schedule_options(function: &str, map: &Expr) -> Vec<(Trouble, Position)> {
    let Expr::Map(map, _) = map else { return Vec::new() };
    let mut found = Vec::new();
    for (key, value) in &map.0 {
        if let Some((message, help)) = schedule::unknown_option(function, &key.name) {
            found.push((Trouble::new(message, help).coded("V023"), key.pos));
        } else if let Expr::StringConstant(text, position) = value
            && let Some((message, help)) = schedule::option_problem(&key.name, text)
        {
            found.push((Trouble::new(message, help).coded("V021"), *position));
        }
    }
    found
}

/// Options of `on` that there are not, and fields whose changes cannot be waited for.
fn hook_options(trigger: Option<&Expr>, map: &Expr) -> Vec<(Trouble, Position)> {
    let Expr::Map(map, _) = map else { return Vec::new() };
    let object = match trigger {
        Some(Expr::StringConstant(name, _)) => {
            catalogue::triggers().find(|(_, trigger)| trigger.name == name.as_str()).map(|(object, _)| object)
        }
        _ => None,
    };
    let mut found = Vec::new();
    for (key, value) in &map.0 {
        if !on::OPTIONS.contains(&key.name.as_str()) {
            let near = did_you_mean(&key.name, on::OPTIONS.iter().copied());
            let help = format!("it knows: {}", on::OPTIONS.join(", "));
            let trouble = Trouble::new(format!("on knows no option \"{}\"{near}", key.name), help);
            found.push((trouble.coded("V023"), key.pos));
        } else if key.name == "changed"
            && let Some(object) = object
        {
            let names = texts(value).into_iter().filter_map(|(name, position)| {
                let (message, help) = on::field_problem(object, &name)?;
                Some((Trouble::new(message, help).coded("V023"), position))
            });
            found.extend(names);
        }
    }
    found
}

/// The texts that are written out in a value: itself, or its items.
fn texts(value: &Expr) -> Vec<(String, Position)> {
    match value {
        Expr::StringConstant(text, position) => vec![(text.to_string(), *position)],
        Expr::Array(items, _) => items.iter().flat_map(texts).collect(),
        // The engine has made one value of an array whose items are all written out.
        Expr::DynamicConstant(value, position) => {
            let items = value.read_lock::<rhai::Array>();
            let texts = items
                .iter()
                .flat_map(|items| items.iter())
                .filter_map(|item| item.clone().into_string().ok());
            texts.map(|text| (text, *position)).collect()
        }
        _ => Vec::new(),
    }
}

fn action_keys(object: &'static Object, action: &'static Action, map: &Expr) -> Vec<(Trouble, Position)> {
    let Expr::Map(map, position) = map else { return Vec::new() };
    let keys = &map.0;
    let writes = matches!(action.effect, Effect::Create | Effect::Update);
    let mut found = Vec::new();
    for (key, _) in keys {
        let problem = if writes {
            fields::key_problem(object, action, &key.name)
        } else {
            searches::key_problem(object, action, &key.name)
        };
        if let Some((message, help)) = problem {
            found.push((Trouble::new(message, help).coded("V023"), key.pos));
        }
    }
    let has = |wanted: &str| keys.iter().any(|(key, _)| key.name == wanted);
    if let Some(what) = fields::missing_keys(action, &has).filter(|_| writes && found.is_empty()) {
        let help = format!("see `vitally-script docs {}` for an example", action.name);
        found.push((Trouble::new(format!("{} needs {what}", action.name), help).coded("V023"), *position));
    }
    found
}

fn list_keys(list: &'static List, map: &Expr) -> Vec<(Trouble, Position)> {
    let Expr::Map(map, _) = map else { return Vec::new() };
    let known = list.keys();
    let mut found = Vec::new();
    for (key, value) in &map.0 {
        let name = key.name.as_str();
        if !known.contains(&name) {
            let near = did_you_mean(name, known.iter().copied());
            let help = if known.is_empty() {
                "it takes no filters; use .where(…) on the result".to_string()
            } else {
                format!("it knows: {}. Use .where(…) for anything else", known.join(", "))
            };
            let trouble = Trouble::new(format!("{} has no filter \"{name}\"{near}", list.name), help);
            found.push((trouble.coded("V023"), key.pos));
            continue;
        }
        let choices =
            list.filters.iter().find(|filter| filter.name == name).map_or(&[][..], |filter| filter.values);
        if let Expr::StringConstant(word, position) = value
            && !choices.is_empty()
            && !choices.contains(&word.as_str())
        {
            let near = did_you_mean(word, choices.iter().copied());
            let trouble = Trouble::new(
                format!("{}: \"{name}\" cannot be \"{word}\"{near}", list.name),
                format!("it can be: {}", choices.join(", ")),
            );
            found.push((trouble.coded("V021"), *position));
        }
    }
    found
}
