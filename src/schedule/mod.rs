//! Schedules: what people type as a time to run at, what it means, and what is to be done when.
//!
//! [`Crontab`] reads crontabs and plain words and tells the next times; everything here is pure.

pub mod changes;
pub mod crontab;
pub mod describe;
pub mod field;
pub mod length;
mod line;
pub mod lint;
mod local;
pub mod mistake;
pub mod part;
mod plain;
mod token;
pub mod zone;

pub use crontab::{Crontab, When};
pub use lint::Lint;
pub use mistake::Mistake;
