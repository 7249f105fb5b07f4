//! What several tests share.

mod demo;
pub mod hostile;
mod program;
pub mod scripts;
pub mod wire;

pub use demo::demo_eval;
pub use program::{binary, spread};
