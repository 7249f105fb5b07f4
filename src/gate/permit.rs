//! What a change has to pass before it is let out: the person, the limits, the canary, the guard.

use super::{Change, Gate, Mode, Refusal, Trip};
use crate::catalogue::Action;

impl Gate {
    /// Asks once for every kind of change, where somebody is to be asked.
    pub(super) fn confirmed(&self, action: &'static Action, change: &Change) -> Result<(), Refusal> {
        if self.mode() != Mode::Confirm || self.allowed.borrow().contains(&action.name) {
            return Ok(());
        }
        if let Some(trip) = self.policy.guard.tripped() {
            return Err(self.stopped_by(trip));
        }
        if (self.policy.ask)(action, change) {
            self.allowed.borrow_mut().push(action.name);
            return Ok(());
        }
        Err(self.stopped_by(self.policy.guard.trip(
            format!("{} was not sent: you said no", action.name),
            "run it again with -n to see everything it would do first",
        )))
    }

    /// Ends the run where `--limit` says. Inside `each` it counts rows, and `each` itself stops.
    pub(super) fn within_limit(&self, action: &'static Action) -> Result<(), Refusal> {
        if self.bulk.borrow().is_some() {
            return Ok(());
        }
        self.policy.guard.within_limit(action.name).map_err(|trip| self.stopped_by(trip))
    }

    /// After the first few changes, waits until they have ended, and asks whether to go on.
    pub(super) fn past_canary(&self) -> Result<(), Refusal> {
        let guard = &self.policy.guard;
        if !guard.is_at_canary() || guard.tripped().is_some() {
            return Ok(());
        }
        if let Some(pipeline) = self.bulk.borrow().as_ref().and_then(|state| state.pipeline.get()) {
            pipeline.drain();
        }
        let counts = self.policy.tally.counts();
        let well = counts.failed + counts.unknown == 0;
        guard.end_canary((self.policy.ask_on)(&counts), well).map_err(|trip| self.stopped_by(trip))
    }

    /// Counts a change that is about to be let out, or says why it may not be.
    pub(super) fn admit(&self, action: &'static Action) -> Result<(), Refusal> {
        self.policy.guard.admit(action.effect, action.name).map_err(|trip| self.stopped_by(trip))
    }

    fn stopped_by(&self, trip: Trip) -> Refusal {
        self.policy.tally.note(|counts| counts.tripped = Some(trip.clone()));
        trip.into()
    }
}
