//! A job that lives by the steps, on a clock of the test's own; what is written down is kept as rows.

use super::zone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use vitally_script::schedule::due::Stretch;
use vitally_script::schedule::state::State;
use vitally_script::schedule::step::{
    Action, Allowed, Ending, How, Now, Passed, Told, close, step_within, wake,
};
use vitally_script::schedule::{Crontab, Job};

/// What became of a tick, or of ticks in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub last: Timestamp,
    pub count: u64,
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Waiting,
    Held,
    Running(u32),
    Ended(Ending),
    Passed(Passed),
}

/// A job, its state as it is kept, and its rows.
#[derive(Clone)]
pub struct Life {
    pub job: Job,
    pub state: State,
    pub now: Now,
    pub rows: BTreeMap<Timestamp, Row>,
    pub started: u64,
}

/// A job in UTC with the usual rules.
pub fn job(schedule: &str) -> Job {
    Job::new("test", super::crontab(schedule), zone("UTC"))
}

/// A job that is due every so often.
pub fn every(length: &str) -> Job {
    Job::new("test", Crontab::every(length).expect(length), zone("UTC"))
}

impl Life {
    pub fn new(job: Job, wall: Timestamp) -> Life {
        let now = Now { wall, elapsed: Duration::ZERO };
        Life { state: State::new(&job, wall), job, now, rows: BTreeMap::new(), started: 0 }
    }

    /// Time goes by.
    pub fn pass(&mut self, seconds: i64) {
        self.now.elapsed += Duration::from_secs(u64::try_from(seconds).expect("time goes forward"));
        self.set_clock(seconds);
    }

    /// Only the clock on the wall moves: somebody sets it, or the machine slept.
    pub fn set_clock(&mut self, seconds: i64) {
        self.now.wall += SignedDuration::from_secs(seconds);
    }

    /// One step, written down.
    pub fn step(&mut self, told: &[Told]) -> Vec<Action> {
        self.step_within(told, Allowed::ALL)
    }

    /// The same in a process that does not allow everything.
    pub fn step_within(&mut self, told: &[Told], allowed: Allowed) -> Vec<Action> {
        let (state, actions) = step_within(&self.job, self.state.clone(), self.now, told, allowed);
        self.keep(state, &actions);
        actions
    }

    /// The last step of a process.
    pub fn close(&mut self, told: &[Told]) -> Vec<Action> {
        let (state, actions) = close(&self.job, self.state.clone(), self.now, told);
        self.keep(state, &actions);
        actions
    }

    /// A new process finds the rows of the old one: what ran was cut off.
    pub fn restart(&mut self) -> Vec<Action> {
        let cut: Vec<Told> = self
            .state
            .running
            .iter()
            .map(|run| Told::Ended { tick: run.tick, attempt: run.attempt, how: How::Stopped })
            .collect();
        for run in &mut self.state.running {
            run.phase = vitally_script::schedule::state::Phase::Working { until: Duration::MAX };
        }
        self.step(&cut)
    }

    pub fn ended(&self, how: How) -> Told {
        let run = self.state.running.first().expect("something runs");
        Told::Ended { tick: run.tick, attempt: run.attempt, how }
    }

    /// Seconds until the next step is due by its own account, at most so many.
    pub fn until_wake(&self, most: i64) -> i64 {
        let (tick, until) = wake(&self.job, &self.state);
        let tick = tick.map_or(most, |tick| tick.duration_since(self.now.wall).as_secs() + 1);
        let until = until.map_or(most, |until| {
            i64::try_from(until.saturating_sub(self.now.elapsed).as_secs()).unwrap_or(most) + 1
        });
        tick.min(until).clamp(1, most)
    }

