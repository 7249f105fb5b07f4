//! What several tests share.

pub mod program;
