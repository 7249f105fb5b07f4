//! The rate budget: arithmetic over a clock that the test holds, and the pauses people see.

use crate::support::hostile::{Act, Hostile, answer, bare, json};
use crate::support::wire::{Heard, quick, target, wire, wire_with, write};
use proptest::prelude::{Strategy, any, proptest};
use proptest::{collection, prop_assert, prop_assert_eq};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use vitally_script::catalogue::Method;
use vitally_script::client::pace::{Pace, Priority, Reading, Ticket, Turn};
use vitally_script::client::{ApiKey, Kind, Target, Timeouts, connect};
use vitally_script::stop::{Reason, Stop};

const SECOND: Duration = Duration::from_secs(1);
const WINDOW: u64 = 60_000;

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn go(pace: &mut Pace, ms: u64, priority: Priority, write: bool) -> Option<Ticket> {
    match pace.ask(at(ms), priority, write) {
        Turn::Go(ticket) => Some(ticket),
        Turn::Wait(wait) => {
            assert!(wait > Duration::ZERO, "a wait of nothing would spin");
            None
        }
    }
}

/// How many plain reads may leave at this moment; each is answered at once with `reading`.
fn burst(pace: &mut Pace, ms: u64, reading: &Reading) -> usize {
    let mut count = 0;
    while let Some(ticket) = go(pace, ms, Priority::Interactive, false) {
        pace.finish(at(ms), ticket, Some(reading));
        count += 1;
        assert!(count < 100_000, "it has an end");
    }
    count
}

fn reading(limit: u32, remaining: u32, reset: u64) -> Reading {
    Reading {
        limit: Some(limit),
        window: Some(SECOND * 60),
        remaining: Some(remaining),
        reset: Some(Duration::from_secs(reset)),
    }
}

#[derive(Clone, Debug)]
struct Wish {
    after: u64,
    priority: Priority,
    write: bool,
    latency: u64,
    arrives: u64,
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let priority = proptest::sample::select(vec![Priority::Interactive, Priority::Poll, Priority::Sweep]);
    let wish = (0u64..700, priority, any::<bool>(), 0u64..5_000, 0u64..=100).prop_map(
        |(after, priority, write, latency, share)| Wish {
            after,
            priority,
            write,
            latency,
            arrives: latency * share / 100,
        },
    );
    collection::vec(wish, 1..400)
}

/// What left and what arrived, played against a pace of 100 units a window.
struct Played {
    left: Vec<(u64, Priority)>,
    arrived: Vec<u64>,
}

fn play(wishes: &[Wish], reserve: f64) -> Played {
    let mut pace = Pace::new(reserve, SECOND);
    let teach = Reading { limit: Some(100), ..Reading::default() };
    let mut played = Played { left: Vec::new(), arrived: Vec::new() };
    let mut out: BTreeMap<(u64, usize), Ticket> = BTreeMap::new();
    let mut now = 0;
    let first = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    pace.finish(at(0), first, Some(&teach));
    played.left.push((0, Priority::Interactive));
    played.arrived.push(0);
    for (index, wish) in wishes.iter().enumerate() {
        now += wish.after;
        while let Some(((end, _), _)) = out.first_key_value()
            && *end <= now
        {
            let ((end, _), ticket) = out.pop_first().expect("it was there");
            pace.finish(at(end), ticket, Some(&teach));
        }
        if let Some(ticket) = go(&mut pace, now, wish.priority, wish.write) {
            out.insert((now + wish.latency, index), ticket);
            played.left.push((now, wish.priority));
            played.arrived.push(now + wish.arrives);
        }
    }
    played
}

