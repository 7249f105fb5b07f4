//! The whole retry matrix: every fault with every kind of request, counted at the server.

use crate::support::hostile::{Act, Hostile, answer, bare, json};
use crate::support::wire::{Wire, impatient, quick, wire, wire_with, write};
use std::net::TcpListener;
use vitally_script::catalogue::Method;
use vitally_script::client::retry::{Budget, backoff};
use vitally_script::client::{Answer, Failure, Kind, Timeouts};

/// The kinds of request, in the order of the columns below.
const KINDS: [(&str, Method, bool); 5] = [
    ("GET", Method::Get, false),
    ("PUT", Method::Put, false),
    ("DELETE", Method::Delete, false),
    ("POST with an externalId", Method::Post, true),
    ("POST", Method::Post, false),
];

/// How often the server saw the request, how it failed, and whether it may have been done.
type Cell = Option<(usize, Kind, bool)>;

fn send(wire: &Wire, method: Method, repeatable: bool) -> Result<Answer, Failure> {
    match method {
        Method::Get => wire.client.get("/things/1", &[]),
        _ => wire.writer.send(&write(method, "/things/1", repeatable)),
    }
}

/// Plays a fault for each kind of request, first for ever and then only once.
fn play(fault: &str, act: &Act, timeouts: Timeouts, cells: [Cell; 5]) {
    for ((kind, method, repeatable), cell) in KINDS.into_iter().zip(cells) {
        let server = Hostile::acting(vec![act.clone()]);
        let result = send(&wire_with(&server.origin(), timeouts), method, repeatable);
        let found = result.err().map(|failure| (server.seen().len(), failure.kind, failure.maybe_applied));
        assert_eq!(found, cell, "{fault}, {kind}");

        let Some((times, _, _)) = cell else { continue };
        let server = Hostile::acting(vec![act.clone(), json(200, "{}")]);
        let result = send(&wire_with(&server.origin(), timeouts), method, repeatable);
        let expected = if times > 1 { 2 } else { 1 };
        assert_eq!((result.is_ok(), server.seen().len()), (times > 1, expected), "{fault} once, {kind}");
    }
}

/// Retried for all but a plain POST, whose end is then unclear.
fn unclear(kind: Kind) -> [Cell; 5] {
    let again = Some((4, kind, true));
    [Some((4, kind, false)), again, again, again, Some((1, Kind::MaybeApplied, true))]
}

fn never(kind: Kind) -> [Cell; 5] {
    [Some((1, kind, false)); 5]
}

fn always(kind: Kind) -> [Cell; 5] {
    [Some((4, kind, false)); 5]
}

