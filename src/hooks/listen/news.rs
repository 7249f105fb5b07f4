//! What a person is told while it listens: how rounds went, what is held, and who has not been read for long.

use super::super::board::News;
use super::super::source::{Trouble, TroubleKind};
use super::super::words::{held_words, plural_of};
use super::Listener;
use crate::error::Error;
use crate::store::hooks::{Choice, DeliveryState};
use std::time::Duration;

/// After so many intervals without success a person is told.
const PATIENCE: u32 = 3;

impl Listener {
    /// Tells what the threads told; answers whether that was anything.
    pub(super) fn tell_news(&mut self) -> Result<bool, Error> {
        let news = std::mem::take(&mut self.board.state().news);
        let is_any = !news.is_empty();
        for news in news {
            match news {
                News::Round(object, round) => {
                    if let Some(notice) = &round.notice {
                        self.words.warn(&format!("{notice}; everything was walked instead"));
                    }
                    if round.baseline {
                        self.words.say(&format!(
                            "{}: looked at how things stand; what happens from now on is handled",
                            plural_of(object)
                        ));
                    }
                    if round.promoted.held > 0 {
                        self.held(object, round.promoted.held)?;
                    }
                }
                News::Failed(object, trouble) => {
                    let line = format!("{} could not be read: {}", plural_of(object), trouble.message);
                    if trouble.kind == TroubleKind::Login {
                        self.words.warn(&line);
                    } else {
                        self.words.detail(&line);
                    }
                }
            }
        }
        self.watch_over();
        Ok(is_any)
    }

    /// Too many at once: a person decides.
    fn held(&self, object: &str, count: u64) -> Result<(), Error> {
        let brake = self.options.rules.brake.unwrap_or_default();
        let line = held_words(object, count, brake);
        if self.options.can_ask && self.words.ask(&format!("{line}. Handle them all?")) {
            let choice = Choice { states: vec![DeliveryState::Held], ..Choice::default() };
            self.kept()?.store.release(&choice)?;
            return Ok(());
        }
        self.words.warn(&format!("{line}; they are held until: vitally-script events release"));
        Ok(())
    }

    /// Reports pollers that have not got on for long, and that they get on again.
    fn watch_over(&self) {
        let (mut late_ones, mut well_again) = (Vec::new(), Vec::new());
        for (object, standing) in &mut self.board.state().pollers {
            let silent = standing.well.elapsed();
            let late = silent > standing.every.saturating_mul(PATIENCE).max(Duration::from_secs(1));
            match (&standing.trouble, standing.told) {
                (Some(trouble), false) if late => {
                    standing.told = true;
                    late_ones.push(format!(
                        "{} have not been read for {} s: {}. It goes on trying",
                        plural_of(object),
                        silent.as_secs(),
                        trouble.message
                    ));
                }
                (None, true) => {
                    standing.told = false;
                    well_again.push(format!("{} are read again", plural_of(object)));
                }
                _ => {}
            }
        }
        // The board is free again: a terminal that takes no words must not hold up who rings its bell.
        for line in late_ones {
            self.words.warn(&line);
        }
        for line in well_again {
            self.words.say(&line);
        }
    }

    /// Whether every thread has ended, and the trouble of one that failed.
    pub(super) fn all_over(&self) -> (bool, Option<Trouble>) {
        let state = self.board.state();
        let over = state.pollers.values().all(|standing| standing.over);
        (over, state.pollers.values().find_map(|standing| standing.trouble.clone()))
    }
}
