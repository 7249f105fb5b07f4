//! What each way to write a schedule means.

use super::{crontab, next};

/// Two ways to write the same must give the same next times.
fn same(one: &str, other: &str) {
    let times = |text: &str| next(text, "Europe/London", "2026-11-25T10:20:30Z", 40);
    assert_eq!(times(one), times(other), "\"{one}\" and \"{other}\"");
}

#[test]
fn five_six_and_seven_fields() {
    assert_eq!(
        next("0 6 * * MON-FRI", "UTC", "2026-11-27T12:00:00Z", 2),
        ["2026-11-30 06:00 +0000", "2026-12-01 06:00 +0000"]
    );
    assert_eq!(next("30 0 6 * * *", "UTC", "2026-11-27T12:00:00Z", 1), ["2026-11-28 06:00:30 +0000"]);
    assert_eq!(next("0 0 6 1 1 * 2030", "UTC", "2026-11-27T12:00:00Z", 2), ["2030-01-01 06:00 +0000"]);
    same("0 6 * * *", "0 0 6 * * *");
    same("0 0 6 * * 1-5", "0 6 * * 1-5");
}

#[test]
fn weekdays_are_counted_the_same_in_every_form() {
    same("0 6 * * 0", "0 6 * * SUN");
    same("0 6 * * 7", "0 6 * * sunday");
    same("0 6 * * 1", "0 0 6 * * Mon");
    same("0 6 * * 5-7", "0 6 * * FRI-SUN");
    same("0 6 * * 1/2", "0 6 * * MON,WED,FRI");
    same("0 6 * * */2", "0 6 * * 0,2,4,6");
}

#[test]
fn names_steps_lists_and_macros() {
    same("0 6 1 JAN-MAR *", "0 6 1 1,2,3 *");
    same("5/15 * * * *", "5,20,35,50 * * * *");
    same("0 9-17/4 * * ?", "0 9,13,17 * * *");
    same("@daily", "0 0 * * *");
    same("@midnight", "@daily");
    same("@hourly", "0 * * * *");
    same("@weekly", "0 0 * * SUN");
    same("@monthly", "0 0 1 * *");
    same("@yearly", "@annually");
    same("@every 1h30m", "every 90 minutes");
    assert!(next("@reboot", "UTC", "2026-11-27T12:00:00Z", 1).is_empty());
}

#[test]
fn day_of_month_or_weekday_is_enough_unless_one_begins_with_a_star() {
    // Every Friday and every 13th.
    assert_eq!(
        next("0 0 13 * FRI", "UTC", "2026-12-01T00:00:00Z", 4),
        [
            "2026-12-04 00:00 +0000",
            "2026-12-11 00:00 +0000",
            "2026-12-13 00:00 +0000",
            "2026-12-18 00:00 +0000"
        ]
    );
    // Mondays with an odd date.
    assert_eq!(
        next("0 0 */2 * MON", "UTC", "2026-12-01T00:00:00Z", 2),
        ["2026-12-07 00:00 +0000", "2026-12-21 00:00 +0000"]
    );
}

#[test]
fn a_zone_in_front_goes_before_the_one_given() {
    assert_eq!(
        next("CRON_TZ=America/New_York 0 6 * * *", "UTC", "2026-11-25T00:00:00Z", 1),
        ["2026-11-25 11:00 +0000"]
    );
    assert!(crontab("TZ=UTC @daily").zone.is_some());
}

#[test]
fn plain_words() {
    for (words, crontab) in [
        ("weekdays at 06:00", "0 6 * * 1-5"),
        ("every weekday at 6am", "0 6 * * 1-5"),
        ("Every Monday at 9", "0 9 * * 1"),
        ("mondays at 9 pm", "0 21 * * 1"),
        ("every monday, wednesday and friday at 9:30", "30 9 * * 1,3,5"),
        ("mon-fri at 18:00", "0 18 * * 1-5"),
        ("friday-sunday at noon", "0 12 * * 5-7"),
        ("sat and sun at midnight", "0 0 * * 6,0"),
        ("weekends at 10", "0 10 * * 6,0"),
        ("daily at 8, 12 and 17", "0 8,12,17 * * *"),
        ("every day at 12am", "0 0 * * *"),
        ("at 12:30pm every day", "30 12 * * *"),
        ("9:00 on weekdays", "0 9 * * 1-5"),
        ("on the 1st and 15th at 8:30", "30 8 1,15 * *"),
        ("on the 1st of every month at 07:00", "0 7 1 * *"),
        ("on the 2nd of january and july at 07:00", "0 7 2 1,7 *"),
        ("22nd at 7:00", "0 7 22 * *"),
        ("at 9 on mondays", "0 9 * * 1"),
    ] {
        same(words, crontab);
    }
}

#[test]
fn times_that_do_not_fit_one_crontab_are_all_kept() {
    assert_eq!(
        next("weekdays at 8:30 and 17:00", "UTC", "2026-11-27T12:00:00Z", 3),
        ["2026-11-27 17:00 +0000", "2026-11-30 08:30 +0000", "2026-11-30 17:00 +0000"]
    );
}

#[test]
fn elapsed_time_is_counted_from_1970() {
    assert_eq!(
        next("every 10 minutes", "Asia/Kolkata", "2026-11-27T12:01:00Z", 2),
        ["2026-11-27 17:40 +0530", "2026-11-27 17:50 +0530"]
    );
    same("every hour", "every 1h");
    same("hourly", "every 60 minutes");
    same("every minute", "every 60s");
    same("every 1 hour and 30 minutes", "@every 90m");
}

#[test]
fn the_moment_itself_is_not_after_itself() {
    assert_eq!(next("0 6 * * *", "UTC", "2026-11-27T06:00:00Z", 1), ["2026-11-28 06:00 +0000"]);
    assert_eq!(next("0 6 * * *", "UTC", "2026-11-27T05:59:59.999Z", 1), ["2026-11-27 06:00 +0000"]);
    assert_eq!(next("0 6 * * *", "UTC", "2026-11-27T06:00:00.5Z", 1), ["2026-11-28 06:00 +0000"]);
}
