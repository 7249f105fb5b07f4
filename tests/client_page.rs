//! Walking lists, as Vitally and as a broken server gives them.

use crate::support::hostile::{Act, Hostile, answer, json};
use crate::support::wire::{quick, wire, wire_with};
use vitally_script::catalogue::Envelope;
use vitally_script::client::{Failure, Kind, Timeouts};

fn walk(acts: Vec<Act>, envelope: Envelope) -> (Vec<Result<String, Failure>>, Vec<String>) {
    let server = Hostile::acting(acts);
    let query = vec![("status".to_string(), "active or churned".to_string())];
    let pages = wire(&server.origin()).client.walk("/accounts", query, envelope);
    let pages = pages.map(|page| page.map(|text| text.source().to_string())).collect();
    (pages, server.lines())
}

/// The pages that came, and the message and kind of the failure at the end, if any.
fn outcome(pages: Vec<Result<String, Failure>>) -> (Vec<String>, Option<(Kind, String)>) {
    let mut texts = Vec::new();
    let mut failure = None;
    for page in pages {
        match page {
            Ok(text) => texts.push(text),
            Err(it) => failure = Some((it.kind, it.message)),
        }
    }
    (texts, failure)
}

#[test]
fn a_walk_follows_the_cursor_until_next_is_null() {
    let first = r#"{"results":[{"id":"a"}],"next":"eyJ+/=","atEnd":false}"#;
    let (pages, lines) =
        walk(vec![json(200, first), json(200, r#"{"results":[],"next":null}"#)], Envelope::Results);
    let (texts, failure) = outcome(pages);
    assert_eq!(texts, [first, r#"{"results":[],"next":null}"#]);
    assert_eq!(failure, None);
    assert_eq!(
        lines,
        [
            "GET /resources/accounts?status=active%20or%20churned&limit=100",
            "GET /resources/accounts?status=active%20or%20churned&limit=100&from=eyJ%2B%2F%3D",
        ]
    );
}

#[test]
fn every_way_to_end_a_list_ends_it() {
    for page in [
        r#"{"results":[],"next":null}"#,
        r#"{"results":[]}"#,
        r#"{"results":[{"next":"inner"}],"next":""}"#,
        r#"{"results":[1],"next":"more","atEnd":true}"#,
        r"[1, 2]",
    ] {
        let (pages, lines) = walk(vec![json(200, page)], Envelope::Results);
        assert_eq!(outcome(pages), (vec![page.to_string()], None), "{page}");
        assert_eq!(lines.len(), 1, "{page}");
    }
}

#[test]
fn an_empty_page_with_a_cursor_is_not_the_end() {
    let acts = vec![
        json(200, r#"{"results":[],"next":"b"}"#),
        json(200, r#"{"results":[],"next":7}"#),
        json(200, r#"{"results":[1]}"#),
    ];
    let (pages, lines) = walk(acts, Envelope::Results);
    assert_eq!(pages.len(), 3);
    assert!(lines[2].ends_with("&from=7"), "{lines:?}");
}

#[test]
fn a_cursor_that_comes_back_is_refused() {
    let acts = vec![
        json(200, r#"{"results":[1],"next":"b"}"#),
        json(200, r#"{"results":[2],"next":"c"}"#),
        json(200, r#"{"results":[3],"next":"b"}"#),
    ];
    let (pages, lines) = walk(acts, Envelope::Results);
    let (texts, failure) = outcome(pages);
    assert_eq!((texts.len(), lines.len()), (2, 3));
    let message = "Vitally's answer names a page that was already read, so the list would never end";
    assert_eq!(failure, Some((Kind::Server, message.to_string())));
}

#[test]
fn an_answer_that_is_no_page_is_refused() {
    for (page, message) in [
        (r#"{"id":"1"}"#, "Vitally's answer holds no \"results\", so it is not a page of a list"),
        (r#"{"results":[],"next":{}}"#, "Vitally's answer names the next page in a way that is not known"),
    ] {
        let (pages, _) = walk(vec![json(200, page)], Envelope::Results);
        assert_eq!(outcome(pages), (vec![], Some((Kind::Server, message.to_string()))), "{page}");
    }
}

#[test]
fn the_other_envelopes() {
    let acts = vec![json(200, r#"{"data":[1],"next":"n"}"#), json(200, r#"{"data":[2],"next":null}"#)];
    assert_eq!(outcome(walk(acts, Envelope::Data).0).0.len(), 2);
    let (pages, lines) = walk(vec![json(200, r#"[{"next":"n"}]"#)], Envelope::Bare);
    assert_eq!(outcome(pages), (vec![r#"[{"next":"n"}]"#.to_string()], None));
    assert_eq!(lines, ["GET /resources/accounts?status=active%20or%20churned"]);
}

#[test]
fn a_limit_and_a_start_of_ones_own_are_kept() {
    let server =
        Hostile::acting(vec![json(200, r#"{"results":[],"next":"b"}"#), json(200, r#"{"results":[]}"#)]);
    let query = vec![("from".to_string(), "a".to_string()), ("limit".to_string(), "7".to_string())];
    assert_eq!(wire(&server.origin()).client.walk("/notes", query, Envelope::Results).count(), 2);
    assert_eq!(
        server.lines(),
        ["GET /resources/notes?from=a&limit=7", "GET /resources/notes?limit=7&from=b"]
    );
}

#[test]
fn the_next_page_is_on_its_way_before_the_current_one_is_handed_out() {
    let first = answer(200, &[], br#"{"results":[1],"next":"b"}"#);
    let server = Hostile::acting(vec![Act::Answer(first), json(200, r#"{"results":[2]}"#)]);
    let mut walk = wire(&server.origin()).client.walk("/notes", Vec::new(), Envelope::Results);
    server.wait_for_request();
    walk.next().expect("a page").expect("no failure");
    // Nobody asks for the second page, and it arrives at the server all the same.
    server.wait_for_request();
    assert_eq!(server.lines().len(), 2);
}

#[test]
fn a_failing_page_ends_the_walk_after_its_retries() {
    let acts = vec![json(200, r#"{"results":[1],"next":"b"}"#), json(200, r#"{"results":[2],"ne"#)];
    let (pages, lines) = walk(acts, Envelope::Results);
    let (texts, failure) = outcome(pages);
    assert_eq!((texts.len(), lines.len()), (1, 5));
    let message = "Vitally's answer is cut off or is not JSON (200), after 4 tries";
    assert_eq!(failure, Some((Kind::Server, message.to_string())));
}

#[test]
fn dropping_a_walk_whose_next_page_hangs_does_not_block() {
    let server = Hostile::acting(vec![json(200, r#"{"results":[1],"next":"b"}"#), Act::Hang]);
    let wire =
        wire_with(&server.origin(), Timeouts { total: std::time::Duration::from_secs(3600), ..quick() });
    let mut walk = wire.client.walk("/notes", Vec::new(), Envelope::Results);
    walk.next().expect("a page").expect("no failure");
    server.wait_for_request();
    server.wait_for_request();
    drop(walk);
}
