//! The program is killed at any moment of a fix of many rows, and the run is gone on with: no row is lost, no record is
//! made twice, and nothing that was confirmed is sent again.
//!
//! `VITALLY_KILLS=300 VITALLY_ROWS=400 cargo test --release faults_kill -- --nocapture` is the long version.

use crate::support::desk::Desk;
use serde_json::Value;
use std::collections::HashMap;
use std::env;
use std::fmt::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// Every row updates an account, makes a task without an externalId, and a note with one.
const SCRIPT: &str = r#"
each(read_csv("rows.csv"), #{ key: "id" }, |r| {
    let account = get_account(ext(r.id));
    update_account(account, #{ traits: #{ fixed: r.value } });
    create_task(#{ name: "Fix " + r.id, accountId: account.id });
    create_note(#{ externalId: "note-" + r.id, note: "Fixed", noteDate: "2026-11-20", accountId: account.id });
});
"#;

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What a run of kills has seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    kills: u64,
    lost: u64,
    doubled: u64,
    sent_again: u64,
}

#[test]
fn killed_anywhere_and_resumed_nothing_is_lost_or_doubled() {
    let (kills, rows) = (number("VITALLY_KILLS", 5), number("VITALLY_ROWS", 30));
    let seed = number("VITALLY_SEED", 1);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut figures = Figures::default();
    while figures.kills < kills {
        life(rows, &mut random, &mut figures);
    }
    println!("seed {seed}, {rows} rows: {figures:?}");
    assert_eq!(figures, Figures { kills: figures.kills, ..Figures::default() }, "seed {seed}");
}

/// One fix from its first row to its last, killed again and again on the way.
fn life(rows: u64, random: &mut fastrand::Rng, figures: &mut Figures) {
    let desk = Desk::with_accounts(usize::try_from(rows).expect("few rows"));
    desk.folder.write("fix.rhai", SCRIPT);
    let mut csv = "id,value\n".to_string();
    (1..=rows).for_each(|row| writeln!(csv, "acct-{row},v{row}").expect("text grows"));
    desk.folder.write("rows.csv", csv);
    let allowed = ["--max-changes", "100000"];
    let mut words = vec!["run".to_string(), "fix.rhai".into()];
    let mut known: Option<(Vec<String>, HashMap<String, u64>)> = None;
    loop {
        // Some writes later, which may be after the end.
        let at = desk.tenant.writes() + random.u64(..rows * 2);
        let typed: Vec<&str> = words.iter().map(String::as_str).chain(allowed).collect();
        let killed = killed(&desk, &typed, at);
        if let Some((confirmed, before)) = known.take() {
            let after = sent(&desk);
            let times = |sent: &HashMap<String, u64>, path: &str| {
                *sent.get(path).unwrap_or_else(|| panic!("{path} is confirmed and was not seen: {sent:?}"))
            };
            let again = |path: &&String| times(&after, path) != times(&before, path);
            figures.sent_again += confirmed.iter().filter(again).count() as u64;
        }
        if !killed {
            break;
        }
        figures.kills += 1;
        // A run that was killed before it was noted begins anew.
        if let Some(run) = desk.json(&["runs"], 0)[0]["run"].as_str() {
            known = Some((confirmed(&desk, run), sent(&desk)));
            words = vec!["resume".to_string(), run.to_string()];
        }
    }
    let expected = rows * 3;
    let journal = confirmed_all(&desk);
    figures.lost += expected.saturating_sub(journal);
    for (list, name) in [("tasks", "Fix "), ("notes", "Fixed")] {
        let field = if list == "tasks" { "name" } else { "note" };
        let code =
            format!("{list}().where(|r| r.{field}.contains(\"{name}\")).map(|r| r.accountId).to_array()");
        let made = desk.json(&["eval", &code], 0);
        let mut each: HashMap<String, u64> = HashMap::new();
        for account in made.as_array().expect("an array") {
            *each.entry(account.to_string()).or_default() += 1;
        }
        figures.doubled += each.values().filter(|count| **count > 1).count() as u64;
        figures.lost += rows - each.len() as u64;
    }
    let fixed = desk.json(
        &["eval", "accounts(#{ status: \"activeOrChurned\" }).where(|a| a.traits.fixed != ()).count()"],
        0,
    );
    figures.lost += rows - fixed.as_u64().expect("a count");
}

/// Runs the program until the tenant has seen so many writes, and kills it; false if it ended by itself.
fn killed(desk: &Desk, words: &[&str], at: u64) -> bool {
    let mut command = desk.command(words);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    loop {
        if let Some(status) = child.try_wait().expect("the program can be asked") {
            assert!(status.success(), "{words:?} ended with {status}");
            return false;
        }
        if desk.tenant.writes() >= at {
            child.kill().expect("the program can be killed");
            child.wait().expect("the program is gone");
            return true;
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// How often every record was updated, by its path.
fn sent(desk: &Desk) -> HashMap<String, u64> {
    let mut sent = HashMap::new();
    for request in desk.tenant.requests().iter().filter(|request| request.method == "PUT") {
        *sent.entry(request.path.clone()).or_default() += 1;
    }
    sent
}

/// The paths of the updates whose end the journal holds.
fn confirmed(desk: &Desk, run: &str) -> Vec<String> {
    let lines = desk.json(&["runs", "show", run], 0);
    let is = |line: &&Value| line["status"] == "applied" && line["action"] == "update_account";
    let path = |line: &Value| format!("/resources/accounts/{}", line["id"].as_str().expect("an id"));
    lines.as_array().into_iter().flatten().filter(is).map(path).collect()
}

/// How many changes the journal knows as made or as right already.
fn confirmed_all(desk: &Desk) -> u64 {
    desk.json(&["runs"], 0)[0]["changes"].as_u64().expect("a count")
}
