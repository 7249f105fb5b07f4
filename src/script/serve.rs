//! Calls the functions that a script gave to `on(…)`, `schedule(…)` and `every(…)`, one after the other on the script's own
//! thread.

use super::hooks::{Call, Cause, End, Feed, Happening, Hook, Hooks};
use super::host::Host;
use super::library::job::Job;
use super::raise::{Raised, mistake};
use super::record::Record;
use super::schedules::{Scheduled, Tick};
use super::value;
use super::words::described;
use crate::client::Kind;
use crate::error::{Error, Finding};
use crate::stop::Stop;
use rhai::{Array, Dynamic, EvalAltResult, Map};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// How long one event may take.
pub const LONGEST: Duration = Duration::from_secs(600);

/// What it takes to call them.
pub struct Server<'a> {
    /// What the script may reach.
    pub host: &'a Rc<Host>,
    /// What it stays for.
    pub hooks: &'a Hooks,
    /// Where `exit` leaves its code.
    pub exit: &'a Cell<Option<u8>>,
    /// Makes what the engine reports an error for a person.
    pub explain: &'a dyn Fn(Raised) -> Error,
}

impl Server<'_> {
    /// Calls them until there is nothing more to come.
    pub fn serve(&self, script: &str, feed: &mut dyn Feed) -> Result<(), Error> {
        let (hooks, schedules) = (self.hooks.list.borrow(), self.hooks.schedules.borrow());
        self.hooks.closed.set(Some((
            "it is too late for that while a function is called",
            "register every hook and schedule at the top of the script",
        )));
        feed.listen(script, &self.hooks.wanted())?;
        while let Some(call) = feed.next()? {
            let end = match &call {
                Call::Event(happening) => {
                    let Some(hook) = hooks.get(happening.hook) else { continue };
                    self.handle(hook, happening)
                }
                Call::Tick(tick) => {
                    let Some(due) = schedules.get(tick.schedule) else { continue };
                    self.run(due, tick)
                }
            };
            feed.ended(&call, end)?;
            if self.exit.get().is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Handles one event through the gate that is there: its changes are those of whoever asked for it.
    pub fn handle_here(&self, hook: &Hook, happening: &Happening) -> End {
        if !is_wanted(hook, happening) {
            return End::NotWanted;
        }
        self.host.patience.begin(LONGEST, None);
        let result = call(hook, happening);
        let too_late = self.host.patience.end();
        self.end(result, too_late)
    }

    /// Handles one event through a gate of its own.
    pub fn handle(&self, hook: &Hook, happening: &Happening) -> End {
        if !is_wanted(hook, happening) {
            return End::NotWanted;
        }
        self.through_own_gate(Cause::Event(&hook.spec, happening), LONGEST, None, || call(hook, happening))
    }

    fn run(&self, scheduled: &Scheduled, tick: &Tick) -> End {
        let before = self.host.job.replace(Some(tick.about.clone()));
        let call = || scheduled.handler.call(vec![Dynamic::from(Job)]).map(|_| true);
        let end = self.through_own_gate(Cause::Tick(tick), Duration::MAX, Some(tick.stop.clone()), call);
        self.host.job.replace(before);
        end
    }

    /// Makes one call with a gate of its own, for so long at most; it answers whether there was anything to do.
    fn through_own_gate(
        &self,
        cause: Cause,
        longest: Duration,
        cut: Option<Stop>,
        call: impl FnOnce() -> Result<bool, Raised>,
    ) -> End {
        let Some(deliveries) = &self.host.deliveries else { return End::NotWanted };
        let failed = |message, healing| End::Failed { error: Box::new(Error::Refused(message)), healing };
        if let Err(message) = self.host.begin_call(&**deliveries, cause) {
            self.host.end_call();
            // The call was not made, so there is nothing that could not be noted.
            let _ = deliveries.close(false);
            return failed(message, true);
        }
        self.host.patience.begin(longest, cut);
        let result = call();
        let too_late = self.host.patience.end();
        self.host.end_call();
        if let Err(message) = deliveries.close(result.is_ok()) {
            return failed(message, true);
        }
        self.end(result, too_late)
    }

    fn end(&self, result: Result<bool, Raised>, too_late: bool) -> End {
        match result {
            Ok(true) => End::Done,
            Ok(false) => End::NotWanted,
            Err(error) if matches!(error.unwrap_inner(), EvalAltResult::Exit(..)) => End::Done,
            Err(_) if self.host.stop.is_set() => End::Stopped,
            Err(error) => {
                let error = (self.explain)(error);
                let healing = too_late || heals(&error);
                End::Failed { error: Box::new(error), healing }
            }
        }
    }
}

/// Whether a hook wants an event, as far as can be told without calling it.
fn is_wanted(hook: &Hook, happening: &Happening) -> bool {
    let wanted = &hook.spec.changed;
    wanted.is_empty() || happening.changed.iter().any(|name| wanted.contains(name))
}

/// Calls the hook's functions; false if its condition does not want the event.
fn call(hook: &Hook, happening: &Happening) -> Result<bool, Raised> {
    let body = happening.record.to_string().into_bytes();
    let record = Record::from_body(body, Some(hook.spec.object)).map_err(|cause| {
        mistake(format!("the record of the event cannot be read: {cause}"), "discard the event")
    })?;
    let record = Dynamic::from(record);
    if let Some(condition) = &hook.condition {
        let answer = condition.call(vec![record.clone()])?;
        let wanted = answer.as_bool().map_err(|_| {
            mistake(
                format!(
                    "the function given to where must say true or false, and gave {}",
                    described(&answer)
                ),
                "compare something in it, such as |task| task.name == \"Call\"",
            )
        })?;
        if !wanted {
            return Ok(false);
        }
    }
    drop(hook.handler.call(vec![record, event(hook, happening).into()])?);
    Ok(true)
}

/// The event as the function gets it.
fn event(hook: &Hook, happening: &Happening) -> Map {
    let changed: Array = happening.changed.iter().map(|name| name.clone().into()).collect();
    Map::from([
        ("key".into(), happening.key.clone().into()),
        ("trigger".into(), hook.spec.trigger.name.into()),
        ("at".into(), happening.at.to_string().into()),
        ("attempt".into(), i64::try_from(happening.attempt).unwrap_or(i64::MAX).into()),
        ("changed".into(), changed.into()),
        ("before".into(), value::from_json(happening.before.clone().into())),
    ])
}

/// Whether an error may be gone another time: the network's, Vitally's own, and what the script throws to try later.
fn heals(error: &Error) -> bool {
    let kind = match error {
        Error::Thrown(finding) => {
            let Finding { kind, .. } = **finding;
            kind
        }
        Error::Api(failure) => failure.kind.word(),
        _ => return false,
    };
    let passing = [
        Kind::RateLimited,
        Kind::Server,
        Kind::Network,
        Kind::Timeout,
        Kind::MaybeApplied,
        Kind::Unauthorized,
        Kind::Conflict,
    ];
    kind == "thrown" || kind == "busy" || passing.iter().any(|passing| passing.word() == kind)
}
