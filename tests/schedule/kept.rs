//! Jobs in the store: what is written down before anything starts, and how a new process goes on.

use super::life::every;
use super::moment;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use vitally_script::schedule::keeper::{Keeper, Message, News, Order, Rules, Turn};
use vitally_script::schedule::step::{How, Now, Told};
use vitally_script::schedule::{Catchup, Job, Overlap};
use vitally_script::store::SqliteStore;
use vitally_script::store::jobs::{JobStore, TickOutcome, TickRow};

fn home(name: &str) -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("jobs-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&home);
    home
}

/// A process that keeps one job, on a clock of the test's own.
struct Process {
    keeper: Keeper,
    store: Arc<SqliteStore>,
    now: Now,
}

impl Process {
    fn start(home: &Path, job: Job, wall: Timestamp) -> (Process, Turn) {
        let store = Arc::new(SqliteStore::open(home).expect("a store"));
        let now = Now { wall, elapsed: Duration::ZERO };
        let (keeper, turn) =
            Keeper::open(Arc::clone(&store) as _, Rules::default(), vec![(job, "a.rhai".into())], now)
                .expect("jobs");
        (Process { keeper, store, now }, turn)
    }

    fn pass(&mut self, seconds: u64) -> Turn {
        self.now.elapsed += Duration::from_secs(seconds);
        self.now.wall += SignedDuration::from_secs(i64::try_from(seconds).expect("a number"));
        self.keeper.turn(self.now, Vec::new()).expect("a turn")
    }

    fn ended(&mut self, tick: &str, how: How, error: Option<&str>) -> Turn {
        let told = Told::Ended { tick: moment(tick), attempt: 1, how };
        let message = Message { job: "test".into(), told, error: error.map(Into::into) };
        self.keeper.turn(self.now, vec![message]).expect("a turn")
    }

    fn rows(&self) -> Vec<(String, TickOutcome, u64)> {
        rows(&self.store)
    }
}

fn rows(store: &SqliteStore) -> Vec<(String, TickOutcome, u64)> {
    let mut rows = store.ticks(Some("test"), 100).expect("rows");
    rows.reverse();
    rows.into_iter().map(|row| (row.tick.strftime("%H:%M").to_string(), row.outcome, row.count)).collect()
}

fn started(turn: &Turn) -> Vec<String> {
    let tick = |order: &Order| match order {
        Order::Start { tick, .. } => Some(tick.strftime("%H:%M").to_string()),
        Order::Stop { .. } => None,
    };
    turn.orders.iter().filter_map(tick).collect()
}

fn row(at: &str, outcome: TickOutcome) -> (String, TickOutcome, u64) {
    (at.into(), outcome, 1)
}

const START: &str = "2026-11-25T06:00:00Z";

#[test]
fn a_tick_is_written_down_before_it_starts_and_when_it_ended() {
    let home = home("story");
    let (mut process, turn) = Process::start(&home, every("10m"), moment(START));
    assert!(turn.orders.is_empty());
    assert_eq!(process.keeper.rest(process.now), Duration::from_secs(30), "the clock is looked at anyway");
    assert_eq!(started(&process.pass(600)), ["06:10"]);
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Running)]);
    let turn = process.ended("2026-11-25T06:10:00Z", How::Failed, Some("no such account"));
    assert!(matches!(&turn.news[..], [News::Ended { failures: (0, 1), .. }]), "{turn:?}");
    let kept: Vec<TickRow> = process.store.ticks(None, 10).expect("rows");
    assert_eq!(kept[0].outcome, TickOutcome::Failed);
    assert_eq!(kept[0].error.as_deref(), Some("no such account"));
    assert_eq!(kept[0].started, Some(moment("2026-11-25T06:10:00Z")));
    assert_eq!(process.store.jobs().expect("jobs")[0].failures, 1);
}

#[test]
fn a_crash_after_the_claim_starts_nothing_twice() {
    let home = home("crash");
    let (mut process, _) = Process::start(&home, every("10m"), moment(START));
    process.pass(600);
    drop(process);
    let (process, turn) = Process::start(&home, every("10m"), moment("2026-11-25T06:10:30Z"));
    assert!(turn.orders.is_empty(), "{turn:?}");
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Interrupted)]);
    assert_eq!(process.store.jobs().expect("jobs")[0].first_seen, moment(START));
}

