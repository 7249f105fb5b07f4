//! One test binary: one file per capability.

mod cli;
mod program;
mod report;
mod rows;
mod settings;
mod settings_files;
mod show;
mod support;
