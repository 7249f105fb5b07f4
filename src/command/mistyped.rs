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
        ErrorKind::InvalidSubcommand => answer_error(&unknown_command(error), json, environment),
        _ if json => answer_error(&as_usage(error), json, environment),
        _ => {
            let _ = error.print();
            exit::USAGE
        }
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

/// The parser's own words as one of our errors.
pub fn as_usage(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = paragraphs.next().unwrap_or_default();
    let rest = paragraphs.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
    Error::usage(first.trim_start_matches("error: ").to_string(), rest)
}
