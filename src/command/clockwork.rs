//! The thread behind the schedules of a script: takes their steps when they are due, and hands over what is to be called.

use super::alarms::Alarms;
use super::console::Console;
use super::{job_words, wishes};
use crate::clock::Clock;
use crate::pulse::Pulse;
use crate::schedule::Job;
use crate::schedule::keeper::{Keeper, Message, Order, Turn};
use crate::schedule::state::Why;
use crate::schedule::step::Now;
use crate::script::schedules::{AboutJob, Tick};
use crate::stop::{Reason, Stop};
use crate::store::StoreError;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How long a turn waits at most: whoever pauses a job is heard that soon.
const HEAR: Duration = wishes::LOOK;

/// What it is told.
pub enum Ask {
    /// Something about a job.
    Tell(Message),
    /// To look whether to stop.
    Look,
    /// To claim nothing more.
    Leave,
    /// To end.
    Close,
}

/// What it tells.
pub enum Heard {
    /// A function is to be called.
    Call(Box<Tick>),
    /// It is to be looked whether to stop.
    Look,
    /// Nothing more is due.
    Over,
    /// What is due could not be written down.
    Failed(StoreError),
}

/// The thread behind the schedules of a script.
pub struct Clockwork {
    /// What claims.
    pub keeper: Keeper,
    /// The schedules, in the script's order.
    pub jobs: Vec<Job>,
    /// The clock on the wall.
    pub clock: Box<dyn Clock + Send>,
    /// When it began.
    pub began: Instant,
    /// Whether it leaves when nothing is due.
    pub once: bool,
    /// The state folder, where other commands leave their wishes; a preview leaves them there.
    pub home: Option<PathBuf>,
    /// When to look for them.
    pub wishes: Pulse,
    /// Set when nothing more is to be claimed.
    pub stops: [Stop; 2],
    /// Who is told when schedules fail or do not run in time.
    pub alarms: Option<Alarms>,
    /// What it is told.
    pub asked: Receiver<Ask>,
    /// Whom it tells.
    pub heard: Sender<Heard>,
    /// The calls that were handed over, and how each is ended.
    pub running: Vec<(String, Timestamp, Stop)>,
    /// Where words go.
    pub console: Arc<Console>,
}

impl Clockwork {
    /// Works until it is asked to end.
    pub fn run(mut self) {
        let ended = self.work().and_then(|()| {
            self.keeper.close();
            let turn = self.keeper.turn(self.now(), Vec::new())?;
            self.carry_out(turn);
            let turn = self.keeper.abandon(self.now())?;
            self.carry_out(turn);
            Ok(())
        });
        if let Err(error) = ended {
            // If nobody hears it any more, it has been told that the store does not work.
            let _ = self.heard.send(Heard::Failed(error));
        }
    }

    fn now(&self) -> Now {
        Now { wall: self.clock.now(), elapsed: self.began.elapsed() }
    }

    fn work(&mut self) -> Result<(), StoreError> {
        let (mut over, mut leaving) = (false, false);
        loop {
            if (self.once || leaving) && !over && !self.keeper.running() {
                over = self.heard.send(Heard::Over).is_ok();
            }
            let wait = self.keeper.rest(self.now()).min(HEAR);
            let mut messages = Vec::new();
            match self.asked.recv_timeout(wait) {
                Ok(Ask::Tell(message)) => messages.push(message),
                // If nobody hears it any more, nobody waits.
                Ok(Ask::Look) => drop(self.heard.send(Heard::Look)),
                Ok(Ask::Leave) => leaving = true,
                Ok(Ask::Close) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if leaving || self.stops.iter().any(Stop::is_set) {
                self.keeper.close();
            }
            for message in &messages {
                self.running.retain(|(job, ..)| *job != message.job);
            }
            if let Some(home) = &self.home {
                let wishes = wishes::take(home, &mut self.wishes, |job| self.keeper.knows(job));
                messages.extend(wishes.into_iter().map(wishes::Wish::message));
            }
            let turn = self.keeper.turn(self.now(), messages)?;
            self.carry_out(turn);
            if let Some(alarms) = &mut self.alarms {
                let kept = self.jobs.iter().filter(|job| !self.keeper.is_paused(&job.name));
                alarms.look(kept, self.clock.now());
            }
        }
    }

    /// Hands over what is to be called, ends what is to be ended, and says what there is to say.
    pub fn carry_out(&mut self, turn: Turn) {
        let zone = |name: &str| self.jobs.iter().find(|job| job.name == name).map(Job::zone);
        job_words::tell(&self.console, &turn.news, zone);
        if let Some(alarms) = &mut self.alarms {
            alarms.hear(&turn.news, self.clock.now());
        }
        for order in turn.orders {
            match order {
                Order::Start { job, tick, attempt, caught_up } => self.start(&job, tick, attempt, caught_up),
                Order::Stop { job, tick, why } => {
                    let reason = if why == Why::TooLong { Reason::TimedOut } else { Reason::Interrupted };
                    let it = self.running.iter().find(|(name, at, _)| *name == job && *at == tick);
                    if let Some((_, _, stop)) = it {
                        stop.set(reason);
                    }
                }
            }
        }
    }

    fn start(&mut self, name: &str, tick: Timestamp, attempt: u32, caught_up: bool) {
        let Some(schedule) = self.jobs.iter().position(|job| job.name == name) else { return };
        let job = &self.jobs[schedule];
        self.console.detail(&job_words::started(job, tick, attempt));
        let stop = Stop::new();
        self.running.push((name.into(), tick, stop.clone()));
        let zone = job.zone().clone();
        let about = AboutJob { name: name.into(), scheduled_at: tick, zone, attempt, caught_up };
        // If nobody hears it any more, it is cut off when this ends.
        let _ = self.heard.send(Heard::Call(Box::new(Tick { schedule, about, stop })));
    }
}
