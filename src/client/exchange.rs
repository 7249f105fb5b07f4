//! One request with all its tries: wait for the turn, send, judge, perhaps again.

use super::connection::Connection;
use super::explain::{self, Trouble};
use super::fault::{Cause, Fault};
use super::order::Order;
use super::pace::{Priority, Reading};
use super::patience::Patience;
use super::retry::{self, Class, Outcome, Verdict};
use super::transport::Reply;
use super::turns::{LOOK, Leave};
use super::{Answer, Failure};
use crate::catalogue::Method;
use crate::tape::Page;
use std::time::{Duration, Instant};

/// The longest wait for a 503 that says when to come again, in the server's seconds.
const LONGEST_TOLD: u32 = 60;

/// Carries one request to its end, on the thread that calls; nothing it waits for outlasts its patience.
pub(super) fn exchange(
    connection: &Connection,
    order: &Order,
    priority: Priority,
    patience: Patience,
) -> Result<Answer, Failure> {
    connection.retries.earn();
    let mut tries = 0;
    // Whether a try ended without telling whether Vitally did it.
    let mut doubt = false;
    loop {
        let leave = connection.turns.take(priority, order.is_write(), patience, &*connection.watch);
        let Some(leave) = leave else { return Err(explain::stopped(order, doubt)) };
        tries += 1;
        let start = Instant::now();
        let result = connection.transport.send(order, patience);
        let took = start.elapsed();
        connection.watch.request(&|| line(order, &result, took));
        let second = connection.transport.target().timeouts.second;
        let told_wait = settle(leave, &result, second);
        if matches!(result, Err(Fault { cause: Cause::GivenUp, .. })) {
            return Err(explain::stopped(order, order.is_write()));
        }
        let (outcome, trouble) = match judge(order, result) {
            Ok(answer) => {
                if let Some(page) = &answer.page {
                    connection.watch.answered(&connection.transport.target().origin, order.path(), page);
                }
                return Ok(answer);
            }
            Err(ended) => ended,
        };
        doubt |= retry::may_have_been_done(order.class(), outcome);

        let limited = matches!(outcome, Outcome::Status { status: 429, .. });
        match retry::verdict(order.class(), outcome) {
            // A 429 pauses everyone, which protects Vitally better than the budget does.
            Verdict::Retry if tries < retry::TRIES && (limited || connection.retries.spend()) => {}
            Verdict::Unclear => {
                return Err(explain::unclear(connection.failure(order, &trouble, tries)));
            }
            Verdict::Done | Verdict::Retry | Verdict::Fail => {
                let failure = connection.failure(order, &trouble, tries);
                return Err(if doubt { explain::in_doubt(failure) } else { failure });
            }
        }
        connection.watch.detail(&again(&connection.failure(order, &trouble, 1)));
        if !limited {
            let base = connection.transport.target().timeouts.backoff;
            let wait = retry::backoff(base, tries, fastrand::f64()).max(told_wait.unwrap_or_default());
            if !pause(wait, patience) {
                return Err(explain::stopped(order, doubt));
            }
        }
    }
}

/// Tells the budget how the try ended; returns how long a 503 asks to wait.
fn settle(leave: Leave<'_>, result: &Result<Reply, Fault>, second: Duration) -> Option<Duration> {
    match result {
        Err(Fault { sent: false, .. }) => leave.unused(),
        // Dropped, it counts as sent.
        Err(Fault { sent: true, .. }) => {}
        Ok(reply) => {
            let reading = reading(reply, second);
            let retry_after = seconds(reply.headers.get("retry-after")).map(|count| second * count);
            if reply.status == 429 {
                leave.refused(&reading, retry_after);
            } else {
                leave.answered(&reading);
                return retry_after.map(|wait| wait.min(second * LONGEST_TOLD));
            }
        }
    }
    None
}

fn judge(order: &Order, result: Result<Reply, Fault>) -> Result<Answer, (Outcome, Trouble)> {
    let reply = match result {
        Err(fault @ Fault { cause: Cause::Unsendable, .. }) => {
            return Err((Outcome::Status { status: 400, told_when: false }, Trouble::Fault(fault)));
        }
        Err(fault) => {
            let outcome = if fault.sent { Outcome::Lost } else { Outcome::NotSent };
            return Err((outcome, Trouble::Fault(fault)));
        }
        Ok(reply) => reply,
    };
    if !(200..=299).contains(&reply.status) {
        let told_when = reply.headers.get("retry-after").is_some();
        return Err((Outcome::Status { status: reply.status, told_when }, Trouble::Refused(reply)));
    }
    if reply.too_large {
        return Err((Outcome::TooLarge, Trouble::TooLarge(reply)));
    }
    let Reply { status, headers, body, too_large } = reply;
    // Reads must bring JSON; writes may answer with nothing, and what a delete answers does not matter.
    let may_be_empty = order.class() != Class::Read;
    match Page::parse(body) {
        Ok(page) => Ok(Answer { status, page: Some(page), headers }),
        Err(broken) if order.method() == Method::Delete || (may_be_empty && broken.text.is_empty()) => {
            Ok(Answer { status, page: None, headers })
        }
        Err(broken) => {
            let reply = Reply { status, headers, body: broken.text, too_large };
            Err((Outcome::Garbled, Trouble::Garbled(reply)))
        }
    }
}

fn reading(reply: &Reply, second: Duration) -> Reading {
    let limit = reply.headers.get("ratelimit-limit");
    let window = limit
        .and_then(|text| text.split("window=").nth(1))
        .map(|text| text.chars().take_while(char::is_ascii_digit).collect::<String>());
    Reading {
        limit: limit
            .and_then(|text| text.split([',', ';']).next()?.trim().parse().ok())
            .filter(|limit| *limit > 0),
        window: seconds(window.as_deref()).filter(|count| *count > 0).map(|count| second * count),
        remaining: remaining(reply),
        reset: seconds(reply.headers.get("ratelimit-reset")).map(|count| second * count),
    }
}

fn remaining(reply: &Reply) -> Option<u32> {
    reply.headers.get("ratelimit-remaining")?.trim().parse().ok()
}

/// A count of seconds; a moment since 1970 or an HTTP date is turned into one.
fn seconds(text: Option<&str>) -> Option<u32> {
    const A_MOMENT: i64 = 1_000_000_000;
    let text = text?.trim();
    let count = match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and is bounded below")]
        Ok(number) => number.ceil() as i64,
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second(),
    };
    let count = if count > A_MOMENT { count - jiff::Timestamp::now().as_second() } else { count };
    u32::try_from(count.clamp(0, 24 * 3600)).ok()
}

/// Sleeps in short pieces; false if it was given up.
fn pause(wait: Duration, patience: Patience) -> bool {
    let end = Instant::now() + wait;
    loop {
        if patience.is_over() {
            return false;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(LOOK));
    }
}

/// The line about a second try, for `-v`.
fn again(failure: &Failure) -> String {
    format!("{} ({} {}); trying again", failure.message, failure.method.as_str(), failure.path)
}

/// The line for `-vv`.
fn line(order: &Order, result: &Result<Reply, Fault>, took: Duration) -> String {
    let ended = match result {
        Ok(reply) => reply.status.to_string(),
        Err(fault) => fault.cause.word().to_string(),
    };
    let remaining = result.as_ref().ok().and_then(remaining);
    let remaining = remaining.map_or(String::new(), |left| format!(" (remaining {left})"));
    format!("{} {} → {ended} in {} ms{remaining}", order.method().as_str(), order.path(), took.as_millis())
}
