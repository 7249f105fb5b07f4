//! The rate budget of one key, as arithmetic over a clock that the caller brings.
//!
//! A sliding-window log, burst first: as many requests as the window holds go at once, later ones as the window
//! frees. A request occupies the window from the moment it leaves until a whole window after its answer came,
//! because Vitally may have counted it at any moment between; so no window at the server ever holds more than ours.

use super::write_cost::WriteCost;
use std::collections::VecDeque;
use std::time::Duration;

/// Who goes first when the budget is short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A script, a person or a hook waits for it.
    #[default]
    Interactive,
    /// Looks for changes.
    Poll,
    /// Walks everything, and may take a quarter of the budget at most.
    Sweep,
}

/// What an answer's headers say about the budget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Units in a window.
    pub limit: Option<u32>,
    /// How long a window is.
    pub window: Option<Duration>,
    /// Units left.
    pub remaining: Option<u32>,
    /// How long until units come back.
    pub reset: Option<Duration>,
}

/// The leave to send one request; to be handed back with [`Pace::finish`] or [`Pace::give_back`].
#[derive(Debug)]
pub struct Ticket {
    cost: u32,
    sweep: bool,
    write: bool,
}

/// The answer to [`Pace::ask`].
#[derive(Debug)]
pub enum Turn {
    /// Send it now.
    Go(Ticket),
    /// Ask again after this long at the latest.
    Wait(Duration),
}

/// How soon to ask again when what has to happen first is an answer.
const MOMENT: Duration = Duration::from_millis(20);
/// The longest pause after a 429, whatever the server asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// The longest pause we choose ourselves when the server names none.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// After so many of the server's seconds without an answer, others may have taken much more.
const UNSEEN: u32 = 2;

struct Spent {
    at: Duration,
    cost: u32,
    sweep: bool,
}

/// The budget of one key. Moments are durations since any fixed start.
pub struct Pace {
    limit: u32,
    window: Duration,
    second: Duration,
    reserve: f64,
    spent: VecDeque<Spent>,
    spent_cost: u32,
    spent_by_sweeps: u32,
    out: u32,
    out_cost: u32,
    out_by_sweeps: u32,
    others: u32,
    others_seen: Duration,
    probe_at: Duration,
    paused_until: Duration,
    strikes: u32,
    waiting: [usize; 3],
    write_cost: WriteCost,
}

#[expect(clippy::needless_pass_by_value, reason = "a ticket is used up when it is handed back")]
impl Pace {
    /// The documented budget, 1000 units in 60 seconds, of which `reserve` (0 to 0.9) is left to others.
    /// `second` is how long a second of the server lasts.
    pub fn new(reserve: f64, second: Duration) -> Pace {
        Pace {
            limit: 1000,
            window: second * 60,
            second,
            reserve: reserve.clamp(0.0, 0.9),
            spent: VecDeque::new(),
            spent_cost: 0,
            spent_by_sweeps: 0,
            out: 0,
            out_cost: 0,
            out_by_sweeps: 0,
            others: 0,
            others_seen: Duration::ZERO,
            probe_at: Duration::ZERO,
            paused_until: Duration::ZERO,
            strikes: 0,
            waiting: [0; 3],
            write_cost: WriteCost::default(),
        }
    }

    /// Leaves at least this share to others; the most careful user of a key decides.
    pub fn reserve_at_least(&mut self, reserve: f64) {
        self.reserve = self.reserve.max(reserve.clamp(0.0, 0.9));
    }

    /// How many units of a window are ours.
    pub fn usable(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and limit")]
        let share = (f64::from(self.limit) * (1.0 - self.reserve)).floor() as u32;
        share.max(1)
    }

    /// How many units a write takes, as far as is known.
    pub fn write_cost(&self) -> u32 {
        self.write_cost.units()
    }

    /// Someone of this priority begins to wait: lower ones let them pass.
    pub fn begin_waiting(&mut self, priority: Priority) {
        self.waiting[priority as usize] += 1;
    }

    /// They no longer wait.
    pub fn end_waiting(&mut self, priority: Priority) {
        self.waiting[priority as usize] = self.waiting[priority as usize].saturating_sub(1);
    }

