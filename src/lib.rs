//! vitally-script: small scripts for Vitally. Read `docs/architecture.md` first.

pub mod catalogue;
pub mod cli;
pub mod client;
pub mod clock;
pub mod command;
pub mod cookbook;
pub mod error;
pub mod exit;
pub mod files;
pub mod gate;
pub mod hash;
pub mod hooks;
pub mod mail;
pub mod memory;
pub mod reference;
pub mod repl;
pub mod report;
pub mod schedule;
pub mod script;
pub mod settings;
pub mod show;
pub mod simulator;
pub mod stop;
pub mod store;
pub mod tape;
pub mod web;
