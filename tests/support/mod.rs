//! What several tests share.

pub mod again;
mod binary;
mod demo;
pub mod hostile;
pub mod http;
pub mod journal;
pub mod lists;
pub mod program;
pub mod scripts;
mod tenant;
pub mod wire;

pub use binary::{binary, spread};
pub use demo::demo_eval;
pub use tenant::{Ended, KEY, ended, eval_at, program_at, run_at, tenant};
