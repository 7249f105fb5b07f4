//! Command lines that make no sense, and the requests for help and version that look like them.

use super::early_report;
use crate::cli;
use crate::error::Error;
use crate::exit;
use crate::script::words::nearest;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// Whether `-o json` was typed; looked for by hand because the rest of the line may make no sense.
pub fn wants_json(words: &[OsString]) -> bool {
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(flag, value)| ["-o", "--output"].contains(&text(flag).as_str()) && text(value) == "json")
        || words.iter().any(|word| ["-ojson", "-o=json", "--output=json"].contains(&text(word).as_str()))
}

/// Prints what the parser has to say and answers the exit code.
pub fn answer(error: &clap::Error, json: bool, environment: &BTreeMap<String, String>) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is success.
            let _ = error.print();
            exit::DONE
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            exit::USAGE
        }
        ErrorKind::InvalidSubcommand => answer_error(&unknown_command(error), json, environment),
        _ => answer_error(&as_usage(error), json, environment),
    }
}

/// Prints an error and answers its exit code.
pub fn answer_error(error: &Error, json: bool, environment: &BTreeMap<String, String>) -> u8 {
    eprint!("{}", early_report(error, json, environment));
    error.exit_code()
}

fn unknown_command(error: &clap::Error) -> Error {
    let word = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) => word.as_str(),
        _ => "",
    };
    let command = cli::command();
    if let Some(below) = holder(error, &command) {
        let names: Vec<&str> = below.get_subcommands().map(clap::Command::get_name).collect();
        let near =
            near_command(word, &names).map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
        let help = names.iter().map(|name| format!("vitally-script {} {name}", below.get_name()));
        return Error::usage(
            format!("{} has no command \"{word}\"{near}", below.get_name()),
            format!("there is: {}", help.collect::<Vec<_>>().join(", ")),
        );
    }
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let script = Path::new(word).extension().is_some_and(|end| end == "rhai") || Path::new(word).is_file();
    let help = if script {
        format!("to run a script, write: vitally-script run {word}")
    } else {
        match near_command(word, &names) {
            Some(near) => format!("did you mean: vitally-script {near}"),
            None => "vitally-script help lists the commands".into(),
        }
    };
    Error::usage(format!("there is no command \"{word}\""), help)
}

/// The command after which an unknown one was typed, if it was not typed first.
fn holder<'a>(error: &clap::Error, command: &'a clap::Command) -> Option<&'a clap::Command> {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return None };
    let usage = usage.to_string();
    let name = usage.split_whitespace().nth(2)?;
    command.find_subcommand(name)
}

/// The command that was probably meant: the only one that starts so, or one that is close. Short words need more
/// leniency than the names in scripts.
pub fn near_command<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut starting = names.iter().copied().filter(|name| lower.len() >= 2 && name.starts_with(&lower));
    if let (Some(only), None) = (starting.next(), starting.next()) {
        return Some(only);
    }
    nearest(word, names.iter().copied()).or_else(|| {
        let distance = |name: &str| strsim::damerau_levenshtein(&lower, name);
        let near = names.iter().copied().min_by_key(|name| distance(name))?;
        (lower.len() >= 2 && distance(near) <= 1).then_some(near)
    })
}

/// What the parser does not like, as one of our errors.
pub fn as_usage(error: &clap::Error) -> Error {
    let told = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        _ => Vec::new(),
    };
    let usage = told(ContextKind::Usage).join("");
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    // What is typed up to the first thing that the person chooses.
    let call = usage
        .split([' '])
        .take_while(|word| !word.starts_with(['[', '<', '-']))
        .collect::<Vec<_>>()
        .join(" ");
    let typed = told(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::MissingRequiredArgument if !typed.is_empty() => {
            let names: Vec<&str> = typed.iter().map(|name| name.trim_end_matches("...")).collect();
            Error::usage(
                format!("{call} needs {}", names.join(" and ")),
                format!("write: {usage}. {call} --help shows examples"),
            )
        }
        ErrorKind::UnknownArgument if !typed.is_empty() => {
            let word = typed.join(" ");
            let what =
                if word.starts_with('-') { "there is no option" } else { "nothing is expected here like" };
            let near = told(ContextKind::SuggestedArg);
            let near = near.first().map_or(String::new(), |near| format!("; did you mean {near}?"));
            Error::usage(
                format!("{what} {word}{near}"),
                format!("write: {usage}. {call} --help shows what there is"),
            )
        }
        _ => in_its_words(error),
    }
}

/// The parser's own words as one of our errors.
fn in_its_words(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = paragraphs.next().unwrap_or_default();
    let rest = paragraphs.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
    Error::usage(first.trim_start_matches("error: ").to_string(), rest)
}