#[test]
fn a_lost_answer_is_asked_for_again_unless_that_could_make_a_second_record() {
    play("closed", &Act::Close, quick(), unclear(Kind::Network));
    play("reset", &Act::Reset, quick(), unclear(Kind::Network));
    play(
        "cut in the head",
        &Act::AnswerAndClose(b"HTTP/1.1 200 OK\r\nContent-".into()),
        quick(),
        unclear(Kind::Network),
    );
    let mut cut = answer(200, &[], br#"{"id": "1", "name": "Acme"}"#);
    cut.truncate(cut.len() - 10);
    play("cut in the body", &Act::AnswerAndClose(cut), quick(), unclear(Kind::Network));
    play("not HTTP", &Act::AnswerAndClose(b"220 mail ready\r\n".into()), quick(), unclear(Kind::Network));
}

#[test]
fn an_answer_that_does_not_come_in_time_is_lost() {
    for (kind, method, repeatable) in KINDS {
        let server = Hostile::acting(vec![Act::Hang]);
        let failure = send(&wire_with(&server.origin(), impatient()), method, repeatable).expect_err(kind);
        let expected = match (method, repeatable) {
            (Method::Get, _) => (4, Kind::Timeout, false),
            (Method::Post, false) => (1, Kind::MaybeApplied, true),
            _ => (4, Kind::Timeout, true),
        };
        assert_eq!((server.seen().len(), failure.kind, failure.maybe_applied), expected, "{kind}");
    }
}

#[test]
fn what_never_reached_a_server_is_tried_again_whatever_it_is() {
    for (kind, method, repeatable) in KINDS {
        let free =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let wire = wire(&format!("http://{free}"));
        let failure = send(&wire, method, repeatable).expect_err(kind);
        let found = (wire.heard.requests().len(), failure.kind, failure.maybe_applied);
        assert_eq!(found, (4, Kind::Network, false), "{kind}");
    }
}

#[test]
fn what_the_server_says_it_did_not_do_is_tried_again_whatever_it_is() {
    play("429", &bare(429, &[]), quick(), always(Kind::RateLimited));
    let told = ["RateLimit-Limit: 1000, 1000;window=60", "RateLimit-Remaining: 0", "RateLimit-Reset: 2"];
    play("429 with headers", &bare(429, &told), quick(), always(Kind::RateLimited));
    play("429 with Retry-After", &bare(429, &["Retry-After: 3"]), quick(), always(Kind::RateLimited));
    play("503 with Retry-After", &bare(503, &["Retry-After: 3"]), quick(), always(Kind::Server));
}

#[test]
fn a_failing_server_is_asked_again_unless_that_could_make_a_second_record() {
    for status in [500, 502, 503, 504, 520] {
        play(&status.to_string(), &json(status, r#"{"error":"no"}"#), quick(), unclear(Kind::Server));
    }
    play("408", &bare(408, &[]), quick(), unclear(Kind::Timeout));
    play("425", &bare(425, &[]), quick(), unclear(Kind::Invalid));
}

#[test]
fn a_refusal_is_final() {
    for (status, kind) in [
        (400, Kind::Invalid),
        (401, Kind::Unauthorized),
        (403, Kind::Unauthorized),
        (404, Kind::NotFound),
        (405, Kind::Invalid),
        (409, Kind::Conflict),
        (422, Kind::Invalid),
    ] {
        play(&status.to_string(), &json(status, r#"{"error":"no"}"#), quick(), never(kind));
    }
    play("302", &bare(302, &["Location: https://login.example/"]), quick(), never(Kind::Server));
}

#[test]
fn an_answer_that_is_not_json_is_asked_for_again_and_a_delete_does_not_care() {
    let garbled = |cells: [Cell; 5]| [cells[0], cells[1], None, cells[3], cells[4]];
    play("broken", &json(200, r#"{"id": "1", "na"#), quick(), garbled(unclear(Kind::Server)));
    play(
        "web page",
        &json(200, "<!DOCTYPE html><title>Log in</title>"),
        quick(),
        garbled(unclear(Kind::Server)),
    );
    play("empty", &bare(200, &[]), quick(), [Some((4, Kind::Server, false)), None, None, None, None]);
}

#[test]
fn a_repeat_that_is_refused_after_an_unclear_try_says_that_it_may_have_been_done() {
    let server = Hostile::acting(vec![Act::Close, json(404, r#"{"error":"Not found"}"#)]);
    let failure =
        wire(&server.origin()).writer.send(&write(Method::Delete, "/things/1", false)).expect_err("404");
    assert_eq!((failure.kind, failure.maybe_applied), (Kind::NotFound, true));
    let help = failure.help.unwrap_or_default();
    let last = "A try that got no clear answer may have done it; to repeat it does no harm.";
    assert!(help.ends_with(last), "{help}");
}

#[test]
fn retries_stay_below_a_fifth_of_many_requests() {
    let server = Hostile::acting(vec![json(500, "{}")]);
    let wire = wire(&server.origin());
    for _ in 0..200 {
        wire.client.get("/things/1", &[]).expect_err("the server fails");
    }
    // 200 first tries, the first allowance of 20 retries, and one for every five requests.
    assert_eq!(server.seen().len(), 200 + 20 + 40 - 1);
}

#[test]
fn a_budget_is_earned_by_requests() {
    let budget = Budget::new();
    assert_eq!((0..100).filter(|_| budget.spend()).count(), 20);
    (0..4).for_each(|_| budget.earn());
    assert!(!budget.spend());
    budget.earn();
    assert!(budget.spend());
}

#[test]
fn waits_between_tries_double_and_are_spread_over_their_whole_length() {
    let base = std::time::Duration::from_millis(500);
    let longest: Vec<u128> = (1..=4).map(|tries| backoff(base, tries, 1.0).as_millis()).collect();
    assert_eq!(longest, [500, 1000, 2000, 4000]);
    assert_eq!(backoff(base, 3, 0.0).as_millis(), 0);
    assert_eq!(backoff(base, 3, 0.25).as_millis(), 500);
}
