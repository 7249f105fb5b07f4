//! Excel workbooks.

mod read;
mod write;

pub use read::{Sheet, sheet};
pub use write::Book;
