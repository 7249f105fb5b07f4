//! What is refused, where the mistake stands, and what is said to do.

use vitally_script::schedule::Crontab;

/// The words of the expression that are pointed at, the message and the help.
fn mistake(text: &str) -> (String, String, String) {
    match Crontab::parse(text) {
        Ok(found) => panic!("\"{text}\" was taken for \"{}\"", found.words()),
        Err(found) => (text[found.range.clone()].to_string(), found.message, found.help),
    }
}

#[test]
fn each_mistake_is_pointed_at_and_explained() {
    for (text, pointed, message, help) in [
        ("0 24 * * *", "24", "24 is not an hour: it goes from 0 to 23", "midnight is hour 0"),
        ("60 6 * * *", "60", "60 is not a minute", "0"),
        ("0 6 0 * *", "0", "0 is not a day of the month", "the first day of a month is 1"),
        ("0 6 * * 8", "8", "8 is not a weekday", "Sunday 0 or 7"),
        ("0 6 * 13 *", "13", "13 is not a month", "the order is"),
        ("0 6 * *", "0 6 * *", "4 fields", "0 6 * * MON-FRI"),
        ("0 6 * * * * * *", "0 6 * * * * * *", "8 fields", "5 fields"),
        ("0 6 * * MOM", "MOM", "did you mean \"MON\"", "SUN, MON"),
        ("0 6 * * JAN", "JAN", "\"JAN\" is a month", "the order is"),
        ("0 6 * MON *", "MON", "\"MON\" is a weekday", "the order is"),
        ("0 22-2 * * *", "22-2", "runs backwards", "write 22-23,0-2"),
        ("0 6 * * SAT-MON", "SAT-MON", "runs backwards", "write 6,0-1"),
        ("0 6 * * 6-0", "6-0", "runs backwards", "write 6,0"),
        ("*/0 * * * *", "/0", "step of 0", "*/15"),
        ("*/x * * * *", "/x", "not a number", "*/15"),
        ("* *5 * * *", "*5", "nothing but / may follow *", "a blank is missing (* 5)"),
        ("1, 6 * * *", "1,", "comma with nothing beside it", "like 1,15"),
        ("0 6- * * *", "6-", "lacks a value", "9-17"),
        ("? 6 * * *", "?", "? is only for the day", "write *"),
        ("6:00 * * * *", "6:00", "is a time of day", "0 6 * * *; or in words: daily at 6:00"),
        ("0 6 L * *", "L", "there is no L, W or #", "28-31"),
        ("0 6 15W * *", "15W", "there is no L, W or #", "28-31"),
        ("0 6 * * MON#1", "MON#1", "there is no #", "1-7"),
        (
            "0 6 * * * /usr/bin/renewals --all",
            "/usr/bin/renewals --all",
            "no part of a time",
            "leave out the command",
        ),
        ("@dayly", "@dayly", "did you mean \"@daily\"", "@reboot"),
        ("@daily now", "now", "nothing may follow @daily", "only the time"),
        ("@every", "@every", "not a length of time", "every 10m"),
        ("@every soon", "soon", "not a length of time", "every 10m"),
        (
            "CRON_TZ=Europe/Lodnon 0 6 * * *",
            "Europe/Lodnon",
            "did you mean \"Europe/London\"",
            "Europe/London",
        ),
        ("0 6 31 2 *", "0 6 31 2 *", "never happens", "the longest month named has 29 days"),
        ("0 6 31 4,6,9,11 *", "0 6 31 4,6,9,11 *", "never happens", "30 days"),
        ("0 0 6 29 2 * 2027", "0 0 6 29 2 * 2027", "never happens", "together"),
        ("weekdays", "weekdays", "at what time", "at 06:00"),
        ("every monday", "every monday", "at what time", "at 06:00"),
        ("at 06:00", "at 06:00", "on which days?", "daily"),
        ("weekdays at 25:00", "25:00", "not a time of the day", "23:59"),
        ("weekdays at 13pm", "13pm", "not a time of the day", "6:30pm"),
        ("every mondey at 9:00", "mondey", "did you mean \"monday\"", "such as"),
        (
            "mondays on the 1st at 9:00",
            "mondays on the 1st at 9:00",
            "weekdays and days of the month",
            "0 6 1 * MON",
        ),
        ("on the 32nd at 9:00", "32nd", "no month has", "31st"),
        ("on the 31st of june at 9:00", "on the 31st of june at 9:00", "never happens", "30 days"),
        ("monthly at 9:00", "monthly", "does not say on which day", "on the 1st at 06:00"),
        ("every 2 days at 06:00", "at 06:00", "counts elapsed time", "0 6 */2 * *"),
        ("on the 5 at 9:00", "5", "what is \"5\" here?", "5th"),
        ("", "", "there is no schedule", "5 fields"),
        ("CRON_TZ=UTC", "CRON_TZ=UTC", "there is no schedule", "5 fields"),
        ("0 6 é * *", "é", "\"é\" is no day of the month", "1 to 31"),
    ] {
        let (at, said, advised) = mistake(text);
        assert_eq!(at, pointed, "\"{text}\": {said}");
        assert!(said.contains(message), "\"{text}\": {said}");
        assert!(advised.contains(help), "\"{text}\": {advised}");
    }
}

#[test]
fn no_text_makes_it_panic() {
    let seed = 11;
    let mut rng = fastrand::Rng::with_seed(seed);
    let pieces = [
        "*",
        "/",
        "-",
        ",",
        "0",
        "7",
        "31",
        "60",
        "MON",
        "jan",
        "L",
        "#",
        "?",
        " ",
        "  ",
        "@",
        "daily",
        "every",
        "at",
        "9:00",
        "am",
        "10m",
        "é",
        "CRON_TZ=",
        "UTC",
        "1st",
        "\u{2003}",
        "4294967296",
        "and",
        ":",
        "99999999999d",
    ];
    for _ in 0..5_000 {
        let text: String = (0..rng.usize(0..12)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
        if let Err(found) = Crontab::parse(&text) {
            assert!(text.get(found.range.clone()).is_some(), "\"{text}\": {:?}", found.range);
            assert!(!found.message.is_empty() && !found.help.is_empty(), "\"{text}\"");
        }
    }
}
