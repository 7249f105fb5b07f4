//! Keeps jobs: takes their steps when they are due, writes every step down, and says what is to be started and stopped.
//!
//! Everything is in the store before anything starts, so that after a crash each tick has been claimed at most once.

use super::job::Job;
use super::state::{Phase, Running, State, Waiting, Why};
use super::step::{self, Action, Ending, How, Now, Passed, Told};
use crate::store::StoreError;
use crate::store::jobs::{JobChange, JobRow, JobStore, NewJob, TickChange, TickOutcome, TickRow};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The clock on the wall is looked at this often at least: it may be set, and the machine may sleep.
pub const LOOK: Duration = Duration::from_secs(30);
/// How long ended ticks are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many started ticks of a job are read when it is opened.
const STARTED: usize = 1000;

/// Something that a job is told, and why.
#[derive(Clone, Debug)]
pub struct Message {
    /// The job's name.
    pub job: String,
    /// What it is told.
    pub told: Told,
    /// Why a run failed.
    pub error: Option<String>,
}

/// Something that is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start the script of a job.
    Start {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// Which try.
        attempt: u32,
        /// Whether it had been missed.
        caught_up: bool,
    },
    /// Ask a run to stop.
    Stop {
        /// The job's name.
        job: String,
        /// Its tick.
        tick: Timestamp,
        /// Why.
        why: Why,
    },
}

/// Something that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A tick ended; with how many runs had failed in a row before and after it.
    Ended {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// How.
        outcome: TickOutcome,
        /// Why it failed.
        error: Option<String>,
        /// Failures in a row, before and after.
        failures: (u32, u32),
    },
    /// A try failed, and another one follows.
    Again {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// How long it waits.
        after: Duration,
        /// Why it failed.
        error: Option<String>,
    },
    /// Ticks did not run.
    Passed {
        /// The job's name.
        job: String,
        /// The first.
        first: Timestamp,
        /// The last.
        last: Timestamp,
        /// How many.
        count: u64,
        /// Why.
        outcome: TickOutcome,
    },
    /// A job was paused.
    Paused {
        /// The job's name.
        job: String,
        /// Why.
        why: String,
    },
    /// The clock was set back.
    WentBack {
        /// The job's name.
        job: String,
        /// Where it stands now.
        to: Timestamp,
    },
}

/// What comes of a look at the jobs.
#[derive(Debug, Default)]
pub struct Turn {
    /// What is to be done.
    pub orders: Vec<Order>,
    /// What a person should know.
    pub news: Vec<News>,
}

/// A job that is kept.
struct Kept {
    job: Job,
    state: State,
}

/// Keeps jobs.
pub struct Keeper {
    store: Arc<dyn JobStore>,
    kept: BTreeMap<String, Kept>,
    closing: bool,
}

impl Keeper {
    /// Opens the jobs with these scripts; what ran under an earlier process was cut off, and is ended or tried again by
    /// the first turn's rules.
    pub fn open(
        store: Arc<dyn JobStore>,
        jobs: Vec<(Job, String)>,
        now: Now,
    ) -> Result<(Keeper, Turn), StoreError> {
        store.forget(now.wall.saturating_sub(REMEMBERED).unwrap_or(now.wall))?;
        let mut keeper = Keeper { store, kept: BTreeMap::new(), closing: false };
        let mut cut = Vec::new();
        for (job, script) in jobs {
            let state = keeper.load(&job, &script, now)?;
            cut.extend(state.running.iter().map(|run| Message {
                job: job.name.clone(),
                told: Told::Ended { tick: run.tick, attempt: run.attempt, how: How::Stopped },
                error: Some("the program ended while it ran".into()),
            }));
            keeper.kept.insert(job.name.clone(), Kept { job, state });
        }
        keeper.end_the_gone(now)?;
        let turn = keeper.turn(now, cut)?;
        Ok((keeper, turn))
    }

    /// Ends what jobs were doing that are there no more.
    fn end_the_gone(&self, now: Now) -> Result<(), StoreError> {
        let mut changes = Vec::new();
        for row in self.store.jobs()?.into_iter().filter(|row| !self.kept.contains_key(&row.about.name)) {
            let end = |tick: TickRow| match tick.outcome {
                TickOutcome::Waiting => {
                    let (first, last, outcome) = (tick.tick, tick.tick, TickOutcome::Missed);
                    TickChange::Pass { first, last, count: 1, outcome }
                }
                _ => TickChange::End {
                    tick: tick.tick,
                    outcome: TickOutcome::Interrupted,
                    error: None,
                    at: now.wall,
                },
            };
            let ticks: Vec<TickChange> =
                self.store.open_ticks(&row.about.name)?.into_iter().map(end).collect();
            if !ticks.is_empty() {
                let JobRow { about, seen, failures, paused, .. } = row;
                changes.push(JobChange { job: about.name, seen, failures, paused, ticks });
            }
        }
        if !changes.is_empty() {
            self.store.keep(&changes)?;
        }
        Ok(())
    }

