//! What goes over the wire and what comes back.

use crate::support::hostile::{Act, Hostile, answer, bare, gzip, gzip_bomb, json};
use crate::support::wire::{KEY, quick, wire, wire_with, write};
use std::time::Duration;
use vitally_script::catalogue::Method;
use vitally_script::client::{Client, Kind, Timeouts, Writer};

/// Whether a type can be cloned, decided at compile time: the inherent constant wins where it applies.
struct Clones<T>(std::marker::PhantomData<T>);

trait ByDefault {
    const ANSWER: bool = false;
}

impl<T> ByDefault for Clones<T> {}

impl<T: Clone> Clones<T> {
    const ANSWER: bool = true;
}

#[test]
fn only_the_reading_half_can_be_cloned() {
    assert_eq!((Clones::<Client>::ANSWER, Clones::<Writer>::ANSWER), (true, false));
}

#[test]
fn a_read_asks_for_json_and_sends_no_body() {
    let server = Hostile::acting(vec![json(200, r#"{"id":"1"}"#)]);
    let query = [("a b".to_string(), "ü&=+".to_string())];
    let answer = wire(&server.origin()).client.get("accounts/a%2Fb", &query).expect("an answer");
    assert_eq!((answer.status, answer.body()), (200, br#"{"id":"1"}"#.as_slice()));
    let seen = server.seen().remove(0);
    assert_eq!(seen.line, "GET /resources/accounts/a%2Fb?a%20b=%C3%BC%26%3D%2B");
    assert_eq!(seen.body, "");
    for line in ["accept: application/json", "accept-encoding: gzip"] {
        assert!(seen.headers.iter().any(|header| header == line), "{line}: {:?}", seen.headers);
    }
    assert!(seen.headers.iter().any(|header| header.starts_with("user-agent: vitally-script/")));
}

#[test]
fn a_write_sends_its_body_and_its_query() {
    let server = Hostile::acting(vec![json(200, "{}"), bare(204, &[])]);
    let wire = wire(&server.origin());
    wire.writer.send(&write(Method::Post, "/accounts", false)).expect("an answer");
    let mut delete = write(Method::Delete, "/users/1", false);
    delete.query.push(("deleteOn".into(), "2027-09-01".into()));
    let gone = wire.writer.send(&delete).expect("an answer");
    assert_eq!((gone.status, gone.body().len()), (204, 0));
    let seen = server.seen();
    assert_eq!(
        (seen[0].line.as_str(), seen[0].body.as_str()),
        ("POST /resources/accounts", r#"{"name":"Acme"}"#)
    );
    assert!(seen[0].headers.contains(&"content-type: application/json".to_string()));
    assert_eq!(
        (seen[1].line.as_str(), seen[1].body.as_str()),
        ("DELETE /resources/users/1?deleteOn=2027-09-01", "")
    );
}

#[test]
fn headers_are_found_in_any_case() {
    let server =
        Hostile::acting(vec![Act::Answer(answer(200, &["RateLimit-Remaining: 912", "X-Odd: Yes"], b"{}"))]);
    let wire = wire(&server.origin());
    let answer = wire.client.get("/accounts", &[("limit".into(), "1".into())]).expect("an answer");
    assert!(answer.headers.get("x-odd") == Some("Yes") && answer.headers.get("X-ODD") == Some("Yes"));
    let lines = wire.heard.requests();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert!(
        line.starts_with("GET /accounts?limit=1 → 200 in ") && line.ends_with(" ms (remaining 912)"),
        "{line}"
    );
}

#[test]
fn a_path_cannot_climb_out_of_resources() {
    let server = Hostile::acting(vec![json(200, "{}")]);
    let wire = wire(&server.origin());
    for path in ["/accounts/..", "/accounts/%2E%2e/users", "/accounts/.", "/a/.%2e/b", "/a\\..\\b"] {
        let failure = wire.client.get(path, &[]).expect_err(path);
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (Kind::Invalid, "an id cannot be \".\" or \"..\"; nothing was sent")
        );
        wire.writer.send(&write(Method::Delete, path, false)).expect_err(path);
    }
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn compressed_answers_are_unpacked() {
    let text = format!(r#"{{"results":["{}"]}}"#, "x".repeat(200_000));
    let server =
        Hostile::acting(vec![Act::Answer(answer(200, &["Content-Encoding: gzip"], &gzip(text.as_bytes())))]);
    let answer = wire(&server.origin()).client.get("/accounts", &[]).expect("an answer");
    assert!(answer.body() == text.as_bytes());
}

#[test]
fn an_answer_that_is_too_large_is_refused() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n{".to_vec();
    let mut endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    endless.resize(33 << 20, b' ');
    let bomb = answer(200, &["Content-Encoding: gzip"], &gzip_bomb(40));
    for (what, bytes) in [("announced", announced), ("endless", endless), ("packed", bomb)] {
        let server = Hostile::acting(vec![Act::AnswerAndClose(bytes)]);
        let failure = wire(&server.origin()).client.get("/accounts", &[]).expect_err(what);
        let message = "Vitally's answer is larger than 32 MiB, which is not taken";
        assert_eq!(
            (failure.kind, failure.message.as_str(), server.seen().len()),
            (Kind::Server, message, 1),
            "{what}"
        );
    }
}

#[test]
fn an_answer_that_trickles_is_given_up_in_time() {
    // The head comes, the body never ends: the time for the whole answer counts, not that between two bytes.
    let mut head = answer(200, &[], b"");
    head = String::from_utf8(head)
        .expect("text")
        .replace("Content-Length: 0", "Content-Length: 10")
        .into_bytes();
    let server = Hostile::acting(vec![Act::Answer(head)]);
    let wire = wire_with(&server.origin(), Timeouts { total: Duration::from_millis(150), ..quick() });
    let failure = wire.client.get("/accounts", &[]).expect_err("no whole answer");
    assert_eq!((failure.kind, server.seen().len()), (Kind::Timeout, 4));
}

#[test]
fn redirects_are_not_followed_and_the_key_goes_nowhere_else() {
    let elsewhere = Hostile::acting(vec![json(200, "{}")]);
    let location = format!("Location: {}/resources/accounts?token={KEY}", elsewhere.origin());
    let server = Hostile::acting(vec![bare(307, &[&location])]);
    let failure = wire(&server.origin()).client.get("/accounts", &[]).expect_err("a redirect");
    let expected = format!(
        "the server sent the request elsewhere instead of answering it (307), to {}/resources/accounts",
        elsewhere.origin()
    );
    assert_eq!(failure.message, expected);
    assert_eq!(elsewhere.seen().len(), 0);
}

#[test]
fn many_reads_come_back_in_order_whoever_answers_first() {
    let server = Hostile::deciding(|seen| {
        let number: u32 = seen.line.rsplit('/').next().and_then(|it| it.parse().ok()).expect("a number");
        if number == 13 { json(404, r#"{"error":"unlucky"}"#) } else { json(200, &number.to_string()) }
    });
    let numbers: Vec<u32> = (0..60).chain([5, 5]).collect();
    let paths = numbers.iter().map(|number| format!("/accounts/{number}")).collect();
    let answers = wire(&server.origin()).client.get_many(paths);
    let found: Vec<Option<String>> = answers
        .into_iter()
        .map(|answer| answer.ok().map(|answer| String::from_utf8(answer.body().to_vec()).expect("text")))
        .collect();
    let expected: Vec<Option<String>> =
        numbers.iter().map(|it| (*it != 13).then(|| it.to_string())).collect();
    assert_eq!(found, expected);
}

#[test]
fn many_reads_are_on_their_way_at_once_but_not_too_many() {
    let server = Hostile::acting(vec![Act::AnswerWhenReleased(answer(200, &[], b"{}"))]);
    let wire = wire(&server.origin());
    std::thread::scope(|scope| {
        let reading =
            scope.spawn(|| wire.client.get_many((0..40).map(|it| format!("/accounts/{it}")).collect()));
        (0..16).for_each(|_| server.wait_for_request());
        // None has been answered, so there is no room for a seventeenth.
        assert_eq!(server.seen().len(), 16);
        server.release();
        assert!(reading.join().expect("it did not panic").iter().all(Result::is_ok));
    });
    assert_eq!(server.seen().len(), 40);
}

#[test]
fn writes_of_several_threads_overlap_and_are_each_sent_once() {
    let server = Hostile::acting(vec![Act::AnswerWhenReleased(answer(200, &[], b"{}"))]);
    let wire = wire(&server.origin());
    let wire = &wire;
    std::thread::scope(|scope| {
        let send = |it| wire.writer.send(&write(Method::Post, &format!("/tasks/{it}"), false));
        let writing: Vec<_> = (0..40).map(|it| scope.spawn(move || send(it))).collect();
        (0..40).for_each(|_| server.wait_for_request());
        server.release();
        assert!(writing.into_iter().all(|thread| thread.join().expect("it did not panic").is_ok()));
    });
    let mut lines = server.lines();
    lines.sort();
    lines.dedup();
    assert_eq!((lines.len(), server.seen().len()), (40, 40));
}

#[test]
fn one_request_after_the_other_shares_a_connection() {
    let server = Hostile::acting(vec![json(200, r#"{"id":"1"}"#)]);
    let wire = wire(&server.origin());
    for _ in 0..20 {
        wire.client.get("/accounts/1", &[]).expect("an answer");
        wire.writer.send(&write(Method::Put, "/accounts/1", false)).expect("an answer");
    }
    assert_eq!((server.connections(), server.seen().len()), (1, 40));
}

#[test]
fn a_connection_that_was_closed_while_it_was_at_rest_leaves_no_doubt() {
    let server = Hostile::acting(vec![json(200, r#"{"id":"1"}"#)]);
    let wire = wire(&server.origin());
    for count in 1..=50 {
        // A create that must not be repeated: a try that got lost would end in doubt.
        wire.writer.send(&write(Method::Post, "/tasks", false)).expect("an answer");
        server.close_connections();
        assert_eq!((server.connections(), server.seen().len()), (count, count));
    }
}

#[test]
fn nothing_is_connected_before_the_first_request() {
    let wire = wire("http://127.0.0.1:1");
    drop(wire.client.clone());
    assert_eq!(wire.heard.requests().len(), 0);
}
