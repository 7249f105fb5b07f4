//! What is allowed and probably not meant.

use super::{crontab, moment, zone};
use vitally_script::schedule::lint;

fn remarks(text: &str, zone_name: &str) -> Vec<String> {
    let found = lint::all(&crontab(text), &zone(zone_name), moment("2026-11-25T10:00:00Z"));
    found.into_iter().map(|lint| format!("{} — {}", lint.message, lint.help)).collect()
}

#[test]
fn nothing_is_said_of_good_schedules() {
    for text in [
        "0 6 * * MON-FRI",
        "*/15 * * * *",
        "0 */2 * * *",
        "0 6 1,15 * *",
        "weekdays at 06:00",
        "every 10m",
        "@daily",
        "0 6 28-31 * *",
        "*/5 9-17 * * *",
        "0 0 6 * * MON",
        "@reboot",
        "* * * * *",
    ] {
        assert_eq!(remarks(text, "UTC"), Vec::<String>::new(), "\"{text}\"");
    }
}

#[test]
fn what_may_surprise_is_said() {
    for (text, zone_name, part) in [
        (
            "*/7 * * * *",
            "UTC",
            "7 does not divide 60: after minute 56 the next is 4 minutes away, not 7 — for even steps write: every 7m",
        ),
        ("0 */5 * * *", "UTC", "5 does not divide 24: after hour 20 the next is 4 hours away"),
        ("0 0 */2 * *", "UTC", "from the 31st to the 1st it is not 2 days"),
        ("*/60 * * * *", "UTC", "only minute 0 is left — for every 60 minutes write: every 60m"),
        ("* 6 * * *", "UTC", "every minute of the hour: 60 times from 06:00 to 06:59"),
        ("0 0 13 * FRI", "UTC", "runs on both: on those days and also on those weekdays"),
        ("0 0 */2 * MON", "UTC", "only when day of the month and weekday both fit"),
        ("0 6 31 * *", "UTC", "not every month has a 31st"),
        ("0 6 29 2 *", "UTC", "every fourth year"),
        ("* 0 6 * * *", "UTC", "the first is the second"),
        ("0 0 6 * * 1-5", "UTC", "1 is Monday, 0 and 7 are Sunday"),
        ("0 0 6 1 1 * 2020", "UTC", "never runs again"),
        ("every 7 minutes", "UTC", "at other times every day"),
        ("every 2 days", "UTC", "at 00:00 UTC or another odd hour"),
        (
            "30 1 * * *",
            "Europe/London",
            "on 2027-03-28 the clocks go forward from 01:00 to 02:00: 01:30 is not shown that day: it runs at 02:00 instead",
        ),
        (
            "30 1 * * *",
            "Europe/London",
            "on 2027-10-31 the clocks go back from 02:00 to 01:00: 01:30 is shown twice that day: it runs the first time only",
        ),
        ("CRON_TZ=Europe/London 30 1 * * *", "UTC", "on 2027-03-28 the clocks go forward"),
    ] {
        let said = remarks(text, zone_name);
        assert!(said.iter().any(|remark| remark.contains(part)), "\"{text}\": {said:#?}");
    }
}
