//! Schedules in words.

use super::{crontab, next};

#[test]
fn an_expression_is_described() {
    for (text, words) in [
        ("0 6 * * MON-FRI", "at 06:00, Monday to Friday"),
        ("0 6 * * *", "at 06:00"),
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes of the hour"),
        ("5/15 * * * *", "every 15 minutes of the hour, from minute 5"),
        ("0 * * * *", "on the hour"),
        ("30 * * * *", "at minute 30 of the hour"),
        ("0 */4 * * *", "at 00:00, 04:00, 08:00, 12:00, 16:00 and 20:00"),
        ("0 */2 * * *", "on the hour, every 2 hours from 00:00"),
        ("*/10 9-17 * * 1-5", "every 10 minutes of the hour, from 09:00 to 17:59, Monday to Friday"),
        ("* 6 * * *", "every minute, in the hour from 06:00"),
        ("30 2 1,15 * *", "at 02:30, on the 1st and 15th of the month"),
        ("0 0 13 * FRI", "at 00:00, on the 13th of the month and also Friday"),
        (
            "0 0 */2 * MON,TUE",
            "at 00:00, on every 2nd day from the 1st of the month if that is Monday or Tuesday",
        ),
        ("0 0 1 1,7 *", "at 00:00, on the 1st of the month, in January and July"),
        ("0 6 * * FRI-SUN", "at 06:00, Friday to Sunday"),
        ("30 0 6 * * *", "at 06:00:30"),
        ("*/10 * * * * *", "every 10 seconds of the minute"),
        ("* * * * * *", "every second"),
        ("0 0 6 1 1 * 2030", "at 06:00, on the 1st of the month, in January, in 2030"),
        ("every 90 minutes", "every 1 hour and 30 minutes"),
        ("every 10m", "every 10 minutes"),
        ("@reboot", "once, when the program starts"),
        ("weekdays at 8:30 and 17:00", "at 08:30 and 17:00, Monday to Friday"),
    ] {
        assert_eq!(crontab(text).words(), words, "\"{text}\"");
    }
}

#[test]
fn what_is_said_of_one_time_of_day_can_be_typed_again() {
    for text in ["0 6 * * MON-FRI", "15 18 * * 1,3", "0 9,12 * * SUN"] {
        let (clock, days) = {
            let words = crontab(text).words();
            let (clock, days) =
                words.split_once(", ").map(|(a, b)| (a.to_string(), b.to_string())).expect(text);
            (clock, days)
        };
        let typed = format!("{} {clock}", days.replace(" to ", "-"));
        let times = |text: &str| next(text, "UTC", "2026-11-25T10:20:30Z", 20);
        assert_eq!(times(&typed), times(text), "\"{text}\" as \"{typed}\"");
    }
}
