//! The rate limit as people and the server meet it.

use crate::support::hostile::{Act, Hostile, answer, bare, json};
use crate::support::wire::{Heard, KEY, quick, target, wire, wire_with, write};
use std::sync::Arc;
use std::time::Duration;
use vitally_script::catalogue::Method;
use vitally_script::client::{ApiKey, Kind, Target, Timeouts, connect};
use vitally_script::simulator::{Options, Simulator};
use vitally_script::stop::{Reason, Stop};

const SECOND: Duration = Duration::from_secs(1);

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
fn more_than_a_minutes_requests_go_to_a_simulator_that_counts_none() {
    let options = Options { key: KEY.into(), accounts: 1, rate_limit: None, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let wire = wire_with(&simulator.origin(), Timeouts { second: SECOND, ..quick() });
    // The first answer brings the limit; before that, no more than the documented budget may leave.
    wire.client.get("/admins", &[]).expect("an answer");
    std::thread::scope(|scope| {
        let all = scope.spawn(|| wire.client.get_many(vec!["/admins".to_string(); 1100]));
        while !all.is_finished() && wire.heard.notices().is_empty() {
            std::thread::yield_now();
        }
        let notices = wire.heard.notices();
        wire.stop.set(Reason::Interrupted);
        assert!(notices.is_empty(), "{notices:?}");
        assert!(all.join().expect("it did not panic").iter().all(Result::is_ok));
    });
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
        let wire = &wire;
        let done = std::thread::scope(|scope| {
            let send = |it| wire.writer.send(&write(Method::Post, &format!("/tasks/{it}"), false));
            let writing: Vec<_> = (0..30).map(|it| scope.spawn(move || send(it))).collect();
            writing.into_iter().filter_map(|thread| thread.join().expect("it did not panic").ok()).count()
        });
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
