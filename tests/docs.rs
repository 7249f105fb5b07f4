//! `docs` explains everything a script can call.

use crate::support::host;
use crate::support::program::Folder;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vitally_script::catalogue;
use vitally_script::script::library::{self, Entry};
use vitally_script::script::names;

/// What values of our kinds have because the language asks for it: nobody writes these.
const UNWRITTEN: &[&str] = &["to_string", "to_debug"];

#[test]
fn every_function_is_explained() {
    let actions = catalogue::actions().map(|(_, action)| action.name);
    let lists = catalogue::lists().map(|(_, list)| list.name);
    let explained: BTreeSet<&str> =
        actions.chain(lists).chain(library::entries().map(|entry| entry.name)).collect();
    let there = names::added(&host());
    for known in ["create_task", "accounts", "where", "today", "profile", "arg", "to_map"] {
        assert!(there.contains(known), "{known} is not seen");
    }
    let missing: Vec<&String> = there
        .iter()
        .filter(|name| !explained.contains(name.as_str()) && !UNWRITTEN.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "docs does not explain {missing:?}");
}

#[test]
fn an_explanation_is_a_line_and_an_example_that_uses_it() {
    for entry in library::entries() {
        let Entry { name, signature, doc, example } = entry;
        assert!(!doc.is_empty() && !doc.ends_with('.') && !doc.contains('\n'), "{name}: {doc}");
        assert!(signature.contains(name) && example.contains(name), "{name}: {signature}: {example}");
    }
}

#[test]
fn a_function_has_a_page() {
    let folder = Folder::new();
    let page = ".left(count)\n\nThe first characters\n\nExample\n  print(\"Acme Corp\".left(4));\n";
    for name in ["left", ".left", "left()", "LEFT"] {
        folder.run(&["docs", name]).is(0, page, "");
    }
    folder.run(&["docs", "days_untl"]).is(
        2,
        "",
        "error: there is nothing called \"days_untl\"; did you mean \"days_until\"?\n\
         help: vitally-script docs lists everything\n",
    );
}

#[test]
fn a_name_that_several_kinds_of_values_have_shows_all_of_them() {
    let folder = Folder::new();
    let shown = folder.run(&["docs", "contains"]).stdout;
    assert!(shown.contains(".contains(value)"), "{shown}");
    assert!(shown.contains("\n\n.contains(name)"), "{shown}");
    let read = |name: &str| -> Value {
        serde_json::from_str(&folder.run(&["docs", name, "-o", "json"]).stdout).expect("JSON")
    };
    assert_eq!(read("contains").as_array().map(Vec::len), Some(3));
    assert_eq!(
        read("left"),
        json!({
            "name": "left",
            "kind": "function",
            "signature": ".left(count)",
            "about": "The first characters",
            "example": "print(\"Acme Corp\".left(4));",
        })
    );
}
