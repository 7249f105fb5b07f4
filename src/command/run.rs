//! `run SCRIPT`.

use super::bounds::Bounds;
use super::session::Session;
use super::{Console, Context, ending, form, signals, source};
use crate::cli::{Format, Run, Safety};
use crate::error::{Error, Message};
use crate::exit;
use crate::gate::Counts;
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
    let (error, exit) = match result {
        Ok(outcome) => (None, outcome.exit),
        Err(error) => (Some(error), None),
    };
    let code = exit_code(&context.console, error, counts, safety.detailed_exitcode)?;
    Ok(exit.unwrap_or(code))
}

/// What a run with changes ends with: its error, what a guard said, or the number that tells how it went.
pub fn exit_code(
    console: &Console,
    error: Option<Error>,
    counts: Counts,
    detailed: bool,
) -> Result<u8, Error> {
    match (error, counts.tripped) {
        (Some(error), trip) if trip.is_none() || matches!(error, Error::Stopped(_)) => Err(error),
        (_, Some(trip)) if trip.asked => {
            console.say(&format!("{}; {}", trip.message, trip.help));
            Ok(exit::DONE)
        }
        (_, Some(trip)) => Err(Error::Refused(Message::new(trip.message, trip.help))),
        (Some(error), None) => Err(error),
        (None, None) if counts.failed_rows > 0 => Ok(exit::ROWS_FAILED),
        (None, None) if detailed && !counts.planned.is_empty() => Ok(exit::PENDING),
        (None, None) => Ok(exit::DONE),
    }
}
