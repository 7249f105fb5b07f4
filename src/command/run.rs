//! `run SCRIPT`.

use super::bounds::Bounds;
use super::session::Session;
use super::{Context, ending, form, signals, source};
use crate::cli::{Format, Run, Safety};
use crate::error::{Error, Message};
use crate::exit;
use crate::script::{self, Script};

/// Runs a script. Its last value is written only where `-o` asks for data.
pub fn run(context: &Context, options: &Run) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let script = source::script(&options.script, &root)?;
    execute(context, &script, &options.safety, false)
}

/// Runs code to its end. With `value`, its last value is what the command is about.
pub fn execute(context: &Context, script: &Script, safety: &Safety, value: bool) -> Result<u8, Error> {
    let bounds = Bounds::of(safety, context.console.can_ask());
    let session = Session::open_for_script(context, bounds, Some(script))?;
    session.introduce();
    signals::deadline(&context.stop, safety.timeout);
    let format = context.console.format_or(Format::Table);
    let stdout_is_taken = format != Format::Table;
    let files = session.files(&safety.folders)?;
    let result = script::run(script, session.host(&safety.arguments, files, stdout_is_taken));
    context.console.end_progress();
    let counts = session.tally.counts();
    if let Ok(outcome) = &result
        && (value || stdout_is_taken)
    {
        form::write(&context.console, &outcome.value, outcome.object, format);
    }
    ending::tell(&context.console, &session, &counts, result.as_ref().err());
    let outcome = match (result, counts.tripped) {
        (Err(error), trip) if trip.is_none() || matches!(error, Error::Stopped(_)) => return Err(error),
        (_, Some(trip)) if trip.asked => {
            context.console.say(&format!("{}; {}", trip.message, trip.help));
            return Ok(exit::DONE);
        }
        (_, Some(trip)) => return Err(Error::Refused(Message::new(trip.message, trip.help))),
        (Ok(outcome), None) => outcome,
        (Err(error), None) => return Err(error),
    };
    Ok(match outcome.exit {
        Some(code) => code,
        None if counts.failed_rows > 0 => exit::ROWS_FAILED,
        None if safety.detailed_exitcode && !counts.planned.is_empty() => exit::PENDING,
        None => exit::DONE,
    })
}
