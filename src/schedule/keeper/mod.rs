//! Keeps jobs: takes their steps when they are due, writes every step down, and says what is to be started and stopped.
//!
//! Everything is in the store before anything starts, so that after a crash each tick has been claimed at most once.

mod read;
mod told;
mod write;

pub use told::{Message, News, Order, Turn};

use super::due::due;
use super::job::{CORRECTION, GRACE, Job};
use super::state::{Phase, Running, State};
use super::step::{self, Allowed, How, Now, Told};
use crate::store::StoreError;
use crate::store::jobs::{JobRow, JobStore};
use jiff::{SignedDuration, Timestamp};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use write::{Cut, Step};

/// The clock on the wall is looked at this often at least: it may be set, and the machine may sleep.
pub const LOOK: Duration = Duration::from_secs(30);
/// More missed ticks than this at once are held until somebody decides, if nobody says another number.
pub const MOST_CAUGHT_UP: usize = 20;
/// How long ended ticks are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a keeper may do.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The script whose schedules are kept; empty for the jobs of the project. Jobs of others are left alone.
    pub kept_by: String,
    /// How many runs may go on at once.
    pub most_running: usize,
    /// More missed ticks than this at once are held until somebody decides.
    pub most_caught_up: usize,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { kept_by: String::new(), most_running: usize::MAX, most_caught_up: MOST_CAUGHT_UP }
    }
}

/// A job that is kept.
struct Kept {
    job: Job,
    state: State,
    /// When it has something to do, by either clock.
    wakes: (Option<Timestamp>, Option<Duration>),
}

impl Kept {
    fn new(job: Job, state: State) -> Kept {
        let wakes = step::wake(&job, &state);
        Kept { job, state, wakes }
    }

    fn go_on(&mut self, state: State) {
        self.state = state;
        self.wakes = step::wake(&self.job, &self.state);
    }

    /// A tick waits for nothing but room.
    fn only_waits(&self) -> bool {
        !self.state.waiting.is_empty() && self.state.running.is_empty()
    }
}

/// When the first of all jobs has something to do. It is asked for at every turn, and changes seldom.
#[derive(Clone, Copy)]
struct Outlook {
    tick: Option<Timestamp>,
    until: Option<Duration>,
    /// The latest time that any job has come to.
    seen: Option<Timestamp>,
    only_waits: bool,
}

/// Keeps jobs.
pub struct Keeper {
    store: Arc<dyn JobStore>,
    rules: Rules,
    kept: BTreeMap<String, Kept>,
    /// Worked out by need; nothing while it may have changed.
    outlook: Cell<Option<Outlook>>,
    closing: bool,
}

impl Keeper {
    /// Opens the jobs with these scripts; what ran under an earlier process was cut off, and is ended or tried again by
    /// the first turn's rules.
    pub fn open(
        store: Arc<dyn JobStore>,
        rules: Rules,
        jobs: Vec<(Job, String)>,
        now: Now,
    ) -> Result<(Keeper, Turn), StoreError> {
        store.forget(now.wall.saturating_sub(REMEMBERED).unwrap_or(now.wall))?;
        let (kept, outlook) = (BTreeMap::new(), Cell::new(None));
        let mut keeper = Keeper { store, rules, kept, outlook, closing: false };
        let mut known = keeper.register(&jobs, now)?;
        let mut cut = Vec::new();
        for (job, _) in jobs {
            let state = read::state(&*keeper.store, &job, known.remove(&job.name), now)?;
            cut.extend(state.running.iter().map(|run| Message {
                job: job.name.clone(),
                told: Told::Ended { tick: run.tick, attempt: run.attempt, how: How::Stopped },
                error: Some("the program ended while it ran".into()),
            }));
            keeper.kept.insert(job.name.clone(), Kept::new(job, state));
        }
        let (kept, by) = (&keeper.kept, &keeper.rules.kept_by);
        let is_gone = |job: &crate::store::jobs::NewJob| job.kept_by == *by && !kept.contains_key(&job.name);
        read::end_the_gone(&*keeper.store, is_gone, now)?;
        let turn = keeper.turn(now, cut)?;
        Ok((keeper, turn))
    }

