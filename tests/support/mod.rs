//! What several tests share.

pub mod hostile;
pub mod wire;