    /// Takes other jobs in their place. Those that stay keep what they are doing; runs of those that go end as before.
    pub fn replace(&mut self, jobs: Vec<(Job, String)>, now: Now) -> Result<(), StoreError> {
        let mut before = std::mem::take(&mut self.kept);
        for (job, script) in jobs {
            let kept = match before.remove(&job.name) {
                Some(mut kept) => {
                    self.store.register(&about(&job, &script), now.wall)?;
                    if !kept.job.same_times(&job) {
                        kept.state.rescheduled(&job, now.wall);
                    }
                    Kept { job, ..kept }
                }
                None => Kept { state: self.load(&job, &script, now)?, job },
            };
            self.kept.insert(kept.job.name.clone(), kept);
        }
        // What still runs of a job that is gone must be able to end.
        for (name, mut kept) in before {
            if !kept.state.running.is_empty() {
                kept.state.next = None;
                self.kept.insert(name, kept);
            }
        }
        Ok(())
    }

    /// From now on nothing more is started: the process is about to end.
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Takes the steps that are due, and those of jobs that are told something.
    pub fn turn(&mut self, now: Now, messages: Vec<Message>) -> Result<Turn, StoreError> {
        let mut told: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for message in messages {
            told.entry(message.job.clone()).or_default().push(message);
        }
        let mut steps = Vec::new();
        for (name, kept) in &self.kept {
            let messages = told.remove(name).unwrap_or_default();
            if messages.is_empty() && !self.closing && sleep(kept, now) > Duration::ZERO {
                continue;
            }
            let told: Vec<Told> = messages.iter().map(|message| message.told.clone()).collect();
            let step = if self.closing { step::close } else { step::step };
            let (state, actions) = step(&kept.job, kept.state.clone(), now, &told);
            if state != kept.state || !actions.is_empty() {
                steps.push(Step { name: name.clone(), state, actions, messages });
            }
        }
        if steps.is_empty() {
            return Ok(Turn::default());
        }
        let changes = steps.iter().map(|step| self.change(step, now)).collect::<Result<Vec<_>, _>>()?;
        let refused: BTreeSet<(usize, Timestamp)> = self.store.keep(&changes)?.into_iter().collect();
        let mut turn = Turn::default();
        for (place, step) in steps.into_iter().enumerate() {
            self.take(place, step, &refused, &mut turn);
        }
        Ok(turn)
    }

    /// Notes that everything that still runs is cut off now.
    pub fn abandon(&mut self, now: Now) -> Result<Turn, StoreError> {
        let runs =
            self.kept.iter().flat_map(|(name, kept)| kept.state.running.iter().map(move |run| (name, run)));
        let cut = |(name, run): (&String, &Running)| Message {
            job: name.clone(),
            told: Told::Ended { tick: run.tick, attempt: run.attempt, how: How::Stopped },
            error: None,
        };
        let messages = runs.map(cut).collect();
        self.turn(now, messages)
    }

    /// How long nothing is due.
    pub fn rest(&self, now: Now) -> Duration {
        if self.closing {
            return LOOK;
        }
        self.kept.values().map(|kept| sleep(kept, now)).min().unwrap_or(LOOK).min(LOOK)
    }

    /// Whether anything still runs.
    pub fn running(&self) -> bool {
        self.kept
            .values()
            .any(|kept| kept.state.running.iter().any(|run| !matches!(run.phase, Phase::Resting { .. })))
    }

    /// What there is of a job in the store.
    fn load(&self, job: &Job, script: &str, now: Now) -> Result<State, StoreError> {
        self.store.register(&about(job, script), now.wall)?;
        let known = self.store.jobs()?.into_iter().find(|row| row.about.name == job.name);
        let Some(JobRow { seen, failures, paused, .. }) = known else { return Ok(State::new(job, now.wall)) };
        let mut state = State::new(job, seen);
        state.failures = failures;
        state.paused = paused;
        state.started = self.store.started_ticks(&job.name, STARTED)?.into_iter().collect();
        for row in self.store.open_ticks(&job.name)? {
            if row.outcome == TickOutcome::Waiting {
                state.waiting.push_back(Waiting { tick: row.tick, caught_up: row.caught_up });
            } else {
                let phase = Phase::Working { until: Duration::MAX };
                state.running.push(Running { tick: row.tick, attempt: row.attempt, phase });
            }
        }
        Ok(state)
    }

    /// What the store is told of a step.
    fn change(&self, step: &Step, now: Now) -> Result<JobChange, StoreError> {
        let mut ticks = Vec::new();
        for action in &step.actions {
            ticks.extend(match action {
                Action::Start { tick, attempt, caught_up, .. } => {
                    let (tick, attempt, caught_up) = (*tick, *attempt, *caught_up);
                    Some(TickChange::Start { tick, attempt, caught_up, at: now.wall })
                }
                Action::Wait(waiting) => {
                    Some(TickChange::Wait { tick: waiting.tick, caught_up: waiting.caught_up })
                }
                Action::Pass(stretch, why) => Some(TickChange::Pass {
                    first: stretch.first,
                    last: stretch.last,
                    count: stretch.count,
                    outcome: passed(*why),
                }),
                Action::End { tick, ending, .. } => Some(TickChange::End {
                    tick: *tick,
                    outcome: ended(*ending),
                    error: step.error(*tick),
                    at: now.wall,
                }),
                Action::Again { tick, .. } => {
                    Some(TickChange::Failed { tick: *tick, error: step.error(*tick) })
                }
                Action::GoBack(to) => Some(TickChange::GoBack { to: *to, cut: self.cut(&step.name, *to)? }),
                Action::Stop { .. } | Action::Pause(_) => None,
            });
        }
        Ok(JobChange {
            job: step.name.clone(),
            seen: step.state.seen,
            failures: step.state.failures,
            paused: step.state.paused.clone(),
            ticks,
        })
    }

