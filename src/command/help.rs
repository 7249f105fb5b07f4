//! `help TOPIC`, and the help shown when no command is given.

use super::Context;
use super::mistyped::near_command;
use crate::cli::{self, help};
use crate::error::Error;
use crate::exit;

/// Explains a command, one below it, or a topic, whose name may be written in several words.
pub fn run(context: &Context, words: &[String]) -> Result<u8, Error> {
    let mut command = cli::command();
    if words.is_empty() {
        context.console.write(&command.render_help().to_string());
        return Ok(exit::DONE);
    }
    let topic = &words.join("-");
    if let Some(text) = help::topic(topic) {
        context.console.line(&text);
        return Ok(exit::DONE);
    }
    // Only a built command line knows the full names of its commands.
    command.build();
    let below = words.iter().try_fold(&mut command, |command, word| command.find_subcommand_mut(word));
    if let Some(below) = below {
        context.console.write(&below.render_help().to_string());
        if let Some(more) = help::after(topic) {
            context.console.write(&format!("\n{more}"));
        }
        return Ok(exit::DONE);
    }
    let mut names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    names.extend(help::TOPICS);
    let near =
        near_command(topic, &names).map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
    Err(Error::usage(
        format!("there is no help about \"{topic}\"{near}"),
        format!("the topics are: {}; and every command", help::TOPICS.join(", ")),
    ))
}
