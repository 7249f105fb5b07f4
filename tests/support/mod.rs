//! What several tests share.

pub mod scripts;
