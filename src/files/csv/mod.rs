//! Tables as CSV, as people and spreadsheets really write it.

mod decode;
mod delimiter;
mod read;
mod write;

pub use read::{Csv, Options, Row};
pub use write::CsvTable;
