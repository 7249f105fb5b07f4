//! What is to be done for a job now. Pure: the same state at the same time gives the same actions.
//!
//! Whoever calls it writes the new state and what the actions say into the store, in one transaction, and only then
//! starts anything. So no tick is ever claimed twice, whatever the clock does, and every tick has a row.

pub use super::action::{Action, Ending, How, Passed};
use super::due::{Due, Stretch, due};
use super::job::{CORRECTION, Catchup, Job, MOST_WAITING, Overlap};
use super::state::{Phase, Running, State, Waiting, Why};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What time it is.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// By the clock on the wall, which may be set; ticks go by it.
    pub wall: Timestamp,
    /// By a clock that only goes forward, from any beginning; lengths of time go by it.
    pub elapsed: Duration,
}

/// What a job is told between two steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A run ended.
    Ended {
        /// Its tick.
        tick: Timestamp,
        /// Which try it was.
        attempt: u32,
        /// How.
        how: How,
    },
    /// Somebody pauses it, and says why.
    Pause(String),
    /// Somebody lets it go on.
    Resume,
    /// Somebody lets the missed ticks run that are held.
    Release,
    /// Somebody leaves the missed ticks out that are held.
    Discard,
}

/// What the process allows a job at one step.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// How many of its ticks may start; others that could start wait.
    pub starts: usize,
    /// Whether missed ticks are held until somebody decides.
    pub hold: bool,
}

impl Allowed {
    /// All that its rules let it do.
    pub const ALL: Allowed = Allowed { starts: usize::MAX, hold: false };
}

/// Takes one step.
pub fn step(job: &Job, state: State, now: Now, told: &[Told]) -> (State, Vec<Action>) {
    step_within(job, state, now, told, Allowed::ALL)
}

/// Takes one step in a process that does not allow everything.
pub fn step_within(
    job: &Job,
    state: State,
    now: Now,
    told: &[Told],
    allowed: Allowed,
) -> (State, Vec<Action>) {
    let mut step = Step { job, state, now, closing: false, allowed, actions: Vec::new() };
    for told in told {
        step.hear(told);
    }
    step.stop_what_takes_too_long();
    step.look_at_the_clock();
    step.claim();
    step.try_again();
    step.start_waiting();
    (step.state, step.actions)
}

/// The step of a process that is about to end: it hears how runs ended, and starts, claims and tries again nothing more.
/// Ticks that wait go on waiting for the next process.
pub fn close(job: &Job, state: State, now: Now, told: &[Told]) -> (State, Vec<Action>) {
    let allowed = Allowed::ALL;
    let mut step = Step { job, state, now, closing: true, allowed, actions: Vec::new() };
    for told in told {
        step.hear(told);
    }
    step.stop_what_takes_too_long();
    step.end_resting(Ending::Interrupted);
    (step.state, step.actions)
}

/// When the next step is due, by either clock.
pub fn wake(job: &Job, state: &State) -> (Option<Timestamp>, Option<Duration>) {
    let tick = state.next.map(|tick| job.start(tick));
    let until = state.running.iter().filter_map(|run| match run.phase {
        Phase::Working { until } | Phase::Resting { until } => Some(until),
        Phase::Stopping(_) => None,
    });
    (tick, until.min())
}

/// One step in the making.
struct Step<'a> {
    job: &'a Job,
    state: State,
    now: Now,
    closing: bool,
    allowed: Allowed,
    actions: Vec<Action>,
}

