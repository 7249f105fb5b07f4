//! Schedules: what people type as a time to run at, what it means, and what is to be done when.
//!
//! [`Crontab`] reads crontabs and plain words and tells the next times; [`step::step`] decides what is to be done for a
//! job; both are pure. [`keeper::Keeper`] takes those steps and writes them into the store.

mod action;
pub mod changes;
pub mod crontab;
pub mod describe;
pub mod due;
pub mod field;
pub mod job;
pub mod keeper;
pub mod length;
mod line;
pub mod lint;
mod local;
pub mod mistake;
mod mix;
pub mod part;
mod plain;
pub mod state;
pub mod step;
mod token;
pub mod watch;
pub mod zone;

pub use crontab::{Crontab, When};
pub use job::{Catchup, Job, Overlap};
pub use lint::Lint;
pub use mistake::Mistake;
