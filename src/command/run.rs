//! `run SCRIPT`.

use super::progress::grouped;
use super::session::Session;
use super::{Context, form, signals, source};
use crate::catalogue::{self, Effect};
use crate::cli::{Format, Run, Safety};
use crate::error::Error;
use crate::exit;
use crate::gate::Tally;
use crate::script::thing::spoken;
use crate::script::{self, Script};
use crate::stop::Reason;

/// Runs a script. Its last value is written only where `-o` asks for data.
pub fn run(context: &Context, options: &Run) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::script(&options.script, &root)?;
    execute(context, &script, &options.safety, false)
}

/// Runs code to its end. With `value`, its last value is what the command is about.
pub fn execute(context: &Context, script: &Script, safety: &Safety, value: bool) -> Result<u8, Error> {
    let session = Session::open_for_script(context, safety.read_only)?;
    session.introduce();
    signals::deadline(&context.stop, safety.timeout);
    let format = context.console.format_or(Format::Table);
    let stdout_is_taken = format != Format::Table;
    let files = session.files(&safety.folders)?;
    let result = script::run(script, session.host(&safety.arguments, files, stdout_is_taken));
    context.console.end_progress();
    let done = summary(&session.tally);
    match result {
        Ok(outcome) => {
            if value || stdout_is_taken {
                form::write(&context.console, &outcome.value, outcome.object, format);
            }
            if let Some(done) = done {
                context.console.say(&format!("done: {done}"));
            }
            Ok(outcome.exit.unwrap_or(exit::DONE))
        }
        Err(error) => {
            if let Some(done) = done.filter(|_| !matches!(error, Error::Stopped(Reason::PipeClosed))) {
                context.console.say(&format!("ended early: {done}"));
            }
            Err(error)
        }
    }
}

/// The changes that were made, such as `17 tasks created, 1 account updated`; `None` if there are none.
fn summary(tally: &Tally) -> Option<String> {
    let counts = tally.counts();
    let parts = catalogue::actions().filter_map(|(object, action)| {
        let count = *counts.get(action.name)?;
        let word = match action.effect {
            Effect::Create => "created",
            Effect::Update => "updated",
            Effect::Delete => "deleted",
            Effect::Read => return None,
        };
        let plural =
            object.lists.first().map_or_else(|| format!("{}s", object.name), |list| list.name.into());
        let noun = if count == 1 { object.name.to_string() } else { plural };
        Some(format!("{} {} {word}", grouped(count), spoken(&noun)))
    });
    let parts = parts.collect::<Vec<_>>();
    (!parts.is_empty()).then(|| parts.join(", "))
}
