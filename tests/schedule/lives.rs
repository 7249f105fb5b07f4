//! Random lives of jobs: slow runs, failures, crashes at every point, clocks that are set, machines that sleep. Each tick
//! has exactly one row, and none starts twice.

use super::life::{Fate, Life, every, job};
use super::{moment, zone};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use vitally_script::schedule::step::{Action, Ending, How, Passed, Told, step};
use vitally_script::schedule::{Catchup, Job, Overlap};

const SCHEDULES: &[&str] = &[
    "* * * * *",
    "*/5 * * * *",
    "*/7 9-17 * * *",
    "0 * * * *",
    "30 1,2 * * *",
    "0 6 * * MON-FRI",
    "0 0 13 * FRI",
    "*/30 * * * * *",
    "weekdays at 8:30 and 17:00",
];
const ZONES: &[&str] = &["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo"];
const STARTS: &[&str] =
    &["2026-03-07T20:00:00Z", "2026-10-31T20:00:00Z", "2026-10-24T12:00:00Z", "2026-04-23T12:00:00Z"];

fn random_job(rng: &mut Rng) -> Job {
    let base = if rng.u8(0..4) == 0 { every("7m") } else { job(SCHEDULES[rng.usize(..SCHEDULES.len())]) };
    Job {
        zone: zone(ZONES[rng.usize(..ZONES.len())]),
        overlap: Overlap::WORDS[rng.usize(..Overlap::WORDS.len())].1,
        catchup: Catchup::WORDS[rng.usize(..Catchup::WORDS.len())].1,
        catchup_window: SignedDuration::from_secs(rng.i64(10..200_000)),
        max_running: rng.usize(1..4),
        jitter: Duration::from_secs(if rng.bool() { 0 } else { rng.u64(1..400) }),
        timeout: Duration::from_secs(rng.u64(5..1200)),
        retries: rng.u32(0..3),
        pause_after_failures: if rng.u8(0..3) == 0 { Some(rng.u32(1..4)) } else { None },
        ..base
    }
}

/// A life, and the scripts that run in the present process: when each ends and how.
struct World {
    life: Life,
    running: BTreeMap<(Timestamp, u32), (Duration, How)>,
    clock_went_back: bool,
}

impl World {
    fn act(&mut self, rng: &mut Rng, actions: &[Action]) {
        for action in actions {
            match action {
                Action::Start { tick, attempt, .. } => {
                    let length = Duration::from_secs(rng.u64(0..900));
                    let how = if rng.u8(0..4) == 0 { How::Failed } else { How::Well };
                    let before =
                        self.running.insert((*tick, *attempt), (self.life.now.elapsed + length, how));
                    assert!(before.is_none(), "{tick} try {attempt} is started twice");
                }
                Action::Stop { tick, .. } => {
                    let now = self.life.now.elapsed + Duration::from_secs(rng.u64(0..3));
                    for (run, end) in &mut self.running {
                        if run.0 == *tick {
                            *end = (now, How::Stopped);
                        }
                    }
                }
                _ => {}
            }
        }
        let limit = match self.life.job.overlap {
            Overlap::Allow => self.life.job.max_running,
            _ => 1,
        };
        assert!(self.running.len() <= limit, "{} run at once", self.running.len());
    }

    /// What ended since the last step.
    fn told(&mut self) -> Vec<Told> {
        let now = self.life.now.elapsed;
        let ended: Vec<_> =
            self.running.iter().filter(|(_, end)| end.0 <= now).map(|(run, end)| (*run, end.1)).collect();
        for (run, _) in &ended {
            self.running.remove(run);
        }
        ended.into_iter().map(|((tick, attempt), how)| Told::Ended { tick, attempt, how }).collect()
    }

    /// The process ends here and now; what it had not written down is gone, and so are its scripts.
    fn crash(&mut self, rng: &mut Rng) {
        if rng.bool() {
            // In the middle of a step: either nothing of it was written down, or all of it but nothing was started.
            let told = self.told();
            if rng.bool() {
                let _lost = step(&self.life.job, self.life.state.clone(), self.life.now, &told);
            } else {
                self.life.step(&told);
            }
        }
        self.running.clear();
        self.life.pass([0, 5, 600, 40_000][rng.usize(..4)]);
        let actions = self.life.restart();
        self.act(rng, &actions);
    }
}

