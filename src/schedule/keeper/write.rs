//! A step of a job on its way into the store, and from there to whoever carries it out.

use super::super::state::State;
use super::super::step::{Action, Ending, Now, Passed, Told};
use super::told::{Message, News, Order, Turn};
use crate::store::jobs::{JobChange, TickChange, TickOutcome};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A step of a job, before it is written down.
pub(super) struct Step {
    /// The job's name.
    pub name: String,
    /// What is known of it after the step.
    pub state: State,
    /// What is to be done.
    pub actions: Vec<Action>,
    /// What it was told.
    pub messages: Vec<Message>,
}

/// What is left of ticks in a row: the first, the last and how many.
pub(super) type Cut = (Timestamp, Timestamp, u64);

impl Step {
    /// What the store is told. `cut` answers what is left of ticks in a row that a moment lies within.
    pub fn change<E>(
        &self,
        now: Now,
        cut: impl Fn(Timestamp) -> Result<Option<Cut>, E>,
    ) -> Result<JobChange, E> {
        let mut ticks = Vec::new();
        for action in &self.actions {
            ticks.extend(match action {
                Action::GoBack(to) => Some(TickChange::GoBack { to: *to, cut: cut(*to)? }),
                action => self.tick(action, now),
            });
        }
        Ok(JobChange {
            job: self.name.clone(),
            seen: self.state.seen,
            failures: self.state.failures,
            paused: self.state.paused.clone(),
            ticks,
        })
    }

    fn tick(&self, action: &Action, now: Now) -> Option<TickChange> {
        Some(match action {
            Action::Start { tick, attempt, caught_up, .. } => {
                let (tick, attempt, caught_up) = (*tick, *attempt, *caught_up);
                TickChange::Start { tick, attempt, caught_up, at: now.wall }
            }
            Action::Wait(waiting) => TickChange::Wait { tick: waiting.tick, caught_up: waiting.caught_up },
            Action::Hold(tick) => TickChange::Hold { tick: *tick },
            Action::Pass(stretch, why) => TickChange::Pass {
                first: stretch.first,
                last: stretch.last,
                count: stretch.count,
                outcome: passed(*why),
            },
            Action::End { tick, ending, .. } => TickChange::End {
                tick: *tick,
                outcome: ended(*ending),
                error: self.error(*tick),
                at: now.wall,
            },
            Action::Again { tick, .. } => TickChange::Failed { tick: *tick, error: self.error(*tick) },
            Action::Stop { .. } | Action::Pause(_) | Action::GoBack(_) => return None,
        })
    }

    /// What is to be done and said now that it is written down; `refused` are ticks that have a row of their own already
    /// and are nobody's any more. Answers what is known of the job.
    pub fn take(mut self, refused: &BTreeSet<Timestamp>, turn: &mut Turn) -> State {
        self.state.running.retain(|run| !(run.attempt == 1 && refused.contains(&run.tick)));
        self.state.waiting.retain(|waiting| !refused.contains(&waiting.tick));
        self.state.held.retain(|tick| !refused.contains(tick));
        for action in &self.actions {
            match action {
                Action::Start { tick, attempt: 1, .. } if refused.contains(tick) => {}
                action => self.tell(action, turn),
            }
        }
        self.state
    }

    fn tell(&self, action: &Action, turn: &mut Turn) {
        let job = self.name.clone();
        match action {
            Action::Start { tick, attempt, caught_up, .. } => {
                let (tick, attempt, caught_up) = (*tick, *attempt, *caught_up);
                turn.orders.push(Order::Start { job, tick, attempt, caught_up });
            }
            Action::Stop { tick, why } => turn.orders.push(Order::Stop { job, tick: *tick, why: *why }),
            Action::End { tick, ending, failures, .. } => turn.news.push(News::Ended {
                job,
                tick: *tick,
                outcome: ended(*ending),
                error: self.error(*tick),
                failures: *failures,
            }),
            Action::Again { tick, after } => {
                let (tick, after) = (*tick, *after);
                turn.news.push(News::Again { job, tick, after, error: self.error(tick) });
            }
            Action::Pass(stretch, why) => turn.news.push(News::Passed {
                job,
                first: stretch.first,
                last: stretch.last,
                count: stretch.count,
                outcome: passed(*why),
            }),
            Action::Hold(tick) => turn.news.push(News::Held { job, tick: *tick }),
            Action::Pause(why) => turn.news.push(News::Paused { job, why: why.clone() }),
            Action::GoBack(to) => turn.news.push(News::WentBack { job, to: *to }),
            Action::Wait(_) => {}
        }
    }

    /// Why the run of a tick failed.
    fn error(&self, of: Timestamp) -> Option<String> {
        let about = |message: &&Message| matches!(message.told, Told::Ended { tick, .. } if tick == of);
        self.messages.iter().find(about)?.error.clone()
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
