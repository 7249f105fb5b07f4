//! Every script of the cookbook is checked and run, twice in the same tenant.

use crate::support::{binary, ended, run_at, tenant};
use std::fs;
use std::path::PathBuf;

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
fn every_script_runs_and_runs_again_without_making_anything_twice() {
    for script in scripts() {
        let tenant = tenant();
        let first = run_at(&tenant.origin(), &script, &[]);
        assert_eq!(first.code, 0, "{}: {}", script.display(), first.err);
        let created = |err: &str| err.starts_with("done: ") && err.contains("created");
        let second = run_at(&tenant.origin(), &script, &[]);
        assert_eq!(second.code, 0, "{}: {}", script.display(), second.err);
        assert!(!created(second.err.lines().last().unwrap_or("")), "{}: {}", script.display(), second.err);
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
