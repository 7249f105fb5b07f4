//! Schedules: what people type as a time to run at, what it means, and what is to be done when.
//!
//! [`Crontab`] reads crontabs and plain words and tells the next times; [`step::step`] decides what is to be done for a
//! job. Everything here is pure: it is told the time, and writes nothing.

pub mod changes;
pub mod crontab;
pub mod describe;
pub mod due;
pub mod field;
pub mod job;
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
pub mod zone;

pub use crontab::{Crontab, When};
pub use job::{Catchup, Job, Overlap};
pub use lint::Lint;
pub use mistake::Mistake;
