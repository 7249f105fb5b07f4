//! What several tests share.

pub mod again;
pub mod alike;
pub mod authority;
mod binary;
pub mod cast;
mod demo;
pub mod desk;
pub mod editor;
pub mod encodings;
pub mod host;
pub mod hostile;
pub mod http;
pub mod journal;
mod judge;
pub mod lists;
pub mod memory_store;
pub mod overlay;
pub mod program;
pub mod reads;
pub mod scripts;
pub mod secure;
pub mod sending;
pub mod smtp;
mod tenant;
pub mod twin;
pub mod wire;

pub use binary::{NOW, binary, spread};
pub use demo::demo_eval;
pub use host::host;
pub use judge::{error_at, seen};
pub use tenant::{Ended, KEY, ended, eval_at, program_at, run_at, tenant, tenant_of, tenant_where};

/// Whoever reads the README to write it anew holds this.
pub static README_IN_USE: std::sync::Mutex<()> = std::sync::Mutex::new(());
