//! What several tests share.

mod binary;
mod demo;
mod host;
pub mod hostile;
pub mod http;
pub mod journal;
mod judge;
pub mod lists;
pub mod memory_store;
pub mod program;
pub mod scripts;
pub mod sending;
mod tenant;
pub mod wire;

pub use binary::{binary, spread};
pub use demo::demo_eval;
pub use host::host;
pub use judge::{error_at, seen};
pub use tenant::{Ended, KEY, ended, eval_at, program_at, run_at, tenant};