    /// Takes other jobs in their place. Those that stay keep what they are doing; runs of those that go end as before.
    pub fn replace(&mut self, jobs: Vec<(Job, String)>, now: Now) -> Result<(), StoreError> {
        let mut known = self.register(&jobs, now)?;
        let mut before = std::mem::take(&mut self.kept);
        for (job, _) in jobs {
            let state = match before.remove(&job.name) {
                Some(Kept { job: old, mut state, .. }) => {
                    if !old.same_times(&job) {
                        state.rescheduled(&job, now.wall);
                    }
                    state
                }
                None => read::state(&*self.store, &job, known.remove(&job.name), now)?,
            };
            self.kept.insert(job.name.clone(), Kept::new(job, state));
        }
        // What still runs of a job that is gone must be able to end.
        for (name, Kept { job, mut state, .. }) in before {
            if !state.running.is_empty() {
                state.next = None;
                self.kept.insert(name, Kept::new(job, state));
            }
        }
        self.outlook.set(None);
        Ok(())
    }

    /// From now on nothing more is started: the process is about to end.
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Whether a job of this name is kept.
    pub fn knows(&self, job: &str) -> bool {
        self.kept.contains_key(job)
    }

    /// Whether a job is paused.
    pub fn is_paused(&self, job: &str) -> bool {
        self.kept.get(job).is_some_and(|kept| kept.state.paused.is_some())
    }

    /// Takes the steps that are due, and those of jobs that are told something.
    pub fn turn(&mut self, now: Now, messages: Vec<Message>) -> Result<Turn, StoreError> {
        if messages.is_empty() && !self.closing && !self.rest(now).is_zero() {
            return Ok(Turn::default());
        }
        let mut told: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for message in messages {
            told.entry(message.job.clone()).or_default().push(message);
        }
        let mut steps = Vec::new();
        let mut allowed = Allowed { starts: self.room(), hold: self.too_many_missed(now) };
        for (name, messages) in self.in_order(now, told) {
            let Some(kept) = self.kept.get(&name) else { continue };
            let told: Vec<Told> = messages.iter().map(|message| message.told.clone()).collect();
            let (state, actions) = if self.closing {
                step::close(&kept.job, kept.state.clone(), now, &told)
            } else {
                step::step_within(&kept.job, kept.state.clone(), now, &told, allowed)
            };
            if state != kept.state || !actions.is_empty() {
                allowed.starts = (allowed.starts.saturating_add(kept.state.running.len()))
                    .saturating_sub(state.running.len());
                steps.push(Step { name, state, actions, messages });
            }
        }
        if steps.is_empty() {
            return Ok(Turn::default());
        }
        let change = |step: &Step| step.change(now, |to| self.cut(&step.name, to));
        let changes = steps.iter().map(change).collect::<Result<Vec<_>, _>>()?;
        let mut refused: BTreeMap<usize, BTreeSet<Timestamp>> = BTreeMap::new();
        for (place, tick) in self.store.keep(&changes)? {
            refused.entry(place).or_default().insert(tick);
        }
        let mut turn = Turn::default();
        for (place, step) in steps.into_iter().enumerate() {
            let name = step.name.clone();
            let state = step.take(&refused.remove(&place).unwrap_or_default(), &mut turn);
            if let Some(kept) = self.kept.get_mut(&name) {
                kept.go_on(state);
            }
        }
        self.outlook.set(None);
        Ok(turn)
    }

    /// The jobs that have something to do: those that are told something first, since what ends makes room; then those
    /// that wait longest.
    fn in_order(&self, now: Now, mut told: BTreeMap<String, Vec<Message>>) -> Vec<(String, Vec<Message>)> {
        let room = self.room() > 0 || !told.is_empty();
        let mut due = Vec::new();
        for (name, kept) in &self.kept {
            let messages = told.remove(name).unwrap_or_default();
            if !messages.is_empty() || self.closing || sleep(kept, now, room) == Duration::ZERO {
                let since = kept.state.waiting.front().map(|waiting| waiting.tick).or(kept.state.next);
                due.push((messages.is_empty(), since, name.clone(), messages));
            }
        }
        due.sort_by_key(|it| (it.0, it.1));
        due.into_iter().map(|(_, _, name, messages)| (name, messages)).collect()
    }

