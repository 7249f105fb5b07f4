//! From the clock on the wall to the moment, where summer time begins and ends: cron's own rule (Vixie's).
//!
//! * A schedule that follows the clock's hands runs at every moment whose wall clock matches: not in a gap, and in both
//!   copies of an hour that comes twice.
//! * A schedule with a time of day runs once for each such time: in a gap at the first moment after it, and of two
//!   copies at the first. Several times of one gap are one run.
//!
//! Wall clocks are counted in seconds from 1970 as if they showed UTC.

use super::line::Line;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// A change of the clocks of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first second with the new offset.
    pub at: i64,
    /// Seconds ahead of UTC before it.
    pub before: i64,
    /// Seconds ahead of UTC from it on.
    pub after: i64,
}

/// What a wall clock means.
enum Meaning {
    /// One moment.
    Once(i64),
    /// The moments of both copies.
    Twice(i64, i64),
    /// None: the clock jumped over it here.
    Never(Change),
}

/// The second a moment lies in.
pub fn second(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

/// What the clock on the wall shows at a second.
pub fn wall(at: i64, zone: &TimeZone) -> Option<i64> {
    Some(at + offset(at, zone)?)
}

/// Seconds ahead of UTC at a second.
fn offset(at: i64, zone: &TimeZone) -> Option<i64> {
    Some(i64::from(zone.to_offset(Timestamp::from_second(at).ok()?).seconds()))
}

/// The changes of the clocks after a second, soonest first.
pub fn changes(after: i64, zone: &TimeZone) -> impl Iterator<Item = Change> {
    let from = Timestamp::from_second(after).unwrap_or(Timestamp::MAX);
    zone.following(from).filter_map(|transition| {
        let at = second(transition.timestamp());
        let (before, after) = (offset(at - 1, zone)?, i64::from(transition.offset().seconds()));
        (before != after).then_some(Change { at, before, after })
    })
}

fn meaning(wall: i64, zone: &TimeZone) -> Option<Meaning> {
    let civil = Offset::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
    let seconds = |offset: Offset| i64::from(offset.seconds());
    Some(match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => Meaning::Once(wall - seconds(offset)),
        AmbiguousOffset::Fold { before, after } => {
            Meaning::Twice(wall - seconds(before), wall - seconds(after))
        }
        AmbiguousOffset::Gap { after, .. } => {
            let change =
                changes(wall - seconds(after), zone).find(|change| wall < change.at + change.after)?;
            Meaning::Never(change)
        }
    })
}

/// The next second after this one at which a time of day is due.
pub fn next_fixed(after: i64, line: &Line, zone: &TimeZone) -> Option<i64> {
    // The latest time the wall clock ever showed: in the second copy of an hour that is the end of the first.
    let mut shown = wall(after, zone)?;
    if let Meaning::Twice(first, second) = meaning(shown, zone)?
        && after == second
        && let Some(change) = changes(first, zone).next()
    {
        shown = shown.max(change.at + change.before - 1);
    }
    loop {
        shown = line.next(shown)?;
        let due = match meaning(shown, zone)? {
            Meaning::Once(at) | Meaning::Twice(at, _) => at,
            Meaning::Never(change) => change.at,
        };
        if due > after {
            return Some(due);
        }
    }
}

/// The next second after this one at which the wall clock matches.
pub fn next_interval(after: i64, line: &Line, zone: &TimeZone) -> Option<i64> {
    let shown = wall(after, zone)?;
    // In the first copy of an hour that comes twice, the clock will soon show again what it showed before.
    if let Meaning::Twice(first, _) = meaning(shown, zone)?
        && first == after
        && let Some(change) = changes(after, zone).next()
    {
        let in_first = line.next(shown).map(|next| next - change.before).filter(|at| *at < change.at);
        return in_first.or_else(|| line.next(change.at + change.after - 1).map(|next| next - change.after));
    }
    let mut shown = shown;
    loop {
        let next = line.next(shown)?;
        match meaning(next, zone)? {
            Meaning::Once(at) => return Some(at),
            Meaning::Twice(first, second) => return Some(if first > after { first } else { second }),
            Meaning::Never(change) => shown = change.at + change.after - 1,
        }
    }
}
