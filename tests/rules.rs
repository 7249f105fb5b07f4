//! Every rule of `check`: what it finds in its example, that it finds nothing in the better one, and where it is explained.

use crate::support::program::Folder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use vitally_script::catalogue;
use vitally_script::rules::{self, RULES};
use vitally_script::script::library;
use vitally_script::script::{self, Script};

fn codes(name: &str, text: &str) -> Vec<String> {
    let script =
        Script { name: name.into(), text: text.into(), path: None, root: ".".into(), hidden_lines: 0 };
    let (found, _) = script::check(&script);
    found.iter().map(|finding| format!("{}: {}", finding.code.unwrap_or("-"), finding.message)).collect()
}

#[test]
fn every_rule_finds_its_example_and_nothing_in_the_better_one() {
    // What needs a clock is found by the command.
    for rule in RULES.iter().filter(|rule| rule.code != "V060") {
        let found = codes("example.rhai", rule.before);
        let found_it = found.iter().filter(|finding| finding.starts_with(rule.code)).count();
        assert!(found_it == 1 && found.len() == 1, "{}: {found:?}", rule.code);
        assert_eq!(codes("example.rhai", rule.after), Vec::<String>::new(), "{}", rule.code);
    }
    let folder = Folder::new();
    let rule = rules::rule("V060").unwrap();
    folder.write("before.rhai", rule.before);
    folder.write("after.rhai", rule.after);
    let found = |name: &str| -> Value {
        let ended = folder.run(&["check", name, "--error-format", "json"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        serde_json::from_str(&ended.stdout).unwrap()
    };
    assert_eq!(found("before.rhai")["findings"][0]["code"], "V060");
    assert_eq!(found("before.rhai")["findings"][0]["severity"], "remark");
    assert_eq!(found("after.rhai")["findings"], Value::Array(Vec::new()));
}

#[test]
fn every_code_in_the_sources_is_explained() {
    let mut used = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("rules/list.rs") {
                let text = fs::read_to_string(path).unwrap();
                let codes = text.split('"').filter(|word| word.len() == 4 && word.starts_with('V'));
                let digits = |code: &&str| code[1..].bytes().all(|digit| digit.is_ascii_digit());
                used.extend(codes.filter(digits).map(str::to_string));
            }
        }
    }
    let explained: BTreeSet<String> = RULES.iter().map(|rule| rule.code.to_string()).collect();
    assert_eq!(used, explained);
    let folder = Folder::new();
    for rule in RULES {
        let ended = folder.run(&["help", rule.code]);
        assert!(ended.code == 0 && ended.stdout.starts_with(rule.code), "{}", ended.stdout);
    }
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let page = rules::page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write("docs/rules.md", &page).unwrap();
    }
    assert_eq!(fs::read_to_string("docs/rules.md").unwrap_or_default(), page);
}

/// Examples, the cookbook, the standard library and the cases that run are all in order.
#[test]
fn check_finds_nothing_in_what_is_known_to_run() {
    let mut texts: Vec<(String, String)> = Vec::new();
    texts.extend(catalogue::actions().map(|(_, it)| (it.name.to_string(), it.example.to_string())));
    texts.extend(catalogue::lists().map(|(_, it)| (it.name.to_string(), it.example.to_string())));
    texts.extend(library::entries().map(|it| (it.name.to_string(), it.example.to_string())));
    for folder in ["scripts", "scripts/tests", "stdlib", "tests/golden/done"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Imports are looked up beside the script, which these texts have not.
            let text = fs::read_to_string(&path).unwrap_or_default();
            if path.extension().is_some_and(|end| end == "rhai") && !text.contains("import ") {
                texts.push((path.display().to_string(), text));
            }
        }
    }
    assert!(texts.len() > 300, "only {} texts", texts.len());
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|(name, text)| {
            let found = codes(name, text);
            (!found.is_empty()).then(|| format!("{name}: {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}
