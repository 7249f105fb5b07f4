//! What is done once in a while.

use std::time::{Duration, Instant};
use vitally_script::pulse::Pulse;

#[test]
fn a_pulse_beats_at_once_and_then_only_after_its_time() {
    let start = Instant::now();
    let at = |ms: u64| start + Duration::from_millis(ms);
    let mut pulse = Pulse::new(Duration::from_millis(800));
    let beats = [0, 1, 799, 800, 1500, 1600, 9000].map(|ms| pulse.beats(at(ms)));
    assert_eq!(beats, [true, false, false, true, false, true, true]);
}