    fn keep(&mut self, state: State, actions: &[Action]) {
        self.state = state;
        for action in actions {
            match action {
                Action::Start { tick, attempt, .. } => {
                    let before = self.set(Stretch::of(*tick), Fate::Running(*attempt));
                    let expected = match before {
                        None | Some(Fate::Waiting | Fate::Held) => *attempt == 1,
                        Some(Fate::Running(before)) => *attempt == before + 1,
                        _ => false,
                    };
                    assert!(expected, "{tick} starts as try {attempt} after {before:?}");
                    self.started += u64::from(*attempt == 1);
                }
                Action::Wait(waiting) => {
                    let before = self.set(Stretch::of(waiting.tick), Fate::Waiting);
                    assert!(matches!(before, None | Some(Fate::Held)), "{} is claimed twice", waiting.tick);
                }
                Action::Hold(tick) => {
                    let before = self.set(Stretch::of(*tick), Fate::Held);
                    assert_eq!(before, None, "{tick} is claimed twice");
                }
                Action::Pass(stretch, why) => {
                    let before = self.set(*stretch, Fate::Passed(*why));
                    let free = matches!(before, None | Some(Fate::Waiting | Fate::Held));
                    assert!(free, "{stretch:?} after {before:?}");
                }
                Action::End { tick, ending, .. } => {
                    let before = self.set(Stretch::of(*tick), Fate::Ended(*ending));
                    assert!(matches!(before, Some(Fate::Running(_))), "{tick} ends after {before:?}");
                }
                Action::GoBack(wall) => {
                    self.rows.retain(|first, row| {
                        first <= wall || !matches!(row.fate, Fate::Passed(_) | Fate::Waiting | Fate::Held)
                    });
                    for (first, row) in &mut self.rows {
                        if row.last > *wall && row.count > 1 {
                            let ticks = self.job.crontab.upcoming(*first, &self.job.zone);
                            let ticks: Vec<Timestamp> = ticks.take_while(|tick| tick <= wall).collect();
                            row.count = 1 + ticks.len() as u64;
                            row.last = ticks.last().copied().unwrap_or(*first);
                        }
                    }
                }
                Action::Stop { .. } | Action::Again { .. } | Action::Pause(_) => {}
            }
        }
    }

    fn set(&mut self, stretch: Stretch, fate: Fate) -> Option<Fate> {
        let row = Row { last: stretch.last, count: stretch.count, fate };
        self.rows.insert(stretch.first, row).map(|row| row.fate)
    }
}

/// An action in a few words: `start 06:00`, `missed 05:00-05:50 (6)`.
pub fn words(actions: &[Action]) -> Vec<String> {
    let at = |tick: &Timestamp| {
        let pattern = if tick.as_second() % 60 == 0 { "%H:%M" } else { "%H:%M:%S" };
        tick.strftime(pattern).to_string()
    };
    let one = |action: &Action| match action {
        Action::Start { tick, attempt, caught_up, .. } => {
            let again = if *attempt > 1 { format!(" try {attempt}") } else { String::new() };
            let caught_up = if *caught_up { " caught up" } else { "" };
            format!("start {}{again}{caught_up}", at(tick))
        }
        Action::Wait(waiting) => {
            format!("wait {}{}", at(&waiting.tick), if waiting.caught_up { " caught up" } else { "" })
        }
        Action::Hold(tick) => format!("hold {}", at(tick)),
        Action::Pass(stretch, why) => {
            let why = format!("{why:?}").to_lowercase();
            if stretch.count == 1 {
                return format!("{why} {}", at(&stretch.first));
            }
            format!("{why} {}-{} ({})", at(&stretch.first), at(&stretch.last), stretch.count)
        }
        Action::Stop { tick, why } => format!("stop {} {}", at(tick), format!("{why:?}").to_lowercase()),
        Action::Again { tick, .. } => format!("again {}", at(tick)),
        Action::End { tick, ending, .. } => {
            format!("end {} {}", at(tick), format!("{ending:?}").to_lowercase())
        }
        Action::Pause(why) => format!("pause: {why}"),
        Action::GoBack(wall) => format!("go back to {}", at(wall)),
    };
    actions.iter().map(one).collect()
}
