//! How much memory the process holds: one counter beside the system's allocator.

use cap::Cap;
use std::alloc::System;

#[global_allocator]
static COUNTED: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes allocated and not yet freed.
pub fn held() -> usize {
    COUNTED.allocated()
}
