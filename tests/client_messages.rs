//! What people read when a request fails.

use crate::support::hostile::{Act, Hostile, answer, json};
use crate::support::wire::{KEY, Wire, impatient, wire, wire_with, write};
use std::net::TcpListener;
use vitally_script::catalogue::Method;
use vitally_script::client::target::unknown_host;
use vitally_script::client::{Failure, Kind};

fn failure(act: Act) -> Failure {
    let server = Hostile::acting(vec![act]);
    wire(&server.origin()).client.get("/accounts/42?x=1", &[]).expect_err("a failure")
}

fn message(status: u16, body: &str) -> String {
    failure(json(status, body)).message
}

#[test]
fn the_words_of_the_api_reach_the_message() {
    for (body, words) in [
        (r#"{"error":"Given ID expected to be a UUID"}"#, ": Given ID expected to be a UUID"),
        (r#"{"error":{"message":"validation failed"}}"#, ": validation failed"),
        (r#"{"message":"externalId is required"}"#, ": externalId is required"),
        (r#"{"error":{"code":7}}"#, r#": {"code":7}"#),
        (r#""just text.""#, ": just text"),
        ("plain text", ": plain text"),
        ("<html><head><TITLE>Bad\n Gateway</TITLE></head></html>", ": Bad Gateway"),
        ("<html><body>no title</body></html>", ""),
        ("", ""),
        ("{}", ""),
        ("null", ""),
    ] {
        assert_eq!(message(400, body), format!("Vitally did not accept the request (400){words}"), "{body}");
    }
}

#[test]
fn a_validation_report_becomes_readable() {
    for (errors, words) in [
        (
            r#"{"instancePath":"/externalId","keyword":"type","params":{"type":"string"},"message":"must be string"}"#,
            "externalId must be string",
        ),
        (
            r#"{"instancePath":"","keyword":"required","params":{"missingProperty":"name"},"message":"must have required property 'name'"}"#,
            "name is missing",
        ),
        (r#"{"instancePath":"/traits","params":{"missingProperty":"tier"}}"#, "traits.tier is missing"),
        (
            r#"{"instancePath":"/to/0/email","message":"must match format \"email\""}"#,
            "to.0.email must match format \"email\"",
        ),
        (
            r#"{"instancePath":"","params":{"additionalProperty":"colour"},"message":"must NOT have additional properties"}"#,
            "colour is not a field Vitally knows here",
        ),
        (
            r#"{"instancePath":"/status","params":{"allowedValues":["open","done"]},"message":"must be equal to one of the allowed values"}"#,
            "status must be one of open, done",
        ),
    ] {
        let body = format!(r#"{{"error":{{"message":"validation failed","errors":[{errors}]}}}}"#);
        let expected = format!("Vitally did not accept the request (400): validation failed: {words}");
        assert_eq!(message(400, &body), expected);
    }
    let many = [r#"{"instancePath":"/a","message":"is bad"}"#; 7].join(",");
    let body = format!(r#"{{"error":{{"message":"no","errors":[{many}]}}}}"#);
    assert_eq!(
        message(400, &body),
        "Vitally did not accept the request (400): no: a is bad; a is bad; a is bad; a is bad; a is bad; and 2 more"
    );
}

#[test]
fn foreign_text_is_short_and_cannot_steer_a_terminal() {
    let hostile = format!("{{\"error\":\"\\u001b[31mred\\u0007 \\u202e{}\"}}", "long ".repeat(10_000));
    let message = message(400, &hostile);
    assert!(message.starts_with("Vitally did not accept the request (400): [31mred long long"), "{message}");
    assert!(message.chars().count() < 560, "{}", message.chars().count());
    assert!(!message.chars().any(|c| c.is_control() || c == '\u{202e}'), "{message:?}");
}

#[test]
fn every_status_says_what_happened() {
    let words = r#"{"error":"No."}"#;
    for (status, kind, expected) in [
        (401, Kind::Unauthorized, "Vitally did not accept the API key (401): No"),
        (403, Kind::Unauthorized, "Vitally does not let this API key do that (403): No"),
        (404, Kind::NotFound, "Vitally has nothing at /accounts/42 (404): No"),
        (409, Kind::Conflict, "Vitally refused this because it conflicts with what is there (409): No"),
        (429, Kind::RateLimited, "Vitally's rate limit is still reached (429): No, after 4 tries"),
        (408, Kind::Timeout, "Vitally did not receive the request in time (408): No, after 4 tries"),
        (500, Kind::Server, "Vitally failed to answer (500): No, after 4 tries"),
    ] {
        let failure = failure(json(status, words));
        assert_eq!((failure.kind, failure.message.as_str()), (kind, expected));
        assert_eq!(failure.status, Some(status));
        assert_eq!(failure.path, "/accounts/42?x=1");
        assert!(failure.help.is_some_and(|help| help.starts_with(char::is_lowercase)));
    }
}

#[test]
fn a_refused_key_says_where_to_set_it() {
    assert_eq!(
        failure(json(401, "{}")).help.as_deref(),
        Some(
            "check the key and the profile: a key belongs to one workspace and one region. Set it in \
             VITALLY_API_KEY, or in the file that api_key_file names."
        )
    );
}

#[test]
fn answers_that_are_not_data() {
    for (body, expected) in [
        ("<!DOCTYPE html>\n<html>", "Vitally answered with a web page instead of data (200), after 4 tries"),
        ("  <html lang=\"en\">", "Vitally answered with a web page instead of data (200), after 4 tries"),
        (r#"{"a":"#, "Vitally's answer is cut off or is not JSON (200), after 4 tries"),
        ("", "Vitally's answer is empty (200), after 4 tries"),
    ] {
        assert_eq!(message(200, body), expected);
    }
}

#[test]
fn trouble_on_the_way() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let refused = wire(&format!("http://{free}")).client.get("/accounts", &[]).expect_err("nobody listens");
    assert_eq!(refused.message, format!("no connection to {free}: connection refused, after 4 tries"));

    let broken = failure(Act::Close);
    assert_eq!(
        broken.message,
        "the connection broke off before Vitally's answer was complete, after 4 tries"
    );

    let server = Hostile::acting(vec![Act::Hang]);
    let late = wire_with(&server.origin(), impatient()).client.get("/accounts", &[]).expect_err("no answer");
    assert_eq!(late.message, "Vitally did not answer in time, after 4 tries");

    // A server that speaks no TLS: the first bytes it sends are not a handshake.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let tls = wire(&format!("https://127.0.0.1:{port}")).client.get("/accounts", &[]).expect_err("no TLS");
    assert_eq!(tls.kind, Kind::Network);
    let expected = format!(
        "the secure connection to 127.0.0.1:{port} could not be made: it does not speak TLS, after 4 tries"
    );
    assert_eq!(tls.message, expected);
}

#[test]
fn a_name_that_does_not_exist_points_at_the_subdomain() {
    // `.invalid` never resolves; a name server that cannot be reached gives the same.
    let unknown = wire("https://nobody.invalid").client.get("/accounts", &[]).expect_err("no such host");
    assert_eq!(unknown.kind, Kind::Network);
    assert_eq!(unknown.message, "no server was found under the name nobody.invalid, after 4 tries");
    assert_eq!(
        unknown.help.as_deref(),
        Some("check the internet connection, and the base URL if one is set")
    );
    let workspace = unknown_host("acmee.rest.vitally.io");
    assert_eq!(workspace.message, "no server was found under the name acmee.rest.vitally.io");
    assert_eq!(
        workspace.help,
        "check the subdomain \"acmee\": it is the first part of the address you use to log in to Vitally. If it is \
         right, check the internet connection."
    );
}

#[test]
fn an_unclear_write_says_what_to_do() {
    let server = Hostile::acting(vec![json(502, r#"{"error":"upstream"}"#)]);
    let failure =
        wire(&server.origin()).writer.send(&write(Method::Post, "/tasks", false)).expect_err("unclear");
    assert_eq!(
        failure.message,
        "it is not known whether Vitally did this: Vitally failed to answer (502): upstream"
    );
    assert_eq!(
        failure.help.as_deref(),
        Some(
            "look in Vitally before you run it again: a second try could make a second record. With an externalId a \
             repeat is safe."
        )
    );
    assert_eq!((failure.status, failure.method, failure.path.as_str()), (Some(502), Method::Post, "/tasks"));
}

/// Everything that a failing connection shows of itself.
fn shown(wire: &Wire, failure: &Failure) -> String {
    format!("{failure:?} {:?} {:?} {:?}", wire.heard.requests(), wire.heard.details(), wire.heard.notices())
}

#[test]
fn the_key_is_shown_nowhere_even_if_the_server_repeats_it() {
    let encoded = "c2tfbGl2ZV9jYW5hcnlfNzczMTo=";
    let echo = format!(r#"{{"error":"Invalid key {KEY} in Basic {encoded}"}}"#);
    for status in [400, 401, 404, 409, 429, 500] {
        let head = [format!("Location: /{KEY}"), format!("RateLimit-Remaining: {KEY}")];
        let act = Act::Answer(answer(status, &[&head[0], &head[1]], echo.as_bytes()));
        let server = Hostile::acting(vec![act]);
        let wire = wire(&server.origin());
        for failure in [
            wire.client.get("/accounts", &[]).expect_err("a failure"),
            wire.writer.send(&write(Method::Post, "/tasks", false)).expect_err("a failure"),
        ] {
            let shown = shown(&wire, &failure);
            assert!(!shown.contains(KEY) && !shown.contains(encoded), "{shown}");
            assert!(failure.message.contains("Invalid key *** in Basic ***"), "{}", failure.message);
        }
    }
    let server = Hostile::acting(vec![json(302, &echo)]);
    let wire = wire(&server.origin());
    let failure = wire.client.get("/accounts", &[]).expect_err("a failure");
    assert!(!shown(&wire, &failure).contains(KEY));
}