#[test]
fn a_run_that_was_cut_off_is_tried_again_if_asked_for() {
    let home = home("again");
    let job = || Job { retries: 1, ..every("10m") };
    let (mut process, _) = Process::start(&home, job(), moment(START));
    process.pass(600);
    drop(process);
    let (mut process, turn) = Process::start(&home, job(), moment("2026-11-25T06:10:30Z"));
    assert!(matches!(&turn.news[..], [News::Again { .. }]), "{turn:?}");
    let turn = process.pass(2);
    assert!(matches!(&turn.orders[..], [Order::Start { attempt: 2, .. }]), "{turn:?}");
}

#[test]
fn what_was_missed_is_caught_up_by_the_next_process() {
    let home = home("missed");
    drop(Process::start(&home, every("10m"), moment(START)));
    let (process, turn) = Process::start(&home, every("10m"), moment("2026-11-25T07:05:00Z"));
    assert_eq!(started(&turn), ["07:00"]);
    assert_eq!(
        process.rows(),
        [("06:10".into(), TickOutcome::Missed, 5), row("07:00", TickOutcome::Running)]
    );
}

#[test]
fn what_waited_is_started_by_the_next_process() {
    let home = home("waiting");
    let job = || Job { overlap: Overlap::QueueOne, timeout: Duration::from_secs(9_000), ..every("10m") };
    let (mut process, _) = Process::start(&home, job(), moment(START));
    process.pass(600);
    process.pass(600);
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Running), row("06:20", TickOutcome::Waiting)]);
    drop(process);
    let (process, turn) = Process::start(&home, job(), moment("2026-11-25T06:21:00Z"));
    assert_eq!(started(&turn), ["06:20"]);
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Interrupted), row("06:20", TickOutcome::Running)]);
}

#[test]
fn a_process_that_ends_writes_down_what_it_cut_off() {
    let home = home("close");
    let (mut process, _) = Process::start(&home, every("10m"), moment(START));
    process.pass(600);
    process.keeper.close();
    assert!(process.pass(300).orders.is_empty());
    process.ended("2026-11-25T06:10:00Z", How::Stopped, None);
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Interrupted)]);
    assert!(!process.keeper.running());
}

#[test]
fn another_schedule_counts_from_now_on() {
    let home = home("other");
    drop(Process::start(&home, every("10m"), moment(START)));
    let (process, turn) = Process::start(&home, every("7m"), moment("2026-11-25T08:00:00Z"));
    assert!(turn.orders.is_empty() && process.rows().is_empty());
    let row = &process.store.jobs().expect("jobs")[0];
    assert_eq!((row.about.schedule.as_str(), row.seen), ("every 7 minutes", moment("2026-11-25T08:00:00Z")));
}

#[test]
fn a_pause_is_kept() {
    let home = home("pause");
    let (mut process, _) = Process::start(&home, every("10m"), moment(START));
    let pause = Message { job: "test".into(), told: Told::Pause("by hand".into()), error: None };
    process.keeper.turn(process.now, vec![pause]).expect("a turn");
    drop(process);
    let (mut process, _) = Process::start(&home, every("10m"), moment("2026-11-25T06:05:00Z"));
    assert!(process.pass(300).orders.is_empty());
    assert_eq!(process.rows(), [row("06:10", TickOutcome::SkippedPaused)]);
}

#[test]
fn a_clock_that_is_set_back_forgets_what_never_ran_and_cuts_ticks_in_a_row() {
    let home = home("back");
    let job = || Job { catchup: Catchup::None, ..every("10m") };
    let (mut process, _) = Process::start(&home, job(), moment(START));
    process.now.wall += SignedDuration::from_hours(24);
    process.pass(300);
    assert_eq!(process.rows(), [("06:10".into(), TickOutcome::Missed, 144)]);
    process.now.wall -= SignedDuration::from_hours(23);
    let turn = process.pass(0);
    assert!(matches!(&turn.news[..], [News::WentBack { .. }]), "{turn:?}");
    assert_eq!(process.rows(), [("06:10".into(), TickOutcome::Missed, 6)], "07:05 is reached");
    assert_eq!(started(&process.pass(300)), ["07:10"]);
}

#[test]
fn a_tick_that_has_a_row_is_nobodys() {
    let home = home("refused");
    let (mut process, _) = Process::start(&home, every("10m"), moment(START));
    process.pass(600);
    process.ended("2026-11-25T06:10:00Z", How::Well, None);
    // Another keeper that thinks it is earlier, as after a restored state: the store has the last word.
    let earlier = Now { wall: moment("2026-11-25T06:05:00Z"), elapsed: Duration::ZERO };
    let change = vitally_script::store::jobs::JobChange {
        job: "test".into(),
        seen: earlier.wall,
        failures: 0,
        paused: None,
        ticks: vec![vitally_script::store::jobs::TickChange::Start {
            tick: moment("2026-11-25T06:10:00Z"),
            attempt: 1,
            caught_up: false,
            at: earlier.wall,
        }],
    };
    let refused = process.store.keep(&[change]).expect("kept");
    assert_eq!(refused, [(0, moment("2026-11-25T06:10:00Z"))]);
    assert_eq!(process.rows(), [row("06:10", TickOutcome::Ok)]);
}

