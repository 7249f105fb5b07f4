//! `help TOPIC`, and the help shown when no command is given.

use super::Context;
use super::mistyped::near_command;
use crate::cli::{self, help};
use crate::error::Error;
use crate::exit;

/// Explains a command or a topic.
pub fn run(context: &Context, topic: Option<&str>) -> Result<u8, Error> {
    let mut command = cli::command();
    let Some(topic) = topic else {
        context.console.write(&command.render_help().to_string());
        return Ok(exit::DONE);
    };
    if let Some(text) = help::topic(topic) {
        context.console.line(&text);
        return Ok(exit::DONE);
    }
    // Only a built command line knows the full names of its commands.
    command.build();
    if let Some(below) = command.find_subcommand_mut(topic) {
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
