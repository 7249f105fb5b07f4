//! One test binary: one file per capability.

mod cards;
mod list;
mod operators;
mod record;
mod support;
mod tape;
mod value;
mod verbs;
