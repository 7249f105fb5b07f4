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
fn check_knows_how_many_values_every_function_takes() {
    assert_eq!(names::uncounted(&host()), names::Counts::new());
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

#[test]
fn everything_is_exported_as_files() {
    let folder = Folder::new();
    let ended = folder.run(&["docs", "--export", "out/reference"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, ""), "{}", ended.stderr);
    assert_eq!(folder.read("out/reference/reference.md"), vitally_script::reference::markdown());
    let page = folder.read("out/reference/reference.html");
    assert!(!page.contains("<link") && !page.contains("src="), "the page needs something from elsewhere");
    let ids: Vec<&str> = page.split("id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "two things on the page have the same name");
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(unique.contains(link), "#{link} leads nowhere");
    }
    let definitions = folder.read("out/reference/vitally.d.rhai");
    let names = catalogue::actions().map(|(_, action)| action.name);
    let names = names.chain(catalogue::lists().map(|(_, list)| list.name));
    for name in names.chain(["ensure_task", "slack", "email", "today"]) {
        assert!(page.contains(&format!(">{name}<")), "{name} is not on the page");
        assert!(definitions.contains(&format!("\nfn {name}(")), "{name} is not defined");
    }
    let again = folder.run(&["docs", "--export", "out/reference"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let wrong = folder.run(&["docs", "--export", "out/reference/reference.md"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    let both = folder.run(&["docs", "update_account", "--export", "out"]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}

#[test]
fn definitions_are_written_as_the_language_wants_them() {
    let definitions = vitally_script::reference::definitions();
    let lines: Vec<&str> = definitions.lines().filter(|line| line.starts_with("fn ")).collect();
    assert!(lines.contains(&"fn get_task(task: ?) -> task;"), "{lines:?}");
    assert!(lines.contains(&"fn get_task(task: ?, options: map) -> task;"));
    assert!(lines.contains(&"fn update_account(account: ?, options: map) -> account;"));
    assert!(lines.contains(&"fn where(value: ?, test: ?) -> ?;"));
    assert!(lines.contains(&"fn retry(times: ?, function: Fn) -> ?;"));
    for line in lines {
        // Each is the head of a function that could be written.
        let head = line.trim_end_matches(';').split(" -> ").next().unwrap();
        let values = head.split_once('(').unwrap().1.trim_end_matches(')');
        let names = values
            .split(", ")
            .filter(|value| !value.is_empty())
            .map(|value| value.split(": ").next().unwrap());
        let plain =
            format!("{}({}) {{ }}", head.split('(').next().unwrap(), names.collect::<Vec<_>>().join(", "));
        assert!(rhai::Engine::new().compile(&plain).is_ok(), "{line}: {plain}");
    }
}
