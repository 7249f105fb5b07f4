//! What time it is and where: the one place that asks the system, so that tests can say otherwise.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::{Arc, OnceLock};

/// Tells the time.
pub trait Clock {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still, for tests and for the simulator's own time.
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A clock that started at another moment than now, and goes on from there.
pub struct ShiftedClock {
    started: Timestamp,
    since: std::time::Instant,
}

impl ShiftedClock {
    /// A clock that shows this moment now.
    pub fn starting_at(started: Timestamp) -> ShiftedClock {
        ShiftedClock { started, since: std::time::Instant::now() }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        self.started.checked_add(self.since.elapsed()).unwrap_or(self.started)
    }
}

/// A time zone. The system's is only looked for when something asks: that takes longer than all else of a start.
#[derive(Clone, Debug, Default)]
pub struct Zone(Arc<OnceLock<TimeZone>>);

impl Zone {
    /// The zone itself.
    pub fn get(&self) -> &TimeZone {
        self.0.get_or_init(TimeZone::system)
    }
}

impl From<TimeZone> for Zone {
    fn from(zone: TimeZone) -> Zone {
        Zone(Arc::new(OnceLock::from(zone)))
    }
}
