//! What one answer of Vitally says beside its body.

use super::Finding;
use crate::client::Answer;
use jiff::Timestamp;

/// Further apart than this, watermarks and due dates go wrong.
const TOLERANCE_SECONDS: i64 = 60;

/// Whether this machine's clock and Vitally's agree, by the answer's `Date`.
pub fn clock(answer: &Answer, before: Timestamp, after: Timestamp) -> Finding {
    let date = answer.headers.get("date").and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let Some(date) = date else {
        return Finding::ok("clock", "Vitally's answer has no date to compare with");
    };
    let theirs = date.timestamp().as_second();
    // The answer was written between the two moments.
    let behind = before.as_second() - theirs;
    let ahead = theirs - after.as_second();
    let apart = behind.max(ahead).max(0);
    if apart <= TOLERANCE_SECONDS {
        return Finding::ok("clock", format!("agrees with Vitally's to {} s", apart.max(1)));
    }
    let direction = if behind > ahead { "ahead of" } else { "behind" };
    Finding::problem(
        "clock",
        format!("this computer's clock is {apart} s {direction} Vitally's"),
        "let the computer set its clock from the network",
    )
}

/// Whether the answer says how much of the rate limit is left.
pub fn rate(answer: &Answer) -> Finding {
    // A limit may come with its policy: `1000, 1000;window=60`.
    let number =
        |name: &str| answer.headers.get(name)?.split([',', ';']).next().map(|text| text.trim().to_string());
    match (number("ratelimit-remaining"), number("ratelimit-limit")) {
        (Some(remaining), Some(limit)) => {
            Finding::ok("rate", format!("{remaining} of {limit} requests left"))
        }
        (Some(remaining), None) => Finding::ok("rate", format!("{remaining} requests left")),
        (None, _) => Finding::problem(
            "rate",
            "the answer does not say how many requests are left",
            "runs keep to 1,000 requests a minute; if something between you and Vitally drops headers, let it keep \
             those that start with RateLimit-",
        ),
    }
}
