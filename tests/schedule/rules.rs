//! Each rule by which jobs run, as a small story.

use super::life::{Life, every, job, words};
use super::{moment, zone};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use vitally_script::schedule::step::{Action, Allowed, How, Told};
use vitally_script::schedule::{Catchup, Job, Overlap};

const START: &str = "2026-11-25T06:00:00Z";

fn life(job: Job) -> Life {
    Life::new(job, moment(START))
}

/// Lets time go by, takes a step, and says what is done.
fn after(life: &mut Life, seconds: i64) -> Vec<String> {
    life.pass(seconds);
    words(&life.step(&[]))
}

fn end(life: &mut Life, how: How) -> Vec<String> {
    let ended = life.ended(how);
    words(&life.step(&[ended]))
}

#[test]
fn a_tick_starts_when_it_is_due_and_never_before_it_was_first_seen() {
    let mut life = life(every("10m"));
    assert_eq!(words(&life.step(&[])), [""; 0], "the tick at the very moment belongs to the past");
    assert_eq!(after(&mut life, 599), [""; 0]);
    assert_eq!(after(&mut life, 1), ["start 06:10"]);
    assert_eq!(after(&mut life, 0), [""; 0], "the same moment again starts nothing");
    assert_eq!(end(&mut life, How::Well), ["end 06:10 ok"]);
    assert_eq!(after(&mut life, 600), ["start 06:20"]);
}

#[test]
fn a_minute_late_is_late_and_more_is_missed() {
    let mut a = life(every("10m"));
    assert_eq!(after(&mut a, 660), ["start 06:10"]);
    let mut b = life(every("10m"));
    assert_eq!(after(&mut b, 661), ["start 06:10 caught up"]);
}

