//! The page parser against `serde_json` itself.

use proptest::prelude::*;
use serde_json::{Value, json};
use vitally_script::tape::Page;

fn parsed(text: &str) -> Value {
    Page::parse(text.as_bytes().to_vec()).expect("it is JSON").root().to_value()
}

/// Any JSON value, wide and deep enough to share shapes and to differ in them.
pub fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), "[a-c]{0,2}", Just("\"\\\n\u{0}é😀".to_string())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![Just(-0.0), Just(1e308), Just(1.0), Just(5e-324)].prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 80, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_survives_text_and_tape(value in any_json()) {
        let text = value.to_string();
        prop_assert_eq!(parsed(&text).to_string(), text);
    }

    #[test]
    fn the_same_texts_are_refused_as_by_serde_json(text in r#"[\[\]{}",:0-9eE.+\-a-z\\ ]{0,12}"#) {
        let ours = Page::parse(text.clone().into_bytes()).map(|page| page.root().to_value());
        let theirs = serde_json::from_str::<Value>(&text);
        prop_assert_eq!(ours.map_err(|error| error.to_string()), theirs.map_err(|error| error.to_string()));
    }

    #[test]
    fn a_broken_text_is_read_as_by_serde_json(
        value in any_json(), place in any::<prop::sample::Index>(), put in r#"[\[\]{}",:0-9eE.+\-\\ \n\u{1}é]?"#
    ) {
        let text = value.to_string();
        let characters: Vec<char> = text.chars().collect();
        let place = place.index(characters.len());
        let broken: String =
            characters[..place].iter().copied().chain(put.chars()).chain(characters[place + 1..].iter().copied()).collect();
        let ours = Page::parse(broken.clone().into_bytes()).map(|page| page.root().to_value().to_string());
        let theirs = serde_json::from_str::<Value>(&broken).map(|value| value.to_string());
        prop_assert_eq!(ours.map_err(|error| error.to_string()), theirs.map_err(|error| error.to_string()));
    }

    #[test]
    fn numbers_are_read_as_by_serde_json(text in r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?") {
        let ours = Page::parse(text.clone().into_bytes()).map(|page| page.root().to_value());
        let theirs = serde_json::from_str::<Value>(&text);
        prop_assert_eq!(ours.map_err(|error| error.to_string()), theirs.map_err(|error| error.to_string()));
    }

    #[test]
    fn white_space_between_does_not_matter(value in any_json()) {
        let text = serde_json::to_string_pretty(&value).expect("it is JSON").replace('\n', " \r\n\t");
        prop_assert_eq!(parsed(&text).to_string(), value.to_string());
    }

    #[test]
    fn the_last_of_several_equal_keys_wins(keys in prop::collection::vec("[a-d]{1,2}", 0..80)) {
        let entries: Vec<String> =
            keys.iter().enumerate().map(|(place, key)| format!("\"{key}\":{place}")).collect();
        let text = format!("[{{{0}}},{{{0}}}]", entries.join(","));
        let expected: Value = serde_json::from_str(&text).expect("it is JSON");
        prop_assert_eq!(parsed(&text).to_string(), expected.to_string());
    }
}

#[test]
fn numbers_keep_their_kind() {
    let text = "[1,1.0,-0.0,-0,9223372036854775807,9223372036854775808,18446744073709551615,1e308,0.1]";
    let expected =
        "[1,1.0,-0.0,-0.0,9223372036854775807,9223372036854775808,18446744073709551615,1e+308,0.1]";
    assert_eq!(parsed(text).to_string(), expected);
}

#[test]
fn keys_with_escapes_are_found() {
    let page = Page::parse(br#"[{"a\"b": 1, "c": "x\ny"}, {"a\"b": 2}]"#.to_vec()).expect("it is JSON");
    let values: Vec<Value> =
        page.root().items().unwrap().map(|item| item.get("a\"b").unwrap().to_value()).collect();
    assert_eq!(values, [json!(1), json!(2)]);
    assert_eq!(page.root().items().unwrap().next().unwrap().get("c").unwrap().text(), Some("x\ny"));
}

#[test]
fn a_wide_object_with_equal_keys_keeps_the_last() {
    let entries: Vec<String> =
        (0..200).map(|place| format!("\"key{}\":{place}", if place == 150 { 3 } else { place })).collect();
    let text = format!("{{{}}}", entries.join(","));
    let expected: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(expected["key3"], json!(150));
    assert_eq!(parsed(&text).to_string(), expected.to_string());
}

#[test]
fn deep_nesting_is_an_error() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let error = Page::parse(text.into_bytes()).expect_err("it is refused").to_string();
    assert_eq!(error, "recursion limit exceeded at line 1 column 128");
}

#[test]
fn the_deepest_nesting_is_read() {
    let text = format!("{}{}", "[".repeat(127), "]".repeat(127));
    assert_eq!(parsed(&text).to_string(), text);
    assert!(Page::parse(format!("[{text}]").into_bytes()).is_err());
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    let error = Page::parse(b"[\"\xff\"]".to_vec()).expect_err("it is refused").to_string();
    assert_eq!(error, "it is not UTF-8 text: invalid utf-8 sequence of 1 bytes from index 2");
}

#[test]
fn what_is_not_there_is_none() {
    let page = Page::parse(br#"{"a": [1, 2], "b": {}}"#.to_vec()).expect("it is JSON");
    let root = page.root();
    assert!(root.get("c").is_none() && root.items().is_none() && root.text().is_none());
    assert_eq!(root.get("a").unwrap().items().unwrap().len(), 2);
    assert_eq!(root.get("b").unwrap().entries().unwrap().len(), 0);
    assert_eq!(page.node(4_000_000_000).to_value(), Value::Null);
}
