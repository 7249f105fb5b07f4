//! What the threads that poll tell the one that handles events.

use super::poll::Round;
use super::source::Trouble;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where every poller stands, and a bell that rings when something changes.
#[derive(Default)]
pub struct Board {
    state: Mutex<State>,
    bell: Condvar,
}

/// Where every poller stands.
#[derive(Default)]
pub struct State {
    /// By object.
    pub pollers: BTreeMap<&'static str, Standing>,
    /// What is to be told to a person, in order.
    pub news: Vec<News>,
    /// Whether the bell rang since somebody waited for it.
    rung: bool,
}

/// Where one poller stands.
#[derive(Debug)]
pub struct Standing {
    /// How often it looks.
    pub every: Duration,
    /// When it last read its lists whole, or began.
    pub well: Instant,
    /// What is the matter since then.
    pub trouble: Option<Trouble>,
    /// Whether a person was told that it does not get on.
    pub told: bool,
    /// Whether it looked at least once since it began.
    pub looked: bool,
    /// Whether it has nothing left to do.
    pub over: bool,
}

/// Something to be told.
#[derive(Debug)]
pub enum News {
    /// A round ended.
    Round(&'static str, Round),
    /// A round failed.
    Failed(&'static str, Trouble),
}

impl Board {
    /// What stands on it.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a poller that begins.
    pub fn begin(&self, object: &'static str, every: Duration) {
        let well = Instant::now();
        let standing = Standing { every, well, trouble: None, told: false, looked: false, over: false };
        self.state().pollers.insert(object, standing);
    }

    /// Notes how a round ended.
    pub fn note(&self, object: &'static str, result: Result<Round, Trouble>) {
        let mut state = self.state();
        let news = match result {
            Ok(round) => {
                if let Some(standing) = state.pollers.get_mut(object) {
                    (standing.well, standing.trouble, standing.looked) = (Instant::now(), None, true);
                }
                News::Round(object, round)
            }
            Err(trouble) => {
                if let Some(standing) = state.pollers.get_mut(object) {
                    (standing.trouble, standing.looked) = (Some(trouble.clone()), true);
                }
                News::Failed(object, trouble)
            }
        };
        state.news.push(news);
        self.bell.notify_all();
    }

    /// Notes that a poller has nothing left to do.
    pub fn over(&self, object: &'static str) {
        if let Some(standing) = self.state().pollers.get_mut(object) {
            standing.over = true;
        }
        self.ring();
    }

    /// Wakes whoever waits, or will wait next.
    pub fn ring(&self) {
        self.state().rung = true;
        self.bell.notify_all();
    }

    /// Waits for news or the bell, but not longer than this.
    pub fn wait(&self, most: Duration) {
        let quiet = |state: &mut State| state.news.is_empty() && !state.rung;
        let waited = self.bell.wait_timeout_while(self.state(), most, quiet);
        waited.unwrap_or_else(PoisonError::into_inner).0.rung = false;
    }
}
