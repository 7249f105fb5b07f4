//! What several tests share.

mod demo;
pub mod hostile;
pub mod http;
mod program;
pub mod scripts;
mod tenant;
pub mod wire;

pub use demo::demo_eval;
pub use program::{binary, spread};
pub use tenant::{Ended, KEY, ended, eval_at, program_at, run_at, tenant};
