//! One test binary: one file per capability.

mod cards;
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
mod cookbook;
mod endings;
mod golden;
mod imports;
mod list;
mod one_door;
mod operators;
mod record;
mod simulator_catalogue;
mod support;
mod tape;
mod value;
mod verbs;
