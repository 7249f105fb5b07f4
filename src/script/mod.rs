//! The Rhai side: the engine, the values scripts hold, and the functions they call. Knows nothing of HTTP.

pub mod raise;
