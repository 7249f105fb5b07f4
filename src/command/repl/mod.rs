//! `repl`: a person types line by line, looks, collects changes, sends them and takes them back.

mod aside;
mod asking;
mod diff;
mod files;
mod hooks;
mod init;
mod ledger;
mod listening;
mod look;
mod metas;
mod names;
mod pager;
mod pending;
mod profiles;
mod record_page;
mod say;
mod status;
mod talk;
mod view;

use super::Context;
use crate::cli::Repl;
use crate::error::Error;
use crate::repl::editor::Editor;
use crate::repl::line::LineSource;
use crate::repl::plain::Plain;
use std::io::IsTerminal as _;
use talk::Talk;

/// What follows an input.
enum Next {
    /// The next input.
    Go,
    /// The end, with this exit code.
    Leave(u8),
    /// The same with another profile.
    Switch(Box<Talk>),
}

/// Whether somebody types at a terminal and looks at it.
pub fn is_person() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Talks until the person leaves, or the pipe ends.
pub fn run(context: &Context, options: &Repl) -> Result<u8, Error> {
    let is_person = is_person();
    if is_person {
        asking::begin(context);
    } else {
        context.console.begin_pipe();
    }
    let mut talk = Talk::open(context.alike(), options, is_person)?;
    let mut source = source(context, &talk, is_person)?;
    loop {
        talk.introduce(&*source);
        talk.begin();
        match talk.listen(&mut *source)? {
            Next::Leave(code) => return Ok(code),
            Next::Go => {}
            Next::Switch(other) => {
                talk = *other;
                if is_person {
                    source = self::source(context, &talk, true)?;
                }
            }
        }
    }
}

fn source(context: &Context, talk: &Talk, is_person: bool) -> Result<Box<dyn LineSource>, Error> {
    if !is_person {
        return Ok(Box::new(Plain::start(context.stop.clone())));
    }
    let editor = Editor::open(talk.history_file(), context.console.stdout_style().color);
    let editor = editor.map_err(|cause| Error::File { path: "the terminal".into(), doing: "use", cause })?;
    let mut source: Box<dyn LineSource> = Box::new(editor);
    if let Some(printer) = source.printer() {
        context.console.print_above(printer);
    }
    Ok(source)
}
