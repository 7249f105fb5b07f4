//! Numbers that look like chance and are the same after a restart.

use jiff::Timestamp;

/// A number made from a job's name, a tick and one more number (FNV-1a, then the last steps of `splitmix64`).
pub fn mixed(name: &str, tick: Timestamp, more: u64) -> u64 {
    let bytes = name.bytes().chain(tick.as_second().to_le_bytes()).chain(more.to_le_bytes());
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let sum = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let sum = (sum ^ (sum >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    sum ^ (sum >> 31)
}
