//! Hooks: what happens in Vitally, seen by polling, handed to the functions that scripts gave to `on(…)`.

pub mod content;
pub mod detect;
pub mod dispatch;
pub mod poll;
pub mod rules;
pub mod source;
pub mod stream;
pub mod sweep;

pub use poll::{Poller, Round};
pub use rules::Rules;