    /// How many more runs may start.
    fn room(&self) -> usize {
        let running = self.kept.values().map(|kept| kept.state.running.len()).sum();
        self.rules.most_running.saturating_sub(running)
    }

    /// Whether more ticks were missed than may be caught up without a word from somebody.
    fn too_many_missed(&self, now: Now) -> bool {
        let late = |kept: &&Kept| {
            let next = kept.state.next.filter(|_| kept.state.paused.is_none() && !self.closing);
            next.is_some_and(|tick| now.wall.duration_since(tick) > GRACE)
        };
        let missed = |kept: &Kept| due(&kept.job, &kept.state, now.wall).late.len();
        self.kept.values().filter(late).map(missed).sum::<usize>() > self.rules.most_caught_up
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
        let Outlook { tick, until, seen, only_waits } = self.outlook();
        let back = seen.is_some_and(|seen| was_set_back(seen, now));
        let free = only_waits && self.room() > 0;
        if back || free { Duration::ZERO } else { wait(tick, until, now).min(LOOK) }
    }

    fn outlook(&self) -> Outlook {
        if let Some(known) = self.outlook.get() {
            return known;
        }
        let kept = || self.kept.values();
        let outlook = Outlook {
            tick: kept().filter_map(|kept| kept.wakes.0).min(),
            until: kept().filter_map(|kept| kept.wakes.1).min(),
            seen: kept().map(|kept| kept.state.seen).max(),
            only_waits: kept().any(Kept::only_waits),
        };
        self.outlook.set(Some(outlook));
        outlook
    }

    /// Whether anything still runs.
    pub fn running(&self) -> bool {
        self.kept
            .values()
            .any(|kept| kept.state.running.iter().any(|run| !matches!(run.phase, Phase::Resting { .. })))
    }

    /// Notes jobs with their scripts; answers what the store knows of jobs, by name.
    fn register(&self, jobs: &[(Job, String)], now: Now) -> Result<BTreeMap<String, JobRow>, StoreError> {
        let about = jobs.iter().map(|(job, script)| read::about(job, script, &self.rules.kept_by));
        self.store.register(&about.collect::<Vec<_>>(), now.wall)?;
        Ok(self.store.jobs()?.into_iter().map(|row| (row.about.name.clone(), row)).collect())
    }

    /// What is left of ticks in a row that a moment lies within.
    fn cut(&self, name: &str, to: Timestamp) -> Result<Option<Cut>, StoreError> {
        let row = self.store.stretch_at(name, to)?;
        let Some((row, kept)) = row.zip(self.kept.get(name)) else { return Ok(None) };
        let (mut last, mut count) = (row.tick, 1);
        for tick in kept.job.crontab.upcoming(row.tick, &kept.job.zone).take_while(|tick| *tick <= to) {
            (last, count) = (tick, count + 1);
        }
        Ok(Some((row.tick, last, count)))
    }
}

/// How long nothing of a job is due; a tick that waits is, when there is room for it.
fn sleep(kept: &Kept, now: Now, room: bool) -> Duration {
    let free = room && kept.only_waits();
    let (tick, until) = kept.wakes;
    if was_set_back(kept.state.seen, now) || free { Duration::ZERO } else { wait(tick, until, now) }
}

/// A clock that was set back far is noticed by a step, too.
fn was_set_back(seen: Timestamp, now: Now) -> bool {
    seen.duration_since(now.wall) > CORRECTION
}

/// How long it is until one of these.
fn wait(tick: Option<Timestamp>, until: Option<Duration>, now: Now) -> Duration {
    let tick = tick.map_or(Duration::MAX, |tick| {
        Duration::try_from(tick.duration_since(now.wall)).unwrap_or(Duration::ZERO)
    });
    tick.min(until.map_or(Duration::MAX, |until| until.saturating_sub(now.elapsed)))
}
