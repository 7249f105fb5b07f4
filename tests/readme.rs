//! The README is true: its scripts run, its sessions print what it says, its tables are current.

use crate::support::{README_IN_USE, binary, demo_eval, spread};
use std::env::{join_paths, var_os};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{MutexGuard, PoisonError};
use vitally_script::reference;

const README: &str = "README.md";

fn locked() -> MutexGuard<'static, ()> {
    README_IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn updating() -> bool {
    var_os("UPDATE_GOLDEN").is_some()
}

/// The blocks of a language, without their fences.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_script_in_the_readme_runs() {
    let text = fs::read_to_string(README).unwrap();
    let scripts = blocks(&text, "rhai");
    assert!(scripts.len() >= 6, "only {} scripts were found", scripts.len());
    let wrong = spread(scripts, |script| demo_eval(script).err().map(|said| format!("{script}\n{said}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a line typed in a shell prints, to both streams in their order.
fn typed(line: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_vitally-script")).parent().unwrap().to_path_buf();
    let path = join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = Command::new("/bin/sh");
    let model = binary();
    command.env_clear().envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command
        .env("PATH", path)
        .args(["-c", &format!("exec 2>&1\n{line}")])
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).unwrap()
}

/// A session as it really goes: every line after `$`, and what it prints.
fn session(block: &str) -> String {
    let lines = block.lines().filter(|line| line.starts_with("$ "));
    lines.map(|line| format!("{line}\n{}", typed(&line[2..]))).collect::<Vec<_>>().join("\n")
}

#[test]
#[cfg(unix)]
fn every_session_in_the_readme_goes_that_way() {
    let _lock = locked();
    let text = fs::read_to_string(README).unwrap();
    let sessions = blocks(&text, "console");
    assert!(sessions.len() >= 5, "only {} sessions were found", sessions.len());
    let mut current = text.clone();
    for block in sessions {
        current = current
            .replace(&format!("```console\n{block}```"), &format!("```console\n{}```", session(block)));
    }
    if updating() {
        fs::write(README, &current).unwrap();
    } else {
        assert!(text == current, "a session goes another way: UPDATE_GOLDEN=1 cargo test readme\n{current}");
    }
}

#[test]
fn the_tables_of_the_readme_are_current() {
    let _lock = locked();
    let text = fs::read_to_string(README).unwrap();
    let mut current = text.clone();
    for (name, table) in [("actions", reference::action_table()), ("lists", reference::list_table())] {
        let (start, end) = (
            format!("<!-- {name}: made from the catalogue by src/reference -->\n"),
            format!("<!-- end of {name} -->"),
        );
        let before = current.find(&start).unwrap_or_else(|| panic!("no {start}")) + start.len();
        let after = current.find(&end).unwrap_or_else(|| panic!("no {end}"));
        current = format!("{}{table}{}", &current[..before], &current[after..]);
    }
    if updating() {
        fs::write(README, &current).unwrap();
    } else {
        assert!(text == current, "the tables are not current: UPDATE_GOLDEN=1 cargo test readme");
    }
}

#[test]
fn the_gallery_names_every_script_with_its_own_first_line() {
    let text = fs::read_to_string(README).unwrap();
    let paths = fs::read_dir("scripts").unwrap().map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "rhai")) {
        let script = fs::read_to_string(&path).unwrap();
        let title = script.lines().next().and_then(|line| line.strip_prefix("//! ")).expect("a title");
        let line = format!("- [`{0}`]({0}): {title}\n", path.display());
        assert!(text.contains(&line), "the gallery lacks: {line}");
    }
}

#[test]
fn every_dependency_is_explained() {
    let manifest: toml::Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let page = fs::read_to_string("docs/dependencies.md").unwrap();
    let mut named: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let everywhere = std::iter::once(&manifest);
    let only_there = manifest["target"].as_table().unwrap().values().filter_map(|table| table.as_table());
    let mut wanted: Vec<&str> = everywhere
        .chain(only_there)
        .flat_map(|tables| ["dependencies", "dev-dependencies"].map(|name| tables.get(name)))
        .flatten()
        .flat_map(|table| table.as_table().unwrap().keys().map(String::as_str))
        .collect();
    named.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(named, wanted, "docs/dependencies.md and Cargo.toml name the same crates");
}
