//! One test binary: one file per capability.

mod list;
mod operators;
mod record;
mod support;
mod tape;