    /// May one request leave now?
    pub fn ask(&mut self, now: Duration, priority: Priority, write: bool) -> Turn {
        self.forget_old(now);
        if now < self.paused_until {
            return Turn::Wait(self.paused_until.saturating_sub(now));
        }
        if self.waiting[..priority as usize].iter().any(|count| *count > 0) {
            return Turn::Wait(MOMENT);
        }
        let usable = self.usable();
        let cost = if write { self.write_cost.units().min(usable) } else { 1 };
        let sweep = priority == Priority::Sweep;
        let own = self.spent_cost + self.out_cost;
        if own + cost > usable {
            return Turn::Wait(self.until_freed(now, own + cost - usable, false));
        }
        let by_sweeps = self.spent_by_sweeps + self.out_by_sweeps + cost;
        let for_sweeps = (usable / 4).max(cost);
        if sweep && by_sweeps > for_sweeps {
            return Turn::Wait(self.until_freed(now, by_sweeps - for_sweeps, true));
        }
        // Others use the key too, and they took all or nobody has looked for a while: one request goes out to see.
        let taken = own + self.others + cost > usable;
        let unseen = self.others > 0 && self.others_seen + self.second * UNSEEN <= now;
        if (taken || unseen) && self.out > 0 {
            return Turn::Wait(MOMENT);
        }
        if taken && now < self.probe_at {
            return Turn::Wait(self.probe_at.saturating_sub(now));
        }
        self.out += 1;
        self.out_cost += cost;
        if sweep {
            self.out_by_sweeps += cost;
        }
        Turn::Go(Ticket { cost, sweep, write })
    }

    /// The request was answered, or may have been counted: `reading` is what its headers said.
    pub fn finish(&mut self, now: Duration, ticket: Ticket, reading: Option<&Reading>) {
        let Ticket { cost, sweep, write } = ticket;
        self.land(cost, sweep);
        self.spent.push_back(Spent { at: now, cost, sweep });
        self.spent_cost += cost;
        if sweep {
            self.spent_by_sweeps += cost;
        }
        self.write_cost.count(write);
        if let Some(reading) = reading {
            self.strikes = 0;
            self.learn(now, reading);
        } else {
            self.probe_at = self.probe_at.max(now + self.second);
        }
    }

    /// The request never left, so it occupies nothing.
    pub fn give_back(&mut self, ticket: Ticket) {
        self.land(ticket.cost, ticket.sweep);
    }

    /// A 429 came. Everyone pauses for the longest of what the server asks for and our own growing backoff, and
    /// then one request goes out to see. `jitter` is between 0 and 1. Returns the pause.
    pub fn refused(
        &mut self,
        now: Duration,
        ticket: Ticket,
        reading: &Reading,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Duration {
        self.land(ticket.cost, ticket.sweep);
        self.write_cost.forget_quiet_point();
        self.learn_limit(reading);
        let already_paused = now < self.paused_until;
        if !already_paused {
            self.strikes += 1;
        }
        let backoff = (self.second * 2u32.saturating_pow(self.strikes.saturating_sub(1).min(6)))
            .min(LONGEST_BACKOFF)
            .max(self.second);
        let asked = retry_after.unwrap_or_default().max(reading.reset.unwrap_or_default());
        let wait = asked.max(backoff).min(LONGEST_PAUSE);
        let spread = (wait / 10).min(self.second).mul_f64(jitter.clamp(0.0, 1.0));
        self.paused_until = self.paused_until.max(now + wait + spread);
        self.others = self.usable();
        self.others_seen = now;
        self.probe_at = self.paused_until;
        self.paused_until.saturating_sub(now)
    }

    fn land(&mut self, cost: u32, sweep: bool) {
        self.out -= 1;
        self.out_cost -= cost;
        if sweep {
            self.out_by_sweeps -= cost;
        }
    }

    fn learn_limit(&mut self, reading: &Reading) {
        if let Some(limit) = reading.limit {
            self.limit = limit.max(1);
        }
        if let Some(window) = reading.window {
            self.window = window.clamp(self.second, self.second * 3600);
        }
    }

    /// What the server counts beyond our own requests is others' use. Requests still out are taken as counted,
    /// which errs by a few units for as long as they are out.
    fn learn(&mut self, now: Duration, reading: &Reading) {
        self.learn_limit(reading);
        self.forget_old(now);
        self.others_seen = now;
        let Some(remaining) = reading.remaining else {
            self.others = 0;
            return;
        };
        let used = self.limit.saturating_sub(remaining);
        self.others = used.saturating_sub(self.spent_cost + self.out_cost);
        let reset = reading.reset.unwrap_or_default().min(self.window);
        self.probe_at = now + reset.max(self.second);
        if self.out == 0 {
            self.write_cost.quiet_point(remaining);
        }
    }

    fn forget_old(&mut self, now: Duration) {
        while let Some(first) = self.spent.front() {
            if first.at + self.window > now {
                break;
            }
            self.spent_cost -= first.cost;
            if first.sweep {
                self.spent_by_sweeps -= first.cost;
            }
            self.spent.pop_front();
            self.write_cost.forget_quiet_point();
        }
        if self.others > 0 && self.others_seen + self.window <= now && self.out == 0 {
            self.others = 0;
        }
    }

    /// How long until so many units leave the window, as far as that is known.
    fn until_freed(&self, now: Duration, units: u32, of_sweeps: bool) -> Duration {
        let mut freed = 0;
        for spent in self.spent.iter().filter(|spent| spent.sweep || !of_sweeps) {
            freed += spent.cost;
            if freed >= units {
                return (spent.at + self.window).saturating_sub(now).max(Duration::from_millis(1));
            }
        }
        MOMENT
    }
}
