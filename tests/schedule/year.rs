//! A year of a thousand jobs, by hand: `cargo test --release --test all schedule::year -- --ignored --nocapture`.

use super::{moment, zone};
use jiff::SignedDuration;
use std::time::{Duration, Instant};
use vitally_script::schedule::state::State;
use vitally_script::schedule::step::{Action, How, Now, Told, step, wake};
use vitally_script::schedule::{Crontab, Job};

const SCHEDULES: [&str; 8] = [
    "0 6 * * MON-FRI",
    "weekdays at 06:00",
    "30 2 * * *",
    "0 */4 * * *",
    "15 9 1,15 * *",
    "every monday at 9am",
    "every 6h",
    "0 0 1 * *",
];
const ZONES: [&str; 5] = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

#[test]
#[ignore = "a figure for docs/reliability.md"]
fn a_thousand_jobs_live_a_year() {
    let (start, end) = (moment("2026-01-01T00:00:00Z"), moment("2027-01-01T00:00:00Z"));
    let began = Instant::now();
    let (mut ran, mut planned, mut steps) = (0u64, 0u64, 0u64);
    for number in 0..1000 {
        let crontab = Crontab::parse(SCHEDULES[number % SCHEDULES.len()]).expect("a schedule");
        let job = Job::new(&format!("job {number}"), crontab, zone(ZONES[number % ZONES.len()]));
        planned += job.crontab.upcoming(start, &job.zone).take_while(|tick| *tick <= end).count() as u64;
        let (mut state, mut now) = (State::new(&job, start), Now { wall: start, elapsed: Duration::ZERO });
        while let Some(tick) = wake(&job, &state).0.filter(|tick| *tick <= end) {
            now.elapsed += Duration::try_from(tick.duration_since(now.wall)).expect("forward");
            now.wall = tick;
            let (next, actions) = step(&job, state, now, &[]);
            state = next;
            for action in actions {
                let Action::Start { tick, attempt, .. } = action else { panic!("{action:?}") };
                now.wall += SignedDuration::from_secs(1);
                now.elapsed += Duration::from_secs(1);
                let (next, _) = step(&job, state, now, &[Told::Ended { tick, attempt, how: How::Well }]);
                state = next;
                ran += 1;
            }
            steps += 2;
        }
    }
    let took = began.elapsed();
    println!("1,000 jobs, a year: {ran} runs in {steps} steps, {:.2} s", took.as_secs_f64());
    assert_eq!(ran, planned, "every time has run once");
}
