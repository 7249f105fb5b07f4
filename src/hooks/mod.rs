//! Hooks: what happens in Vitally, seen by polling, handed to the functions that scripts gave to `on(…)`.

pub mod board;
pub mod content;
pub mod detect;
pub mod dispatch;
pub mod listed;
pub mod listen;
pub mod own;
pub mod poll;
pub mod requests;
pub mod rules;
pub mod source;
pub mod stream;
pub mod sweep;
pub mod vitally;
pub mod watcher;
pub mod way;
pub mod words;

pub use poll::{Poller, Round};
pub use rules::Rules;