#[test]
fn overlap_skip_leaves_a_tick_out_and_writes_it_down() {
    let mut life = life(Job { timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    assert_eq!(after(&mut life, 600), ["overlap 06:20"]);
    assert_eq!(end(&mut life, How::Well), ["end 06:10 ok"]);
    assert_eq!(after(&mut life, 600), ["start 06:30"]);
}

#[test]
fn overlap_queue_one_keeps_one_waiting() {
    let mut life = life(Job { overlap: Overlap::QueueOne, timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    assert_eq!(after(&mut life, 600), ["wait 06:20"]);
    assert_eq!(after(&mut life, 600), ["overlap 06:30"]);
    assert_eq!(end(&mut life, How::Well), ["end 06:10 ok", "start 06:20"]);
}

#[test]
fn overlap_queue_all_keeps_a_hundred_waiting() {
    let mut life = life(Job { overlap: Overlap::QueueAll, timeout: Duration::MAX, ..every("1m") });
    after(&mut life, 60);
    for _ in 0..100 {
        assert!(after(&mut life, 60)[0].starts_with("wait"));
    }
    assert!(after(&mut life, 60)[0].starts_with("overlap"));
    assert_eq!(end(&mut life, How::Well), ["end 06:01 ok", "start 06:02"]);
}

#[test]
fn overlap_allow_runs_beside_up_to_its_limit() {
    let mut life =
        life(Job { overlap: Overlap::Allow, max_running: 2, timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    assert_eq!(after(&mut life, 600), ["start 06:20"]);
    assert_eq!(after(&mut life, 600), ["overlap 06:30"]);
}

#[test]
fn overlap_cancel_previous_stops_what_runs_and_then_starts() {
    let mut life = life(Job { overlap: Overlap::CancelPrevious, timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    assert_eq!(after(&mut life, 600), ["stop 06:10 replaced", "wait 06:20"]);
    assert_eq!(after(&mut life, 600), ["overlap 06:20", "wait 06:30"], "it did not stop yet");
    assert_eq!(end(&mut life, How::Stopped), ["end 06:10 cancelled", "start 06:30"]);
    assert_eq!(life.state.failures, 0, "that was no failure");
}

#[test]
fn catchup_latest_runs_once_for_the_newest() {
    let mut a = life(every("10m"));
    assert_eq!(after(&mut a, 3600 + 120), ["missed 06:10-06:50 (5)", "start 07:00 caught up"]);
    // A tick that is due right now is the newest of all.
    let mut b = life(every("10m"));
    assert_eq!(after(&mut b, 3600), ["missed 06:10-06:50 (5)", "start 07:00"]);
}

#[test]
fn catchup_all_runs_them_one_after_the_other() {
    let mut life = life(Job { catchup: Catchup::All, ..every("10m") });
    assert_eq!(
        after(&mut life, 1800 + 120),
        ["wait 06:10 caught up", "wait 06:20 caught up", "wait 06:30 caught up", "start 06:10 caught up"]
    );
    assert_eq!(end(&mut life, How::Well), ["end 06:10 ok", "start 06:20 caught up"]);
    assert_eq!(end(&mut life, How::Well), ["end 06:20 ok", "start 06:30 caught up"]);
}

#[test]
fn catchup_all_takes_the_newest_hundred() {
    let mut life = life(Job { catchup: Catchup::All, ..every("1m") });
    life.pass(150 * 60 + 90);
    let said = words(&life.step(&[]));
    assert_eq!(said[0], "missed 06:01-06:50 (50)");
    assert_eq!(said.iter().filter(|word| word.starts_with("wait")).count(), 100);
}

#[test]
fn catchup_none_runs_none() {
    let mut life = life(Job { catchup: Catchup::None, ..every("10m") });
    assert_eq!(after(&mut life, 3600 + 120), ["missed 06:10-07:00 (6)"]);
}

#[test]
fn only_ticks_within_the_window_are_caught_up() {
    let window = SignedDuration::from_hours(2);
    let mut a = life(Job { catchup_window: window, ..job("0 7 * * *") });
    assert_eq!(after(&mut a, 4 * 3600), ["missed 07:00"]);
    let mut b = life(Job { catchup_window: window, catchup: Catchup::All, ..every("1h") });
    assert_eq!(
        after(&mut b, 4 * 3600 + 120),
        ["missed 07:00-08:00 (2)", "wait 09:00 caught up", "wait 10:00 caught up", "start 09:00 caught up"]
    );
}

#[test]
fn jitter_is_the_same_every_time_and_ends_before_the_next_tick() {
    let jittered = Job { jitter: Duration::from_secs(300), ..every("10m") };
    let tick = moment("2026-11-25T06:10:00Z");
    let start = jittered.start(tick);
    assert_eq!(start, jittered.start(tick));
    let mut distinct = std::collections::BTreeSet::new();
    for number in 0..500 {
        let tick = tick + SignedDuration::from_mins(10 * number);
        let late = jittered.start(tick).duration_since(tick);
        assert!((SignedDuration::ZERO..SignedDuration::from_secs(300)).contains(&late), "{late}");
        distinct.insert(late);
    }
    assert!(distinct.len() > 450, "only {} different ones", distinct.len());
    let wide = Job { jitter: Duration::from_secs(7200), ..every("10m") };
    for number in 0..500 {
        let tick = tick + SignedDuration::from_mins(10 * number);
        assert!(wide.start(tick) < tick + SignedDuration::from_mins(10));
    }
    // It starts then, and not before.
    let mut life = life(jittered);
    let late = start.duration_since(tick).as_secs();
    assert_eq!(after(&mut life, 600 + late), [""; 0]);
    assert_eq!(after(&mut life, 1), ["start 06:10"]);
}

#[test]
fn what_takes_too_long_is_stopped() {
    let mut life = life(Job { timeout: Duration::from_secs(90), ..every("10m") });
    after(&mut life, 600);
    assert_eq!(after(&mut life, 89), [""; 0]);
    assert_eq!(after(&mut life, 1), ["stop 06:10 toolong"]);
    assert_eq!(after(&mut life, 1), [""; 0], "once is enough");
    assert_eq!(end(&mut life, How::Stopped), ["end 06:10 timeout"]);
    assert_eq!(life.state.failures, 1);
}

#[test]
fn a_failed_run_is_not_tried_again_unless_asked_for() {
    let mut life = life(every("10m"));
    after(&mut life, 600);
    assert_eq!(end(&mut life, How::Failed), ["end 06:10 failed"]);
}

#[test]
fn retries_wait_longer_each_time_and_count_as_running() {
    let mut life = life(Job { retries: 2, ..every("1h") });
    after(&mut life, 3600);
    for (attempt, most) in [(1, 1), (2, 2)] {
        let told = life.ended(How::Failed);
        let actions = life.step(&[told]);
        let Action::Again { after: wait, .. } = actions[0] else { panic!("{actions:?}") };
        assert!(wait <= Duration::from_secs(most), "after try {attempt}: {wait:?}");
        assert!(life.state.busy());
        assert_eq!(after(&mut life, 3), [format!("start 07:00 try {}", attempt + 1)]);
    }
    assert_eq!(end(&mut life, How::Failed), ["end 07:00 failed"]);
    assert_eq!(life.state.failures, 1, "one run failed, however many tries it had");
    let waits: Vec<Duration> = (1..40).map(|attempt| life.job.wait_after(moment(START), attempt)).collect();
    assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(300)));
    assert!(waits.iter().any(|wait| *wait > Duration::from_secs(200)));
}

#[test]
fn a_retry_never_outlives_the_next_tick_when_that_would_be_left_out() {
    let mut skipping = life(Job { retries: 5, ..every("1m") });
    after(&mut skipping, 60);
    skipping.pass(59);
    skipping.now.wall += SignedDuration::from_millis(999);
    assert_eq!(end(&mut skipping, How::Failed), ["end 06:01 failed"]);
    let mut queueing = life(Job { retries: 5, overlap: Overlap::QueueOne, ..every("1m") });
    after(&mut queueing, 60);
    queueing.pass(59);
    assert_eq!(end(&mut queueing, How::Failed), ["again 06:01"]);
}

#[test]
fn a_job_is_paused_after_failures_in_a_row() {
    let mut life = life(Job { pause_after_failures: Some(2), ..every("10m") });
    after(&mut life, 600);
    assert_eq!(end(&mut life, How::Failed), ["end 06:10 failed"]);
    after(&mut life, 600);
    assert_eq!(end(&mut life, How::Well), ["end 06:20 ok"], "a good run begins the count anew");
    after(&mut life, 600);
    end(&mut life, How::Failed);
    after(&mut life, 600);
    assert_eq!(end(&mut life, How::Failed), ["end 06:40 failed", "pause: 2 of its runs failed in a row"]);
    assert_eq!(after(&mut life, 600), ["paused 06:50"], "the row says why");
    assert_eq!(words(&life.step(&[Told::Resume])), [""; 0]);
    assert_eq!(after(&mut life, 600), ["start 07:00"]);
}

#[test]
fn pausing_lets_what_runs_end_and_leaves_out_what_waits() {
    let mut life =
        life(Job { overlap: Overlap::QueueOne, retries: 3, timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    after(&mut life, 600);
    let said = words(&life.step(&[Told::Pause("by hand".into())]));
    assert_eq!(said, ["paused 06:20", "pause: by hand"]);
    assert_eq!(after(&mut life, 3 * 600), ["paused 06:30-06:50 (3)"]);
    assert_eq!(end(&mut life, How::Failed), ["end 06:10 failed"], "nothing is tried again");
}

#[test]
fn a_clock_set_back_runs_nothing_twice() {
    let mut life = life(every("10m"));
    after(&mut life, 1200);
    end(&mut life, How::Well);
    life.set_clock(-900);
    assert_eq!(after(&mut life, 0), [""; 0]);
    assert_eq!(after(&mut life, 600), [""; 0], "06:10 and 06:20 have their rows");
    assert_eq!(after(&mut life, 900), ["start 06:30"]);
}

#[test]
fn a_clock_set_back_far_starts_anew_from_where_it_stands() {
    let mut life = life(every("1h"));
    after(&mut life, 3600);
    end(&mut life, How::Well);
    // Two days too far, and back.
    life.set_clock(48 * 3600 + 1800);
    assert_eq!(after(&mut life, 0), ["missed 08:00-06:00 (47)", "start 07:00 caught up"]);
    end(&mut life, How::Well);
    life.set_clock(-48 * 3600 - 1800);
    assert_eq!(after(&mut life, 60), ["go back to 07:01"]);
    assert_eq!(life.rows.len(), 2, "what never ran is still to come: {:?}", life.rows);
    assert_eq!(after(&mut life, 3600), ["start 08:00"]);
    end(&mut life, How::Well);
    // The tick that ran under the wrong clock does not run again.
    let rest = moment("2026-11-27T06:30:00Z").duration_since(life.now.wall).as_secs();
    after(&mut life, rest);
    end(&mut life, How::Well);
    assert_eq!(after(&mut life, 1800), [""; 0]);
    assert_eq!(after(&mut life, 3600), ["start 08:00"]);
}

#[test]
fn a_machine_that_slept_catches_up_once() {
    let mut life = life(job("0 7 * * *"));
    life.set_clock(3 * 3600);
    assert_eq!(after(&mut life, 0), ["start 07:00 caught up"]);
}

#[test]
fn a_run_that_was_cut_off_is_interrupted_and_only_tried_again_if_asked_for() {
    let mut a = life(every("10m"));
    after(&mut a, 600);
    a.pass(30);
    assert_eq!(words(&a.restart()), ["end 06:10 interrupted"]);
    let mut b = life(Job { retries: 1, ..every("10m") });
    after(&mut b, 600);
    b.pass(30);
    assert_eq!(words(&b.restart()), ["again 06:10"]);
    assert_eq!(after(&mut b, 2), ["start 06:10 try 2"]);
}

#[test]
fn what_waited_goes_on_waiting_after_a_restart() {
    let mut life = life(Job { overlap: Overlap::QueueOne, ..every("10m") });
    after(&mut life, 600);
    after(&mut life, 600);
    assert_eq!(words(&life.restart()), ["end 06:10 interrupted", "start 06:20"]);
}

#[test]
fn a_process_that_ends_claims_nothing_more() {
    let mut life =
        life(Job { retries: 3, overlap: Overlap::QueueOne, timeout: Duration::MAX, ..every("10m") });
    after(&mut life, 600);
    after(&mut life, 600);
    life.pass(600);
    assert_eq!(words(&life.close(&[])), [""; 0], "06:30 is left to the next process");
    let ended = life.ended(How::Failed);
    assert_eq!(words(&life.close(&[ended])), ["end 06:10 failed"], "and nothing is tried again");
    life.pass(30);
    assert_eq!(words(&life.restart()), ["overlap 06:30", "start 06:20"]);
    // What waited to be tried again is cut off.
    let ended = life.ended(How::Failed);
    life.step(&[ended]);
    assert_eq!(words(&life.close(&[])), ["end 06:20 interrupted"]);
}

#[test]
fn another_schedule_runs_nothing_for_the_time_before_it() {
    let mut life = life(job("0 7 * * *"));
    after(&mut life, 3600);
    end(&mut life, How::Well);
    life.pass(3600);
    life.job.crontab = super::crontab("30 7 * * *");
    let now = life.now.wall;
    life.state.rescheduled(&life.job, now);
    assert_eq!(after(&mut life, 0), [""; 0]);
    assert_eq!(life.state.next, Some(moment("2026-11-26T07:30:00Z")));
}

#[test]
fn both_nights_of_new_york() {
    let job = |text: &str| Job { zone: zone("America/New_York"), ..job(text) };
    let runs = |text: &str, from: &str, hours: i64| {
        let mut life = Life::new(job(text), moment(from));
        let mut starts = Vec::new();
        for _ in 0..hours * 60 {
            life.pass(60);
            let said = words(&life.step(&[]));
            if said.iter().any(|word| word.starts_with("start")) {
                let local = life.now.wall.to_zoned_datetime(zone("America/New_York"));
                starts.push(local.strftime("%d %H:%M %z").to_string());
                end(&mut life, How::Well);
            }
        }
        starts
    };
    assert_eq!(runs("30 2 * * *", "2026-03-07T20:00:00Z", 36), ["08 03:00 -0400", "09 02:30 -0400"]);
    assert_eq!(runs("30 1 * * *", "2026-10-31T20:00:00Z", 36), ["01 01:30 -0400", "02 01:30 -0500"]);
    assert_eq!(
        runs("0 * * * *", "2026-11-01T04:30:00Z", 4),
        ["01 01:00 -0400", "01 01:00 -0500", "01 02:00 -0500", "01 03:00 -0500"]
    );
    assert_eq!(
        runs("0 * * * *", "2026-03-08T05:30:00Z", 3),
        ["08 01:00 -0500", "08 03:00 -0400", "08 04:00 -0400"]
    );
}

#[test]
fn waking_up_is_never_too_late() {
    let mut life = life(Job { retries: 1, timeout: Duration::from_secs(40), ..every("10m") });
    let next = |life: &Life| vitally_script::schedule::step::wake(&life.job, &life.state);
    assert_eq!(next(&life), (Some(moment("2026-11-25T06:10:00Z")), None));
    after(&mut life, 600);
    let (tick, until): (Option<Timestamp>, Option<Duration>) = next(&life);
    assert_eq!(tick, Some(moment("2026-11-25T06:20:00Z")));
    assert_eq!(until, Some(Duration::from_secs(640)), "its timeout");
    end(&mut life, How::Failed);
    let (_, until) = next(&life);
    assert!(until.is_some_and(|until| until <= Duration::from_secs(601)), "its retry");
}

const FULL: Allowed = Allowed { starts: 0, hold: false };

#[test]
fn where_there_is_no_room_a_tick_waits_and_further_ones_follow_the_rule() {
    let mut life = life(every("10m"));
    life.pass(600);
    assert_eq!(words(&life.step_within(&[], FULL)), ["wait 06:10"]);
    life.pass(600);
    assert_eq!(words(&life.step_within(&[], FULL)), ["overlap 06:20"]);
    life.pass(1);
    assert_eq!(words(&life.step(&[])), ["start 06:10"]);
    assert_eq!(end(&mut life, How::Well), ["end 06:10 ok"]);
}

const HOLD: Allowed = Allowed { starts: usize::MAX, hold: true };

#[test]
fn held_ticks_run_or_are_left_out_when_somebody_says_so() {
    for (told, expected) in [
        (Told::Release, vec!["wait 06:10 caught up", "wait 06:20 caught up", "start 06:10 caught up"]),
        (Told::Discard, vec!["missed 06:10", "missed 06:20"]),
    ] {
        let mut life = life(Job { catchup: Catchup::All, timeout: Duration::MAX, ..every("10m") });
        life.pass(1500);
        assert_eq!(words(&life.step_within(&[], HOLD)), ["hold 06:10", "hold 06:20"]);
        assert_eq!(after(&mut life, 300), ["start 06:30"], "what is due goes its way");
        assert_eq!(end(&mut life, How::Well), ["end 06:30 ok"]);
        assert_eq!(words(&life.step(&[told])), expected);
    }
}

#[test]
fn the_newest_missed_tick_is_held_as_well() {
    let mut life = life(every("10m"));
    life.pass(1500);
    assert_eq!(words(&life.step_within(&[], HOLD)), ["missed 06:10", "hold 06:20"]);
    life.set_clock(-4 * 3600);
    assert_eq!(words(&life.step(&[])), ["go back to 02:25"]);
    assert!(life.state.held.is_empty());
}