/// The most moments in any window.
fn fullest(moments: impl Iterator<Item = u64>) -> usize {
    let mut moments: Vec<u64> = moments.collect();
    moments.sort_unstable();
    (0..moments.len())
        .map(|first| moments[first..].iter().take_while(|it| **it < moments[first] + WINDOW).count())
        .max()
        .unwrap_or(0)
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_than_our_share(wishes in wishes(), reserve in 0.0f64..0.9) {
        let usable = Pace::new(reserve, SECOND).usable() as usize / 10;
        let played = play(&wishes, reserve);
        let usable = usable.max(1);
        // Whether requests are counted when they leave or whenever they arrive until their answer.
        prop_assert!(fullest(played.left.iter().map(|(at, _)| *at)) <= usable);
        prop_assert!(fullest(played.arrived.iter().copied()) <= usable);
    }

    #[test]
    fn sweeps_never_take_more_than_a_quarter(wishes in wishes()) {
        let played = play(&wishes, 0.05);
        let sweeps = played.left.iter().filter(|(_, priority)| *priority == Priority::Sweep);
        prop_assert!(fullest(sweeps.map(|(at, _)| *at)) <= 95 / 4);
    }

    #[test]
    fn what_the_server_says_is_left_is_never_overdrawn(remaining in 0u32..1000, reserve in 0.0f64..0.5) {
        let mut pace = Pace::new(reserve, SECOND);
        let first = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
        pace.finish(at(0), first, Some(&reading(1000, remaining, 30)));
        let kept = 1000 - pace.usable();
        let mut out = Vec::new();
        while let Some(ticket) = go(&mut pace, 1, Priority::Interactive, false) {
            out.push(ticket);
        }
        let expected = remaining.min(999).saturating_sub(kept);
        prop_assert_eq!(u32::try_from(out.len()).expect("few"), expected);
    }
}

