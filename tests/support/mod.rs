//! What several tests share.

mod binary;
mod demo;
pub mod hostile;
pub mod http;
pub mod lists;
pub mod memory_store;
pub mod program;
pub mod scripts;
pub mod sending;
mod tenant;
pub mod wire;

pub use binary::{binary, spread};
pub use demo::demo_eval;
pub use tenant::{Ended, KEY, ended, eval_at, program_at, run_at, tenant};
