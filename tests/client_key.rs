//! Keys as people paste them.

use crate::support::hostile::{Hostile, json};
use crate::support::wire::{Heard, KEY, quick, target};
use std::sync::Arc;
use vitally_script::client::{ApiKey, Target, connect};
use vitally_script::stop::Stop;

/// Base64 of `sk_live_canary_7731:`.
const ENCODED: &str = "c2tfbGl2ZV9jYW5hcnlfNzczMTo=";

/// The `Authorization` header that a pasted key leads to.
fn header(pasted: &str) -> String {
    let server = Hostile::acting(vec![json(200, "{}")]);
    let key = ApiKey::parse(pasted).expect(pasted);
    let target = Target { key, ..target(&server.origin(), quick()) };
    let (client, _) = connect(target, Stop::new(), Arc::new(Heard::default()));
    client.get("/accounts", &[]).expect("an answer");
    let headers = server.seen()[0].headers.clone();
    headers.into_iter().find(|line| line.starts_with("authorization:")).expect("the header is sent")
}

#[test]
fn every_form_of_a_key_leads_to_the_same_header() {
    let expected = format!("authorization: basic {}", ENCODED.to_ascii_lowercase());
    for pasted in [
        KEY.to_string(),
        format!("  {KEY}\n"),
        format!("\"{KEY}\""),
        format!("{KEY}:"),
        format!("Basic {ENCODED}"),
        format!("basic {ENCODED}"),
        format!("Authorization: Basic {ENCODED}"),
        format!("authorization:basic   {ENCODED} "),
    ] {
        assert_eq!(header(&pasted), expected, "{pasted:?}");
    }
}

#[test]
fn what_is_no_key_is_refused_without_being_repeated() {
    for (pasted, reason) in [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("''", "it is empty"),
        ("Basic Og==", "it is empty"),
        ("Basic !!!", "the part after \"Basic\" is not Base64"),
        ("Basic /w==", "the part after \"Basic\" is not a key"),
        ("sk live", "it contains spaces or characters that no key has"),
        ("sk_live_ü", "it contains spaces or characters that no key has"),
        ("sk\r\nX-Header: 1", "it contains spaces or characters that no key has"),
    ] {
        assert_eq!(ApiKey::parse(pasted).expect_err(pasted), reason, "{pasted:?}");
    }
}

#[test]
fn a_key_shows_nothing_of_itself() {
    let target = target("https://acme.rest.vitally.io", quick());
    assert_eq!(format!("{:?}", target.key), "***");
    let shown = format!("{target:#?}");
    assert!(!shown.contains(KEY) && !shown.contains(ENCODED), "{shown}");
}
