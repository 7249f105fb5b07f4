//! The rate budget against a server that counts, in a time that the test makes.

use std::time::Duration;
use vitally_script::client::pace::{Pace, Priority, Reading, Ticket, Turn};

const SECOND: Duration = Duration::from_secs(1);
const WINDOW: u64 = 60_000;

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A server that counts a sliding window of 1000, of which somebody else takes some every second.
#[derive(Default)]
struct Server {
    counted: Vec<u64>,
    refused: usize,
}

impl Server {
    fn used(&self, ms: u64) -> u32 {
        let within = self.counted.iter().filter(|at| **at + WINDOW > ms).count();
        u32::try_from(within).expect("few")
    }

    fn other(&mut self, ms: u64) {
        if self.used(ms) < 1000 {
            self.counted.push(ms);
        }
    }

    fn arrive(&mut self, ms: u64) -> Option<Reading> {
        if self.used(ms) >= 1000 {
            self.refused += 1;
            return None;
        }
        self.counted.push(ms);
        let oldest = self.counted.iter().find(|at| **at + WINDOW > ms).copied().unwrap_or(ms);
        Some(Reading {
            limit: Some(1000),
            window: Some(SECOND * 60),
            remaining: Some(1000 - self.used(ms)),
            reset: Some(Duration::from_secs((oldest + WINDOW - ms).div_ceil(1000))),
        })
    }
}

/// Plays `requests` by sixteen connections at 150 ms an answer; returns when the last was answered, in
/// milliseconds, and how often the server refused.
fn race(requests: usize, others_each_second: u64) -> (u64, usize) {
    let mut pace = Pace::new(0.05, SECOND);
    let mut server = Server::default();
    let mut out: Vec<(u64, Ticket, Option<Reading>)> = Vec::new();
    let (mut left, mut now) = (requests, 0);
    while left > 0 || !out.is_empty() {
        if now % 1000 == 0 {
            (0..others_each_second).for_each(|_| server.other(now));
        }
        while out.first().is_some_and(|(end, _, _)| *end <= now) {
            let (_, ticket, told) = out.remove(0);
            if let Some(told) = told {
                pace.finish(at(now), ticket, Some(&told));
            } else {
                left += 1;
                pace.refused(at(now), ticket, &Reading::default(), None, 0.0);
            }
        }
        while left > 0 && out.len() < 16 {
            let Turn::Go(ticket) = pace.ask(at(now), Priority::Interactive, false) else { break };
            left -= 1;
            out.push((now + 150, ticket, server.arrive(now)));
        }
        now += 10;
    }
    (now, server.refused)
}

#[test]
fn two_thousand_requests_take_little_more_than_a_window() {
    let (took, refused) = race(2000, 0);
    assert_eq!(refused, 0);
    // 950 at once, 950 when they free after a minute, 100 after another.
    assert!((120_000..123_000).contains(&took), "{took}");
    let (took, refused) = race(1900, 0);
    assert_eq!(refused, 0);
    assert!((60_000..71_000).contains(&took), "{took}");
}

#[test]
fn others_who_take_half_of_the_budget_are_left_their_half() {
    let (took, refused) = race(1500, 8);
    assert_eq!(refused, 0);
    assert!(took < 4 * WINDOW, "{took}");
}
