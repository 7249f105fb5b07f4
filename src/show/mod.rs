//! Plain data as people see it: tables and cards that fit a width. Pure: nothing is printed here.

mod bars;
mod brief;
mod card;
mod cell;
mod pick;
mod records;
mod table;
mod width;
mod wrap;

pub use bars::{Bar, bars, spark};
pub use brief::{brief, brief_cell};
pub use card::card;
pub use cell::cell;
pub use pick::{VALUE, pick};
pub use records::{arrange, record_card};
pub use table::table;
pub use width::{cut, width_of};
pub use wrap::{fit, hanging, listing, wrap};
