//! One test binary: one file per capability.

mod catalogue;
mod client_key;
mod client_limits;
mod client_messages;
mod client_pace;
mod client_page;
mod client_race;
mod client_retry;
mod client_stop;
mod client_target;
mod client_transport;
mod golden;
mod list;
mod operators;
mod record;
mod support;
mod tape;
