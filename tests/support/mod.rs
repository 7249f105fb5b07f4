//! What several tests share.

pub mod lists;
pub mod scripts;
