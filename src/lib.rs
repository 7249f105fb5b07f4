//! vitally-script: small scripts for Vitally. Read `docs/architecture.md` first.

pub mod catalogue;
pub mod client;
pub mod clock;
pub mod error;
pub mod exit;
pub mod gate;
pub mod memory;
pub mod reference;
pub mod script;
pub mod show;
pub mod simulator;
pub mod stop;
pub mod tape;