#[test]
fn the_first_window_goes_at_once_and_the_next_when_it_frees() {
    let mut pace = Pace::new(0.05, SECOND);
    assert_eq!(burst(&mut pace, 0, &Reading::default()), 950);
    assert_eq!(burst(&mut pace, WINDOW - 1, &Reading::default()), 0);
    assert_eq!(burst(&mut pace, WINDOW, &Reading::default()), 950);
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
        Some(reading(1000, 1000 - self.used(ms), (oldest + WINDOW - ms).div_ceil(1000)))
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
            match told {
                Some(told) => pace.finish(at(now), ticket, Some(&told)),
                None => {
                    left += 1;
                    pace.refused(at(now), ticket, &Reading::default(), None, 0.0);
                }
            }
        }
        while left > 0 && out.len() < 16 {
            let Some(ticket) = go(&mut pace, now, Priority::Interactive, false) else { break };
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

#[test]
fn the_limit_is_learned() {
    let mut pace = Pace::new(0.1, SECOND);
    let teach = Reading { limit: Some(50), ..Reading::default() };
    assert_eq!(burst(&mut pace, 0, &teach), 45);
    assert_eq!(pace.usable(), 45);
}

#[test]
fn the_most_careful_user_of_a_key_decides() {
    let mut pace = Pace::new(0.05, SECOND);
    pace.reserve_at_least(0.5);
    pace.reserve_at_least(0.1);
    assert_eq!(pace.usable(), 500);
}

#[test]
fn others_use_of_the_key_shrinks_the_budget_until_it_is_seen_to_end() {
    let mut pace = Pace::new(0.05, SECOND);
    let ticket = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    // Others took nearly everything; the next unit comes back in 7 seconds.
    pace.finish(at(0), ticket, Some(&reading(1000, 20, 7)));
    assert!(go(&mut pace, 6_999, Priority::Interactive, false).is_none());
    let probe = go(&mut pace, 7_000, Priority::Interactive, false).expect("one goes out to see");
    assert!(go(&mut pace, 7_000, Priority::Interactive, false).is_none(), "only one");
    pace.finish(at(7_100), probe, Some(&reading(1000, 998, 1)));
    assert_eq!(burst(&mut pace, 7_200, &Reading::default()), 948);
}

#[test]
fn a_refusal_pauses_everyone_and_then_one_goes_out_to_see() {
    let mut pace = Pace::new(0.05, SECOND);
    let first = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    let second = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    let wait = pace.refused(at(0), first, &reading(1000, 0, 5), Some(SECOND * 12), 0.0);
    assert_eq!(wait, SECOND * 12);
    // Its neighbour asks for less, which does not shorten the pause.
    assert_eq!(pace.refused(at(10), second, &Reading::default(), None, 0.0), at(11_990));
    for priority in [Priority::Interactive, Priority::Poll, Priority::Sweep] {
        assert!(go(&mut pace, 11_999, priority, false).is_none());
    }
    let probe = go(&mut pace, 12_000, Priority::Interactive, false).expect("one goes out to see");
    assert!(go(&mut pace, 12_000, Priority::Interactive, false).is_none());
    pace.finish(at(12_100), probe, Some(&Reading::default()));
    assert!(burst(&mut pace, 12_100, &Reading::default()) > 900);
}

#[test]
fn refusals_without_headers_pause_longer_each_time_up_to_a_minute() {
    let mut pace = Pace::new(0.05, SECOND);
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..9 {
        let ticket = go(&mut pace, now, Priority::Interactive, false).expect("the pause is over");
        let wait = pace.refused(at(now), ticket, &Reading::default(), None, 0.0);
        waits.push(wait.as_secs());
        now += u64::try_from(wait.as_millis()).expect("short");
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn a_pause_is_spread_a_little_and_has_an_end() {
    for (asked, jitter, expected) in
        [(10, 1.0, 11_000), (5, 0.5, 5_250), (3600, 0.0, 120_000), (40, 1.0, 41_000)]
    {
        let mut pace = Pace::new(0.05, SECOND);
        let ticket = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
        let wait = pace.refused(at(0), ticket, &Reading::default(), Some(SECOND * asked), jitter);
        assert_eq!(wait, at(expected), "{asked} {jitter}");
    }
}

#[test]
fn a_waiting_person_goes_before_polls_and_sweeps() {
    let mut pace = Pace::new(0.05, SECOND);
    pace.begin_waiting(Priority::Interactive);
    assert!(go(&mut pace, 0, Priority::Poll, false).is_none());
    assert!(go(&mut pace, 0, Priority::Sweep, false).is_none());
    assert!(go(&mut pace, 0, Priority::Interactive, false).is_some());
    pace.end_waiting(Priority::Interactive);
    pace.begin_waiting(Priority::Poll);
    assert!(go(&mut pace, 0, Priority::Sweep, false).is_none());
    assert!(go(&mut pace, 0, Priority::Poll, false).is_some());
}

#[test]
fn a_request_that_never_left_occupies_nothing() {
    let mut pace = Pace::new(0.05, SECOND);
    for _ in 0..2000 {
        let ticket = go(&mut pace, 0, Priority::Sweep, true).expect("nothing is used");
        pace.give_back(ticket);
    }
    assert_eq!(burst(&mut pace, 0, &Reading::default()), 950);
}

#[test]
fn the_cost_of_a_write_is_learned_in_spite_of_noise() {
    let mut pace = Pace::new(0.05, SECOND);
    let mut left = 1000;
    let mut one = |pace: &mut Pace, write: bool, drop: u32| {
        let ticket = go(pace, 0, Priority::Interactive, write).expect("the budget is whole");
        left -= drop;
        pace.finish(at(0), ticket, Some(&reading(1000, left, 1)));
        pace.write_cost()
    };
    assert_eq!(one(&mut pace, false, 1), 1);
    assert_eq!(one(&mut pace, true, 3), 1);
    // Somebody else took 40 units at the same moment.
    assert_eq!(one(&mut pace, true, 43), 1);
    assert_eq!(one(&mut pace, true, 3), 3);
    assert_eq!(one(&mut pace, false, 1), 3);
    assert_eq!(one(&mut pace, true, 3), 3);
}

/// One read's `RateLimit` headers, and whether a second read may follow at once.
fn follows(headers: &[&str]) -> bool {
    let server = Hostile::acting(vec![Act::Answer(answer(200, headers, b"{}"))]);
    let wire = wire_with(&server.origin(), Timeouts { second: SECOND, ..quick() });
    wire.client.get("/accounts", &[]).expect("an answer");
    std::thread::scope(|scope| {
        let second = scope.spawn(|| wire.client.get("/accounts", &[]));
        while !second.is_finished() && wire.heard.notices().is_empty() {
            std::thread::yield_now();
        }
        wire.stop.set(Reason::Interrupted);
        second.join().expect("it did not panic").is_ok()
    })
}

#[test]
fn headers_are_read_as_vitally_writes_them() {
    let limit = "RateLimit-Limit: 1000, 1000;window=60";
    assert!(follows(&[limit, "RateLimit-Remaining: 999", "RateLimit-Reset: 1"]));
    assert!(!follows(&[limit, "RateLimit-Remaining: 3", "RateLimit-Reset: 9"]));
    assert!(!follows(&["RateLimit-Limit: 1000", "RateLimit-Remaining: 3", "RateLimit-Reset: 9"]));
    // A moment far in the future instead of seconds.
    assert!(!follows(&[limit, "RateLimit-Remaining: 3", "RateLimit-Reset: 4102444800"]));
    assert!(follows(&["RateLimit-Limit: many", "RateLimit-Remaining: few", "RateLimit-Reset: soon"]));
    assert!(follows(&[]));
}

#[test]
fn a_person_is_told_once_what_is_waited_for() {
    let server = Hostile::acting(vec![bare(429, &["Retry-After: 12"]), json(200, "{}")]);
    let wire = wire_with(&server.origin(), Timeouts { second: Duration::from_millis(20), ..quick() });
    let answers = wire.client.get_many((0..10).map(|it| format!("/accounts/{it}")).collect());
    assert!(answers.iter().all(Result::is_ok));
    let notices = wire.heard.notices();
    // Up to a second is added, so that not everybody comes back at once.
    let told = |seconds: u32| format!("Vitally's rate limit is reached; waiting {seconds} s");
    assert!(notices == [told(12)] || notices == [told(13)], "{notices:?}");
}

#[test]
fn a_storm_of_refusals_passes_and_nothing_is_sent_twice() {
    for headers in
        [&[][..], &["RateLimit-Limit: 1000, 1000;window=60", "RateLimit-Remaining: 0", "RateLimit-Reset: 1"]]
    {
        let refused = bare(429, headers);
        let mut acts = vec![refused; 20];
        acts.push(json(200, "{}"));
        let server = Hostile::acting(acts);
        let wire = wire(&server.origin());
        let pending: Vec<_> = (0..30)
            .map(|it| wire.writer.start(write(Method::Post, &format!("/tasks/{it}"), false)))
            .collect();
        let done =
            pending.into_iter().map(vitally_script::client::Pending::wait).filter(Result::is_ok).count();
        // Only refusals came before the first success; each later request was answered once.
        assert_eq!(server.seen().len(), 20 + done);
        assert!(done >= 25, "{done} of 30");
    }
}

#[test]
fn connections_of_one_key_share_one_budget_and_other_keys_have_their_own() {
    let headers = ["RateLimit-Limit: 2, 2;window=3600"];
    let server = Hostile::acting(vec![Act::Answer(answer(200, &headers, b"{}"))]);
    let open = || wire_with(&server.origin(), Timeouts { second: SECOND, ..quick() });
    open().client.get("/accounts", &[]).expect("an answer");
    let second = open();
    std::thread::scope(|scope| {
        let held = scope.spawn(|| second.client.get("/accounts", &[]));
        while !held.is_finished() && second.heard.notices().is_empty() {
            std::thread::yield_now();
        }
        second.stop.set(Reason::Interrupted);
        assert_eq!(held.join().expect("it did not panic").expect_err("it waits").kind, Kind::Stopped);
    });
    let key = ApiKey::parse("another").expect("a key");
    let another = Target { key, ..target(&server.origin(), quick()) };
    let (client, _) = connect(another, Stop::new(), Arc::new(Heard::default()));
    client.get("/accounts", &[]).expect("an answer");
    assert_eq!(server.seen().len(), 2);
}
