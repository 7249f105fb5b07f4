//! The program at a terminal: questions, colours, width, Ctrl-C, the line about progress.

mod asking;
mod colors;
mod csv_fix;
mod dialogue;
mod events;
mod indent;
mod init;
mod interrupts;
mod plans;
mod progress;
mod questions;
mod terminal;
mod width;