impl Step<'_> {
    fn hear(&mut self, told: &Told) {
        match told {
            Told::Ended { tick, attempt, how } => self.ended(*tick, *attempt, *how),
            Told::Pause(why) => self.pause(why.clone()),
            Told::Resume => {
                self.state.paused = None;
                self.state.failures = 0;
            }
            Told::Release => {
                for tick in std::mem::take(&mut self.state.held) {
                    self.wait(tick, true);
                }
            }
            Told::Discard => {
                for tick in std::mem::take(&mut self.state.held) {
                    self.actions.push(Action::Pass(Stretch::of(tick), Passed::Missed));
                }
            }
        }
    }

    fn ended(&mut self, tick: Timestamp, attempt: u32, how: How) {
        let known = self.state.running.iter().position(|run| run.tick == tick && run.attempt == attempt);
        let Some(place) = known else { return };
        let run = self.state.running[place];
        let ending = match (how, run.phase) {
            (How::Well, _) => Ending::Ok,
            (_, Phase::Stopping(Why::TooLong)) => Ending::Timeout,
            (_, Phase::Stopping(Why::Replaced)) => Ending::Cancelled,
            (How::Failed, _) => Ending::Failed,
            (How::Stopped, _) => Ending::Interrupted,
        };
        if let Some(after) = self.rest(run, ending) {
            let until = self.now.elapsed.saturating_add(after);
            self.state.running[place].phase = Phase::Resting { until };
            self.actions.push(Action::Again { tick, after });
            return;
        }
        self.state.running.remove(place);
        self.end(tick, attempt, ending);
        let failed = matches!(ending, Ending::Failed | Ending::Timeout);
        if failed && self.job.pause_after_failures.is_some_and(|most| self.state.failures >= most) {
            self.pause(match self.state.failures {
                1 => "its run failed".into(),
                failures => format!("{failures} of its runs failed in a row"),
            });
        }
    }

    /// Writes down how a tick ended.
    fn end(&mut self, tick: Timestamp, attempts: u32, ending: Ending) {
        // What ended makes room.
        self.allowed.starts = self.allowed.starts.saturating_add(1);
        let before = self.state.failures;
        self.state.failures = match ending {
            Ending::Ok => 0,
            Ending::Failed | Ending::Timeout => before.saturating_add(1),
            Ending::Cancelled | Ending::Interrupted => before,
        };
        let failures = (before, self.state.failures);
        self.actions.push(Action::End { tick, attempts, ending, failures });
    }

    /// Ends what only waits to be tried again.
    fn end_resting(&mut self, ending: Ending) {
        let all = std::mem::take(&mut self.state.running);
        let (resting, running): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|run| matches!(run.phase, Phase::Resting { .. }));
        self.state.running = running;
        for run in resting {
            self.end(run.tick, run.attempt, ending);
        }
    }

    /// How long to wait before another try, if there is one.
    fn rest(&self, run: Running, ending: Ending) -> Option<Duration> {
        let again = matches!(ending, Ending::Failed | Ending::Timeout | Ending::Interrupted);
        let may = !self.closing && self.state.paused.is_none();
        if !again || !may || run.attempt > self.job.retries {
            return None;
        }
        let after = self.job.wait_after(run.tick, run.attempt);
        let at = self.now.wall.saturating_add(SignedDuration::try_from(after).unwrap_or_default());
        // With "skip" a retry would only make the next tick be left out.
        let next = self.job.next(self.now.wall).filter(|_| self.job.overlap == Overlap::Skip);
        next.is_none_or(|next| at.is_ok_and(|at| at < next)).then_some(after)
    }

    /// A paused job starts nothing: neither what waits nor what was to be tried again.
    fn pause(&mut self, why: String) {
        self.end_resting(Ending::Failed);
        self.pass_waiting(Passed::Paused);
        self.actions.push(Action::Pause(why.clone()));
        self.state.paused = Some(why);
    }

    fn stop_what_takes_too_long(&mut self) {
        for run in &mut self.state.running {
            if matches!(run.phase, Phase::Working { until } if until <= self.now.elapsed) {
                run.phase = Phase::Stopping(Why::TooLong);
                self.actions.push(Action::Stop { tick: run.tick, why: Why::TooLong });
            }
        }
    }

    fn look_at_the_clock(&mut self) {
        let wall = self.now.wall;
        if self.state.seen.duration_since(wall) > CORRECTION {
            self.state.go_to(self.job, wall);
            self.state.waiting.retain(|waiting| waiting.tick <= wall);
            self.state.held.retain(|tick| *tick <= wall);
            self.actions.push(Action::GoBack(wall));
        }
    }

    /// Gives every tick that is due a row.
    fn claim(&mut self) {
        let Due { missed, late, now, last } = due(self.job, &self.state, self.now.wall);
        let Some(last) = last else { return };
        self.state.go_to(self.job, last);
        if self.state.paused.is_some() {
            let mut all = missed;
            for tick in late.into_iter().chain(now) {
                all.add(self.job, tick);
            }
            self.actions
                .extend(all.stretches.into_iter().map(|stretch| Action::Pass(stretch, Passed::Paused)));
            return;
        }
        self.actions
            .extend(missed.stretches.into_iter().map(|stretch| Action::Pass(stretch, Passed::Missed)));
        for tick in late {
            if self.allowed.hold {
                self.state.held.push(tick);
                self.actions.push(Action::Hold(tick));
            } else if self.job.catchup == Catchup::All {
                self.wait(tick, true);
            } else {
                self.admit(tick, true);
            }
        }
        for tick in now {
            self.admit(tick, false);
        }
    }

    /// Lets a tick run, wait or pass, as the rule of overlaps says.
    fn admit(&mut self, tick: Timestamp, caught_up: bool) {
        if !self.state.busy() {
            return self.start_or_wait(tick, caught_up);
        }
        let waiting = self.state.waiting.len();
        match self.job.overlap {
            Overlap::QueueOne if waiting == 0 => self.wait(tick, caught_up),
            Overlap::QueueAll if waiting < MOST_WAITING => self.wait(tick, caught_up),
            Overlap::Allow if self.state.running.len() < self.job.max_running && waiting < MOST_WAITING => {
                self.start_or_wait(tick, caught_up);
            }
            Overlap::CancelPrevious => self.replace(tick, caught_up),
            _ => self.actions.push(Action::Pass(Stretch::of(tick), Passed::Overlap)),
        }
    }

    /// Stops what runs, and puts a tick in the place of all that wait.
    fn replace(&mut self, tick: Timestamp, caught_up: bool) {
        self.pass_waiting(Passed::Overlap);
        self.end_resting(Ending::Cancelled);
        for run in &mut self.state.running {
            if matches!(run.phase, Phase::Working { .. }) {
                run.phase = Phase::Stopping(Why::Replaced);
                self.actions.push(Action::Stop { tick: run.tick, why: Why::Replaced });
            }
        }
        self.wait(tick, caught_up);
    }

    /// Lets all that wait pass.
    fn pass_waiting(&mut self, why: Passed) {
        for waiting in std::mem::take(&mut self.state.waiting) {
            self.actions.push(Action::Pass(Stretch::of(waiting.tick), why));
        }
    }

    fn wait(&mut self, tick: Timestamp, caught_up: bool) {
        let waiting = Waiting { tick, caught_up };
        self.state.waiting.push_back(waiting);
        self.actions.push(Action::Wait(waiting));
    }

    fn start_or_wait(&mut self, tick: Timestamp, caught_up: bool) {
        if self.allowed.starts > 0 { self.start(tick, 1, caught_up) } else { self.wait(tick, caught_up) }
    }

    fn start(&mut self, tick: Timestamp, attempt: u32, caught_up: bool) {
        self.allowed.starts = self.allowed.starts.saturating_sub(1);
        let timeout = self.job.timeout;
        let phase = Phase::Working { until: self.now.elapsed.saturating_add(timeout) };
        self.state.remember(tick);
        self.state.running.push(Running { tick, attempt, phase });
        self.actions.push(Action::Start { tick, attempt, caught_up, timeout });
    }

    fn try_again(&mut self) {
        for run in &mut self.state.running {
            if matches!(run.phase, Phase::Resting { until } if until <= self.now.elapsed) {
                run.attempt += 1;
                run.phase = Phase::Working { until: self.now.elapsed.saturating_add(self.job.timeout) };
                let (tick, attempt, timeout) = (run.tick, run.attempt, self.job.timeout);
                self.actions.push(Action::Start { tick, attempt, caught_up: false, timeout });
            }
        }
    }

    fn start_waiting(&mut self) {
        let free = |state: &State, job: &Job| {
            state.running.is_empty() || job.overlap == Overlap::Allow && state.running.len() < job.max_running
        };
        while self.allowed.starts > 0 && free(&self.state, self.job) {
            let Some(next) = self.state.waiting.pop_front() else { return };
            self.start(next.tick, 1, next.caught_up);
        }
    }
}
