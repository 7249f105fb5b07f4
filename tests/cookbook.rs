//! Every script of the cookbook is checked and run, twice in the same tenant.

use crate::support::program::Folder;
use crate::support::{binary, ended, run_at, tenant};
use std::fs;
use std::path::{Path, PathBuf};
use vitally_script::cookbook::RECIPES;

fn scripts() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir("scripts").unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rhai"));
    found.sort();
    assert!(found.len() >= 6, "{found:?}");
    found
}

#[test]
fn check_finds_nothing_in_the_cookbook_and_the_standard_library() {
    let ended = ended(binary().args(["check", "--color", "never", "scripts", "stdlib"]));
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

#[test]
fn every_script_has_tests_that_pass() {
    let ended = ended(binary().args(["test", "--color", "never", "scripts", "-o", "json"]));
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    for script in scripts() {
        let name = script.file_stem().unwrap().to_string_lossy().into_owned();
        let file = format!("\"scripts/tests/{name}_test.rhai\"");
        assert!(ended.out.contains(&file), "{name} has no test");
    }
}

/// The file that a script reads or writes, as it is told.
fn file_for(script: &Path) -> Vec<String> {
    let file = match script.file_stem().and_then(|name| name.to_str()) {
        Some("leavers") => "scripts/data/leavers.csv",
        Some("reassign_tasks") => "scripts/data/territories.csv",
        Some("sync_requests") => "scripts/data/requests.csv",
        Some("weekly_report") => "target/tmp/week.xlsx",
        _ => return Vec::new(),
    };
    vec!["--arg".into(), format!("file={file}")]
}

#[test]
fn no_script_is_longer_than_a_screen() {
    for recipe in RECIPES {
        assert!(recipe.text.lines().count() <= 60, "{}", recipe.name);
    }
}

#[test]
fn every_script_runs_and_runs_again_without_making_anything_twice() {
    for script in scripts() {
        let tenant = tenant();
        // Hooks would stay.
        let hooks = fs::read_to_string(&script).unwrap().contains("\non(\"");
        let file = file_for(&script);
        let options: Vec<&str> =
            if hooks { vec!["--once"] } else { file.iter().map(String::as_str).collect() };
        let options = &options[..];
        let first = run_at(&tenant.origin(), &script, options);
        assert_eq!(first.code, 0, "{}: {}", script.display(), first.err);
        let created =
            |err: &str| err.lines().any(|line| line.starts_with("done: ") && line.contains("created"));
        let second = run_at(&tenant.origin(), &script, options);
        assert_eq!(second.code, 0, "{}: {}", script.display(), second.err);
        assert!(!created(&second.err), "{}: {}", script.display(), second.err);
    }
}

#[test]
fn renewals_makes_a_task_for_every_account_that_renews_soon() {
    let tenant = tenant();
    let ended = run_at(&tenant.origin(), &PathBuf::from("scripts/renewals.rhai"), &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let due = crate::support::eval_at(
        &tenant.origin(),
        "accounts().filter(|a| a.nextRenewalDate != () && days_until(a.nextRenewalDate) >= 0 \
         && days_until(a.nextRenewalDate) <= 60).len()",
        &[],
    );
    let made = crate::support::eval_at(
        &tenant.origin(),
        "tasks().filter(|t| t.name.starts_with(\"Prepare renewal: \")).len()",
        &[],
    );
    assert_eq!(made.out, due.out);
    assert!(ended.out.lines().count() >= 3, "{}", ended.out);
    assert_eq!(ended.out.lines().count().to_string(), due.out.trim());
}

#[test]
fn the_program_holds_every_script_of_the_cookbook() {
    let names: Vec<String> =
        scripts().iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(RECIPES.iter().map(|recipe| recipe.name).collect::<Vec<_>>(), names);
    for recipe in RECIPES {
        let text = fs::read_to_string(format!("scripts/{}.rhai", recipe.name)).unwrap();
        assert_eq!(recipe.text, text);
        assert!(!recipe.about().is_empty(), "{}", recipe.name);
    }
}

#[test]
fn a_script_begins_from_nothing_or_from_an_example_and_writes_over_nothing() {
    let folder = Folder::new();
    let written = "try it: vitally-script run NAME --demo\nfind mistakes: vitally-script check NAME\n";
    let said = |name: &str| format!("{name} is written\n{}", written.replace("NAME", name));
    folder.run(&["new", "report"]).is(0, "", &said("report.rhai"));
    folder.run(&["new", "mine.rhai", "--from", "renewals"]).is(0, "", &said("mine.rhai"));
    folder.run(&["examples", "copy", "renewals"]).is(0, "", &said("renewals.rhai"));
    let checked = folder.run(&["check", "."]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert_eq!(folder.run(&["run", "report.rhai", "--demo"]).stdout.lines().count(), 5);
    assert!(folder.read("mine.rhai").contains("vitally-script run mine.rhai"));
    folder.run(&["new", "report"]).is(
        2,
        "",
        "error: report.rhai is there already, and stays as it is\n\
         help: choose another name: vitally-script new NAME --from EXAMPLE\n",
    );
    folder.run(&["examples", "copy", "renewal"]).is(
        2,
        "",
        "error: there is no example \"renewal\"; did you mean \"renewals\"?\n\
         help: vitally-script examples lists them\n",
    );
    folder.run(&["new", "report.txt"]).is(
        2,
        "",
        "error: \"report.txt\" does not end with .rhai, as scripts do\nhelp: leave the ending out: it is added\n",
    );
}