    /// What is left of ticks in a row that a moment lies within.
    fn cut(&self, name: &str, to: Timestamp) -> Result<Option<(Timestamp, Timestamp, u64)>, StoreError> {
        let row = self.store.stretch_at(name, to)?;
        let Some((row, kept)) = row.zip(self.kept.get(name)) else { return Ok(None) };
        let (mut last, mut count) = (row.tick, 1);
        for tick in kept.job.crontab.upcoming(row.tick, &kept.job.zone).take_while(|tick| *tick <= to) {
            (last, count) = (tick, count + 1);
        }
        Ok(Some((row.tick, last, count)))
    }

    /// Goes on from a step that was written down.
    fn take(
        &mut self,
        place: usize,
        mut step: Step,
        refused: &BTreeSet<(usize, Timestamp)>,
        turn: &mut Turn,
    ) {
        let taken = |tick: Timestamp| refused.contains(&(place, tick));
        // A tick that has a row of its own already is nobody's any more.
        step.state.running.retain(|run| !(run.attempt == 1 && taken(run.tick)));
        step.state.waiting.retain(|waiting| !taken(waiting.tick));
        for action in &step.actions {
            let job = step.name.clone();
            match action {
                Action::Start { tick, attempt, caught_up, .. } if !(*attempt == 1 && taken(*tick)) => {
                    let (tick, attempt, caught_up) = (*tick, *attempt, *caught_up);
                    turn.orders.push(Order::Start { job, tick, attempt, caught_up });
                }
                Action::Stop { tick, why } => turn.orders.push(Order::Stop { job, tick: *tick, why: *why }),
                Action::End { tick, ending, failures, .. } => turn.news.push(News::Ended {
                    job,
                    tick: *tick,
                    outcome: ended(*ending),
                    error: step.error(*tick),
                    failures: *failures,
                }),
                Action::Again { tick, after } => {
                    let (tick, after) = (*tick, *after);
                    turn.news.push(News::Again { job, tick, after, error: step.error(tick) });
                }
                Action::Pass(stretch, why) => turn.news.push(News::Passed {
                    job,
                    first: stretch.first,
                    last: stretch.last,
                    count: stretch.count,
                    outcome: passed(*why),
                }),
                Action::Pause(why) => turn.news.push(News::Paused { job, why: why.clone() }),
                Action::GoBack(to) => turn.news.push(News::WentBack { job, to: *to }),
                Action::Start { .. } | Action::Wait(_) => {}
            }
        }
        if let Some(kept) = self.kept.get_mut(&step.name) {
            kept.state = step.state;
        }
    }
}

/// A step of a job, before it is written down.
struct Step {
    name: String,
    state: State,
    actions: Vec<Action>,
    messages: Vec<Message>,
}

impl Step {
    /// Why the run of a tick failed.
    fn error(&self, of: Timestamp) -> Option<String> {
        let about = |message: &&Message| matches!(message.told, Told::Ended { tick, .. } if tick == of);
        self.messages.iter().find(about)?.error.clone()
    }
}

/// How long nothing of a job is due.
fn sleep(kept: &Kept, now: Now) -> Duration {
    let (tick, until) = step::wake(&kept.job, &kept.state);
    let tick = tick.map_or(Duration::MAX, |tick| {
        Duration::try_from(tick.duration_since(now.wall)).unwrap_or(Duration::ZERO)
    });
    let until = until.map_or(Duration::MAX, |until| until.saturating_sub(now.elapsed));
    // A clock that was set back far is noticed by a step, too.
    let back = kept.state.seen.duration_since(now.wall) > super::job::CORRECTION;
    if back { Duration::ZERO } else { tick.min(until) }
}

fn about(job: &Job, script: &str) -> NewJob {
    NewJob {
        name: job.name.clone(),
        schedule: job.crontab.text.clone(),
        timezone: job.zone_name().into(),
        script: script.into(),
    }
}

fn passed(why: Passed) -> TickOutcome {
    match why {
        Passed::Overlap => TickOutcome::SkippedOverlap,
        Passed::Paused => TickOutcome::SkippedPaused,
        Passed::Missed => TickOutcome::Missed,
    }
}

fn ended(ending: Ending) -> TickOutcome {
    match ending {
        Ending::Ok => TickOutcome::Ok,
        Ending::Failed => TickOutcome::Failed,
        Ending::Timeout => TickOutcome::Timeout,
        Ending::Cancelled => TickOutcome::Cancelled,
        Ending::Interrupted => TickOutcome::Interrupted,
    }
}