/// Lives one life and answers how many ticks it had.
fn live(seed: u64) -> u64 {
    let mut rng = Rng::with_seed(seed);
    let job = random_job(&mut rng);
    let start = moment(STARTS[rng.usize(..STARTS.len())]);
    let mut world = World { life: Life::new(job, start), running: BTreeMap::new(), clock_went_back: false };
    for _ in 0..120 {
        let ends =
            world.running.values().map(|(end, _)| end.saturating_sub(world.life.now.elapsed).as_secs());
        let soonest = ends.min().and_then(|end| i64::try_from(end).ok()).unwrap_or(30_000);
        match rng.u8(0..24) {
            0 => world.crash(&mut rng),
            1 => world.life.set_clock(rng.i64(0..100_000)),
            2 => {
                let back = if rng.bool() { rng.i64(0..10_000) } else { rng.i64(0..100_000) };
                world.life.set_clock(-back);
                world.clock_went_back = true;
            }
            3 => {
                let told = if rng.bool() { Told::Resume } else { Told::Pause("by hand".into()) };
                let actions = world.life.step(&[told]);
                world.act(&mut rng, &actions);
            }
            _ => {
                let wake = world.life.until_wake(30_000);
                world.life.pass(if rng.u8(0..5) == 0 { rng.i64(1..2_000) } else { wake.min(soonest.max(1)) });
            }
        }
        let told = world.told();
        let actions = world.life.step(&told);
        world.act(&mut rng, &actions);
    }
    check(seed, &world, start)
}

/// Every tick from the first moment up to the last that was seen has one row, and no row is for anything else.
fn check(seed: u64, world: &World, start: Timestamp) -> u64 {
    let life = &world.life;
    let text = &life.job.crontab.text;
    let highest = life.rows.values().map(|row| row.last).max().unwrap_or(start).max(life.state.seen);
    let mut rows = life.rows.iter().peekable();
    let mut left = 0;
    let mut ticks = 0;
    let first = if world.clock_went_back {
        rows.peek().map_or(start, |(first, _)| start.min(**first))
    } else {
        start
    };
    // A clock that was set back before the beginning brings ticks that lie before it.
    let from =
        if world.clock_went_back && first <= start { first - SignedDuration::from_secs(1) } else { start };
    for tick in life.job.crontab.upcoming(from, &life.job.zone).take_while(|tick| *tick <= highest) {
        if left > 0 {
            left -= 1;
            ticks += 1;
            continue;
        }
        match rows.peek() {
            Some((first, row)) if **first == tick => {
                left = row.count - 1;
                ticks += 1;
                let one = matches!(row.fate, Fate::Passed(_)) || row.count == 1;
                assert!(one, "seed {seed}: \"{text}\": {row:?}");
                rows.next();
            }
            // Under a wrong clock that was set back, ticks to come have no rows yet.
            _ => assert!(
                tick > life.state.seen || tick <= start,
                "seed {seed}: \"{text}\": {tick} has no row, seen up to {}, next {:?}",
                life.state.seen,
                rows.peek()
            ),
        }
    }
    assert_eq!(rows.next(), None, "seed {seed}: \"{text}\": a row for no tick");
    for (tick, row) in &life.rows {
        let known = life.state.running.iter().any(|run| run.tick == *tick);
        let waits = life.state.waiting.iter().any(|waiting| waiting.tick == *tick);
        assert_eq!(matches!(row.fate, Fate::Running(_)), known, "seed {seed}: {tick} {row:?}");
        assert_eq!(matches!(row.fate, Fate::Waiting), waits, "seed {seed}: {tick} {row:?}");
    }
    ticks
}

#[test]
fn every_tick_has_exactly_one_row_whatever_happens() {
    let from = std::env::var("SCHEDULE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let count = std::env::var("SCHEDULE_LIVES").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let ticks: u64 = (from..from + count).map(live).sum();
    assert!(ticks > 50 * count, "only {ticks} ticks in {count} lives");
}

#[test]
fn a_year_without_trouble_runs_every_tick() {
    for (text, zone_name) in [
        ("0 6 * * MON-FRI", "America/New_York"),
        ("30 1,2 * * *", "Europe/London"),
        ("0 */3 * * *", "Africa/Cairo"),
    ] {
        let start = moment("2026-01-01T00:00:00Z");
        let end = moment("2027-01-01T00:00:00Z");
        let mut life = Life::new(Job { zone: zone(zone_name), ..job(text) }, start);
        while life.now.wall < end {
            let actions = life.step(&[]);
            if actions.iter().any(|action| matches!(action, Action::Start { .. })) {
                let ended = life.ended(How::Well);
                life.step(&[ended]);
            }
            let wake = life.until_wake(40_000);
            life.pass(wake);
        }
        let planned: Vec<Timestamp> =
            life.job.crontab.upcoming(start, &life.job.zone).take_while(|tick| *tick < end).collect();
        let ran: Vec<Timestamp> = life
            .rows
            .iter()
            .filter(|(_, row)| row.fate == Fate::Ended(Ending::Ok))
            .map(|(tick, _)| *tick)
            .collect();
        assert_eq!(ran, planned, "\"{text}\" in {zone_name}");
        assert!(
            planned.len() > 200 && !life.rows.values().any(|row| row.fate == Fate::Passed(Passed::Missed))
        );
    }
}
