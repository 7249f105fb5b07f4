//! Plain data as people see it: tables and cards that fit a width. Pure: nothing is printed here.

mod card;
mod cell;
mod pick;
mod table;
mod width;

pub use card::card;
pub use cell::cell;
pub use pick::{VALUE, pick};
pub use table::table;
pub use width::{cut, width_of};
