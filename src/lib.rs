//! vitally-script: small scripts for Vitally. Read `docs/architecture.md` first.

pub mod catalogue;
pub mod client;
pub mod error;
pub mod exit;
pub mod script;
pub mod stop;