#[test]
fn old_ticks_are_forgotten_but_a_hundred_of_each_job_stay() {
    let home = home("forget");
    let (mut process, _) = Process::start(&home, every("1h"), moment(START));
    for _ in 0..150 {
        let turn = process.pass(3600);
        let tick = started(&turn);
        assert_eq!(tick.len(), 1);
        let Order::Start { tick, .. } = &turn.orders[0] else { panic!("{turn:?}") };
        process.ended(&tick.to_string(), How::Well, None);
    }
    let all = |process: &Process| process.store.ticks(Some("test"), 1000).expect("rows").len();
    assert_eq!(all(&process), 150);
    process.store.forget(process.now.wall + SignedDuration::from_hours(1)).expect("forgotten");
    assert_eq!(all(&process), 100);
}

#[test]
fn where_one_may_run_the_others_wait_for_their_turn() {
    let home = home("one");
    let store = Arc::new(SqliteStore::open(&home).expect("a store"));
    let job = |name: &str| Job { name: name.into(), ..every("10m") };
    let jobs = || ["c", "a", "b"].map(|name| (job(name), "a.rhai".to_string())).to_vec();
    let rules = Rules { most_running: 1, ..Rules::default() };
    let now = |seconds: u64| Now {
        wall: moment(START) + Duration::from_secs(seconds),
        elapsed: Duration::from_secs(seconds),
    };
    let (mut keeper, _) = Keeper::open(Arc::clone(&store) as _, rules, jobs(), now(0)).expect("jobs");
    let names = |turn: &Turn| -> Vec<String> {
        let name = |order: &Order| match order {
            Order::Start { job, .. } | Order::Stop { job, .. } => job.clone(),
        };
        turn.orders.iter().map(name).collect()
    };
    let ended = |job: &str| Message {
        job: job.into(),
        told: Told::Ended { tick: moment("2026-11-25T06:10:00Z"), attempt: 1, how: How::Well },
        error: None,
    };
    assert_eq!(names(&keeper.turn(now(600), Vec::new()).expect("a turn")), ["a"]);
    assert_eq!(keeper.rest(now(600)), Duration::from_secs(30), "nothing is to be done while it runs");
    assert_eq!(names(&keeper.turn(now(601), vec![ended("a")]).expect("a turn")), ["b"]);
    assert_eq!(names(&keeper.turn(now(602), vec![ended("b")]).expect("a turn")), ["c"]);
    assert_eq!(names(&keeper.turn(now(603), vec![ended("c")]).expect("a turn")), [""; 0]);
    let outcomes = store.ticks(None, 10).expect("rows").into_iter().map(|row| row.outcome);
    assert!(outcomes.eq([TickOutcome::Ok; 3]));
}

#[test]
fn many_missed_ticks_of_several_jobs_are_held_together() {
    let home = home("held");
    let store = Arc::new(SqliteStore::open(&home).expect("a store"));
    let jobs = || {
        ["a", "b", "c"].map(|name| (Job { name: name.into(), ..every("10m") }, "a.rhai".to_string())).to_vec()
    };
    let rules = || Rules { most_caught_up: 2, ..Rules::default() };
    let open = |wall: &str| {
        let now = Now { wall: moment(wall), elapsed: Duration::ZERO };
        Keeper::open(Arc::clone(&store) as _, rules(), jobs(), now).expect("jobs").1
    };
    open(START);
    let turn = open("2026-11-25T07:05:00Z");
    assert!(turn.orders.is_empty(), "{turn:?}");
    assert_eq!(turn.news.iter().filter(|news| matches!(news, News::Held { .. })).count(), 3);
    let other = Rules { kept_by: "b.rhai".into(), ..Rules::default() };
    let now = Now { wall: moment("2026-11-25T07:06:00Z"), elapsed: Duration::ZERO };
    Keeper::open(Arc::clone(&store) as _, other, Vec::new(), now).expect("jobs");
    assert_eq!(store.open_ticks("a").expect("rows").len(), 1, "jobs of others are left alone");
}
