//! What a person types line by line: where lines come from, and what helps while typing. Nothing here asks Vitally.

pub mod complete;
pub mod cursor;
pub mod editor;
pub mod hidden;
pub mod hint;
pub mod indent;
pub mod line;
pub mod meta;
pub mod names;
pub mod paint;
pub mod plain;
pub mod prompt;
pub mod receiver;
pub mod records;
pub mod saved;
pub mod secret;
pub mod tidy;
pub mod transcript;
