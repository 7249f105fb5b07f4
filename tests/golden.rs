//! Scripts beside what they print. `tests/golden/OUTCOME/NAME.rhai` runs in the demo tenant at a fixed time; beside it
//! stand `NAME.out` and `NAME.err`; the folder says the exit code, and whether the case is run or looked over by `check`. `UPDATE_GOLDEN=1 cargo test golden` writes them.

use crate::support::{binary, spread};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The folder of the files that cases read.
const DATA: &str = "data";

/// Running in the demo tenant, and looking over without running.
const RUN: &[&str] = &["run", "--demo"];
const CHECK: &[&str] = &["check"];
/// Handing the hooks of a script a task that was made up.
const HOOK: &[&str] = &["trigger", "--demo", "--sample", "task_completed"];

/// Folder, exit code, command.
const OUTCOMES: &[(&str, i32, &[&str])] = &[
    ("done", 0, RUN),
    ("threw", 1, RUN),
    ("usage", 2, RUN),
    ("does_not_compile", 3, RUN),
    ("assertion", 4, RUN),
    ("gave_up", 7, RUN),
    ("refused", 8, RUN),
    ("check_finds", 3, CHECK),
    ("check_remarks", 0, CHECK),
    ("hook_done", 0, HOOK),
    ("hook_threw", 1, HOOK),
];

#[test]
fn every_case_prints_what_it_should() {
    let root = Path::new("tests/golden");
    let mut cases = Vec::new();
    for (outcome, code, command) in OUTCOMES {
        cases.extend(scripts(&root.join(outcome)).into_iter().map(|case| (case, *code, *command)));
    }
    let count = cases.len();
    let wrong = spread(cases, |(case, code, command)| check(&case, code, command).err());
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 40, "only {count} cases were found");
}

#[test]
fn every_folder_is_an_outcome() {
    for entry in fs::read_dir("tests/golden").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let outcome = OUTCOMES.iter().any(|(outcome, ..)| *outcome == name);
        assert!(outcome || name == DATA, "{name} is no outcome");
    }
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rhai"))
        .collect();
    found.sort();
    found
}

/// Runs a case, or looks it over. Its first line may say `// options: …`.
fn check(case: &Path, code: i32, command: &[&str]) -> Result<(), String> {
    let text = String::from_utf8_lossy(&fs::read(case).unwrap()).into_owned();
    let options = text.lines().next().and_then(|line| line.strip_prefix("// options: ")).unwrap_or("");
    let output = binary()
        .args(command)
        .args(["--color", "never"])
        .arg(case)
        .args(options.split_whitespace())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let mut wrong = Vec::new();
    if output.status.code() != Some(code) {
        wrong.push(format!("exit code {:?}, not {code}", output.status.code()));
    }
    for (extension, got) in [("out", &out), ("err", &err)] {
        let file = case.with_extension(extension);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, got).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if *got != expected {
            wrong.push(format!("{}:\n--- expected\n{expected}--- got\n{got}---", file.display()));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}: {}\nstderr:\n{err}", case.display(), wrong.join("\n")))
    }
}
