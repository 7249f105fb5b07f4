//! The rate budget as arithmetic, over a clock that the test holds.

use proptest::prelude::{Strategy, any, proptest};
use proptest::{collection, prop_assert, prop_assert_eq};
use std::collections::BTreeMap;
use std::time::Duration;
use vitally_script::client::pace::{Pace, Priority, Reading, Ticket, Turn};

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
fn the_newest_word_about_the_reset_counts() {
    let mut pace = Pace::new(0.05, SECOND);
    let first = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    let second = go(&mut pace, 0, Priority::Interactive, false).expect("the budget is whole");
    pace.finish(at(0), first, Some(&reading(1000, 10, 50)));
    pace.refused(at(100), second, &reading(1000, 0, 5), None, 0.0);
    assert!(go(&mut pace, 5_099, Priority::Interactive, false).is_none());
    assert!(go(&mut pace, 5_100, Priority::Interactive, false).is_some());
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
