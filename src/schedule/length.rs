//! Lengths of time in schedules: `10m`, `1h30m`, `90 seconds`, `2 hours`.

/// The seconds of a length of time, or `None` if it is none. The least is one second.
pub fn seconds(text: &str) -> Option<i64> {
    let lower = text.trim().to_lowercase().replace(" and ", " ");
    let mut rest = lower.as_str();
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        sum = sum.checked_add(number.checked_mul(unit(&rest[..letters])?)?)?;
        rest = rest[letters..].trim_start();
    }
    // A century is longer than anything anybody means.
    (1..=100 * 366 * 86_400).contains(&sum).then_some(sum)
}

/// The seconds in a unit.
pub fn unit(text: &str) -> Option<i64> {
    Some(match text {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60 * 60,
        "d" | "day" | "days" => 24 * 60 * 60,
        "w" | "week" | "weeks" => 7 * 24 * 60 * 60,
        _ => return None,
    })
}

/// A length in words: `10 minutes`, `1 hour and 30 minutes`.
pub fn words(seconds: i64) -> String {
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")] {
        let number = rest / unit;
        rest %= unit;
        if number > 0 {
            let plural = if number == 1 { "" } else { "s" };
            parts.push(format!("{number} {name}{plural}"));
        }
    }
    parts.join(" and ")
}
