//! The nights on which clocks change.

use super::next;

const NEW_YORK: &str = "America/New_York";
const GAP: &str = "2026-03-08T05:00:00Z";
const FOLD: &str = "2026-11-01T04:30:00Z";

#[test]
fn a_time_of_day_that_is_left_out_runs_right_after_the_gap() {
    let expected = ["2026-03-08 03:00 -0400", "2026-03-09 02:30 -0400"];
    assert_eq!(next("30 2 * * *", NEW_YORK, GAP, 2), expected);
    assert_eq!(next("0 2 * * *", NEW_YORK, GAP, 1), ["2026-03-08 03:00 -0400"]);
}

#[test]
fn several_times_in_one_gap_are_one_run() {
    assert_eq!(next("0,30 2 * * *", NEW_YORK, GAP, 2), ["2026-03-08 03:00 -0400", "2026-03-09 02:00 -0400"]);
    assert_eq!(next("0 2,3 * * *", NEW_YORK, GAP, 2), ["2026-03-08 03:00 -0400", "2026-03-09 02:00 -0400"]);
}

#[test]
fn what_follows_the_hands_runs_as_the_clock_shows_it() {
    assert_eq!(
        next("*/30 * * * *", NEW_YORK, "2026-03-08T06:15:00Z", 3),
        ["2026-03-08 01:30 -0500", "2026-03-08 03:00 -0400", "2026-03-08 03:30 -0400"]
    );
    assert_eq!(next("0 */2 * * *", NEW_YORK, "2026-03-08T05:30:00Z", 1), ["2026-03-08 04:00 -0400"]);
    assert_eq!(
        next("*/30 1 * * *", NEW_YORK, FOLD, 5),
        [
            "2026-11-01 01:00 -0400",
            "2026-11-01 01:30 -0400",
            "2026-11-01 01:00 -0500",
            "2026-11-01 01:30 -0500",
            "2026-11-02 01:00 -0500"
        ]
    );
}

#[test]
fn a_time_of_day_that_comes_twice_runs_the_first_time() {
    assert_eq!(next("30 1 * * *", NEW_YORK, FOLD, 2), ["2026-11-01 01:30 -0400", "2026-11-02 01:30 -0500"]);
    // Asked in the second copy of the hour, the first has been.
    assert_eq!(next("30 1 * * *", NEW_YORK, "2026-11-01T06:10:00Z", 1), ["2026-11-02 01:30 -0500"]);
}

#[test]
fn midnight_that_is_left_out_half_hours_and_a_lost_day() {
    assert_eq!(
        next("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2),
        ["2026-04-24 01:00 +0300", "2026-04-25 00:00 +0300"]
    );
    assert_eq!(
        next("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", 1),
        ["2026-10-04 02:30 +1100"]
    );
    assert_eq!(
        next("0 6 * * *", "Pacific/Apia", "2011-12-29T17:00:00Z", 2),
        ["2011-12-31 00:00 +1400", "2011-12-31 06:00 +1400"]
    );
}

#[test]
fn elapsed_time_knows_no_summer_time() {
    assert_eq!(
        next("every 30 minutes", NEW_YORK, "2026-11-01T05:15:00Z", 4),
        [
            "2026-11-01 01:30 -0400",
            "2026-11-01 01:00 -0500",
            "2026-11-01 01:30 -0500",
            "2026-11-01 02:00 -0500"
        ]
    );
}
