//! The request budget, and faults on order.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vitally_script::simulator::{Effect, Fault, Options, RateMode, Simulator};

use crate::support::http::{KEY, Reply, basic, exchange, get, results, send};

fn small() -> Simulator {
    Simulator::start(Options { accounts: 4, rate_limit: None, ..Options::default() }).expect("a simulator")
}

fn attempt(simulator: &Simulator, path: &str) -> Option<Reply> {
    exchange(simulator, "GET", &format!("/resources{path}"), Some(&basic(KEY)), "")
}

fn budget(reply: &Reply) -> (String, i64, i64) {
    let header = |name: &str| reply.header(name).unwrap_or_else(|| panic!("{name} is missing")).to_string();
    let number = |name: &str| header(name).parse().expect("a whole number");
    (header("ratelimit-limit"), number("ratelimit-remaining"), number("ratelimit-reset"))
}

#[test]
fn requests_over_the_budget_are_refused_in_both_modes() {
    for rate_mode in [RateMode::TokenBucket, RateMode::SlidingWindow] {
        let options =
            Options { accounts: 3, rate_limit: Some(4), rate_mode, write_cost: 2, ..Options::default() };
        let simulator = Simulator::start(options).expect("a simulator");
        let (limit, remaining, _) = budget(&get(&simulator, "/admins"));
        assert_eq!((limit.as_str(), remaining), ("4, 4;window=60", 3));
        let reply = send(&simulator, "PUT", "/tasks/task-1", &json!({ "name": "Two units" }));
        assert_eq!((reply.status, budget(&reply).1), (200, 1));
        let (_, remaining, reset) = budget(&get(&simulator, "/nothing"));
        assert!(remaining == 0 && (1..=60).contains(&reset), "a miss counts, and reset is in seconds");
        let refused = get(&simulator, "/admins");
        assert_eq!((refused.status, refused.text().as_str()), (429, r#"{"error":"Too many requests"}"#));
        let (_, remaining, reset) = budget(&refused);
        assert!(remaining == 0 && (1..=60).contains(&reset), "{remaining} {reset}");
        assert_eq!(refused.header("retry-after"), None, "an undocumented header");
        let status = exchange(&simulator, "GET", "/resources/admins", None, "").map(|reply| reply.status);
        assert_eq!(status, Some(401), "a request without a key costs nothing and is told so");
    }
}

#[test]
fn without_a_limit_the_headers_still_come() {
    let simulator = small();
    let full = ("1000000000, 1000000000;window=60".into(), 1_000_000_000, 0);
    assert_eq!(budget(&get(&simulator, "/admins")), full);
    assert_eq!(budget(&get(&simulator, "/admins")), full);
}

#[test]
fn a_status_falls_on_the_requests_it_was_ordered_for() {
    let simulator = small();
    simulator.fail(Fault::status(503).method("GET").path("/accounts").times(2));
    let status = |path: &str| get(&simulator, path).status;
    assert_eq!(status("/users"), 200);
    assert_eq!(send(&simulator, "PUT", "/accounts/acct-1", &json!({})).status, 200);
    let order = [status("/accounts"), status("/accounts/acct-1"), status("/accounts")];
    assert_eq!(order, [503, 503, 200]);
    assert!(get(&simulator, "/accounts").json()["results"].is_array());
}

#[test]
fn a_429_comes_with_or_without_headers() {
    let simulator = small();
    simulator.fail(Fault::status(429));
    let reply = get(&simulator, "/admins");
    let (_, remaining, reset) = budget(&reply);
    assert!(reply.status == 429 && remaining == 0 && reset >= 1);
    simulator.fail(Fault::next(Effect::Status { status: 429, headers: false, retry_after: Some(7) }));
    let reply = get(&simulator, "/admins");
    assert_eq!((reply.status, reply.header("ratelimit-limit")), (429, None));
    assert_eq!(reply.header("retry-after"), Some("7"));
}

#[test]
fn bodies_can_be_spoiled() {
    let simulator = small();
    let spoiled = |effect: Effect| {
        simulator.fail(Fault::next(effect));
        get(&simulator, "/accounts")
    };
    let html = spoiled(Effect::Html { status: 502 });
    assert_eq!((html.status, html.header("content-type")), (502, Some("text/html")));
    assert!(html.text().starts_with("<html>"));
    let half = spoiled(Effect::Truncate);
    assert!(
        half.status == 200 && serde_json::from_slice::<Value>(&half.body).is_err() && !half.body.is_empty()
    );
    let empty = spoiled(Effect::Empty);
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    let large = spoiled(Effect::Oversized { bytes: 3_000_000 });
    assert_eq!(large.body.len(), 3_000_000);
    assert!(large.json()["results"].is_array());
}

#[test]
fn connections_can_be_closed_before_or_after_the_work() {
    let simulator = small();
    let create = |key: &str| {
        let body = json!({ "externalId": key, "name": "N" }).to_string();
        exchange(&simulator, "POST", "/resources/accounts", Some(&basic(KEY)), &body)
    };
    simulator.fail(Fault::next(Effect::CloseBefore));
    assert!(create("before").is_none());
    assert_eq!(get(&simulator, "/accounts/before").status, 404);
    simulator.fail(Fault::next(Effect::CloseAfter));
    assert!(create("after").is_none());
    assert_eq!(get(&simulator, "/accounts/after").status, 200, "the write was done, its answer lost");
    assert_eq!(simulator.requests()[0].status, 0);
}

#[test]
fn a_request_can_wait_while_others_are_served() {
    for effect in [Effect::Hang, Effect::Delay { millis: 3_600_000 }] {
        let simulator = small();
        simulator.fail(Fault::next(effect).path("/admins"));
        let origin = simulator.origin();
        let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).expect("a connection");
        let key = basic(KEY);
        let head = format!("GET /resources/admins HTTP/1.1\r\nhost: x\r\nauthorization: {key}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("the request goes out");
        while simulator.requests().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(get(&simulator, "/admins").status, 200);
        stream.set_nonblocking(true).expect("a socket");
        let read = stream.read(&mut [0; 1]).map_err(|error| error.kind());
        assert_eq!(read.err(), Some(ErrorKind::WouldBlock), "nothing came, and nothing was closed");
    }
}

#[test]
fn latency_delays_every_answer() {
    let latency = Duration::from_millis(50);
    let options = Options { accounts: 3, rate_limit: None, latency, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    for path in ["/admins", "/nothing"] {
        let started = Instant::now();
        get(&simulator, path);
        assert!(started.elapsed() >= latency, "{path}");
    }
}

#[test]
fn a_cursor_can_repeat_for_ever() {
    let simulator = small();
    simulator.fail(Fault { times: None, ..Fault::next(Effect::RepeatCursor) }.path("/users"));
    let mut from = String::new();
    let mut pages = Vec::new();
    for _ in 0..4 {
        let page = get(&simulator, &format!("/users?limit=5&from={from}")).json();
        assert_eq!(page["atEnd"], false);
        from = page["next"].as_str().expect("a cursor").replace('=', "%3D").replace('+', "%2B");
        pages.push((page["results"].clone(), from.clone()));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "the same page and the same cursor");
    simulator.clear_faults();
    assert_ne!(get(&simulator, &format!("/users?limit=5&from={from}")).json()["next"], Value::Null);
}

#[test]
fn random_faults_follow_their_seed() {
    let statuses = |seed: u64| -> Vec<u16> {
        let simulator = small();
        simulator.fail(Fault::status(500).randomly(0.3, seed));
        (0..40).filter_map(|_| attempt(&simulator, "/admins")).map(|reply| reply.status).collect()
    };
    let (one, again, other) = (statuses(5), statuses(5), statuses(6));
    assert_eq!(one, again);
    assert_ne!(one, other);
    let failed = one.iter().filter(|status| **status == 500).count();
    assert!((3..25).contains(&failed), "{failed} of 40");
}

#[test]
fn faults_are_ordered_through_the_back_door_too() {
    let simulator = small();
    let fault = json!({ "effect": { "kind": "status", "status": 500 }, "path": "/users", "times": 1 });
    assert_eq!(simulator.backdoor("POST", "/faults", &fault).0, 204);
    let pending = simulator.backdoor("GET", "/faults", &Value::Null).1;
    assert_eq!(
        pending[0]["effect"],
        json!({ "kind": "status", "status": 500, "headers": true, "retryAfter": null })
    );
    assert_eq!(get(&simulator, "/users").status, 500);
    assert_eq!(simulator.backdoor("GET", "/faults", &Value::Null).1, json!([]));
    for kind in ["truncate", "empty", "hang", "closeBefore", "closeAfter", "repeatCursor"] {
        let fault = json!({ "effect": { "kind": kind }, "path": "/nothing" });
        assert_eq!(simulator.backdoor("POST", "/faults", &fault).0, 204, "{kind}");
    }
    assert_eq!(simulator.backdoor("POST", "/faults", &json!({ "effect": { "kind": "fire" } })).0, 400);
    assert_eq!(simulator.backdoor("DELETE", "/faults", &Value::Null).0, 204);
    assert!(!results(&simulator, "/users").is_empty());
}
