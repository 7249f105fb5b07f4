//! Records that a profile protects are written by nothing: no script, no row, no plan.

use crate::support::program::{Ended, Folder};
use crate::support::sending::{bench, change, known};
use crate::support::{KEY, tenant};
use serde_json::{Value, json};
use std::sync::Arc;
use vitally_script::gate::apply::{ApplyOptions, Reply, apply};
use vitally_script::gate::protect::{Protect, Segment};
use vitally_script::gate::send::Check;
use vitally_script::gate::{Change, Limits, Status};
use vitally_script::simulator::Simulator;

/// A project whose only profile protects this.
fn project(tenant: &Simulator, protect: &str) -> Folder {
    let folder = Folder::new();
    let text = format!(
        "default_profile = \"acme\"\n[profile.acme]\nbase_url = \"{}\"\nprotect = {protect}\n",
        tenant.origin()
    );
    folder.write("vitally.toml", text);
    folder
}

fn eval(folder: &Folder, code: &str, options: &[&str]) -> Ended {
    let words = [&["eval", "--color", "never"], options, &[code]].concat();
    folder.run_with(&words, &[("VITALLY_API_KEY", KEY)], "")
}

/// What a script that is refused catches.
#[track_caller]
fn caught(folder: &Folder, code: &str) -> String {
    let code =
        format!("try {{ {code}; print(\"sent\"); }} catch (e) {{ print(e.kind + \": \" + e.message); }}");
    let ended = eval(folder, &code, &["-q"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    ended.stdout.trim().to_string()
}

/// The externalIds of accounts in the segment Enterprise, and of some that are not.
fn accounts(tenant: &Simulator) -> (Vec<String>, Vec<String>) {
    let folder = project(tenant, "[]");
    let code = "accounts().take(9).to_array()";
    let out: Value = serde_json::from_str(&eval(&folder, code, &["-q", "-o", "json"]).stdout).unwrap();
    let all = out.as_array().unwrap().iter();
    let (inside, outside): (Vec<&Value>, Vec<&Value>) =
        all.partition(|account| account["segments"][0]["name"] == "Enterprise");
    let keys =
        |found: Vec<&Value>| found.iter().map(|a| a["externalId"].as_str().unwrap().to_string()).collect();
    tenant.forget_requests();
    (keys(inside), keys(outside))
}

#[test]
fn a_segment_is_left_alone_with_everything_that_belongs_to_it() {
    let tenant = tenant();
    let (inside, outside) = accounts(&tenant);
    let (inside, outside) = (&inside[0], &outside[0]);
    let folder = project(&tenant, "[\"enterprise\"]");
    let name = |key: &str| {
        eval(&folder, &format!("print(get_account(ext(\"{key}\")).name)"), &["-q"]).stdout.trim().to_string()
    };
    let (title, by) = (format!("account {}", name(inside)), "is protected by the segment \"enterprise\"");
    let whole = |action: &str| format!("refused: {action} was not sent: {title} {by}");
    let below = |action: &str| format!("refused: {action} was not sent: it belongs to {title}, which {by}");
    let update = |key: &str| format!("update_account(ext(\"{key}\"), #{{ name: \"X\" }})");
    assert_eq!(caught(&folder, &update(inside)), whole("update_account"));
    let create = format!("create_account(#{{ externalId: \"{inside}\", name: \"X\" }})");
    assert_eq!(caught(&folder, &create), whole("create_account"));
    let task =
        |key: &str| format!("create_task(#{{ name: \"T\", accountId: get_account(ext(\"{key}\")).id }})");
    assert_eq!(caught(&folder, &task(inside)), below("create_task"));
    let user =
        format!("create_user(#{{ externalId: \"u\", accountIds: [get_account(ext(\"{inside}\")).id] }})");
    assert_eq!(caught(&folder, &user), below("create_user"));
    assert_eq!(tenant.writes(), 0);
    assert_eq!(caught(&folder, &update(outside)), "sent");
    assert_eq!(caught(&folder, &task(outside)), "sent");
    assert_eq!(tenant.writes(), 2);
    // A task may not be moved to a protected account either.
    let moved = format!(
        "update_task(tasks(#{{ account: ext(\"{outside}\") }}).first(), #{{ accountId: get_account(ext(\"{inside}\")).id }})"
    );
    assert_eq!(caught(&folder, &moved), below("update_task"));
    let ended = eval(&folder, &update(inside), &["-q"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("`protect` in vitally.toml says"), "{}", ended.stderr);
    assert_eq!(tenant.writes(), 2);
}

#[test]
fn a_row_of_a_protected_record_fails_with_the_reason() {
    let tenant = tenant();
    let (inside, outside) = accounts(&tenant);
    let folder = project(&tenant, "[\"Enterprise\"]");
    let code = "let done = each(accounts().take(9), |a| update_account(a, #{ name: a.name + \"!\" })); \
                print(done.ok); print(done.failed); print(done.errors[0].reason);";
    let ended = eval(&folder, code, &[]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!((lines[0], lines[1]), (outside.len().to_string().as_str(), inside.len().to_string().as_str()));
    assert!(lines[2].starts_with("update_account was not sent: account "), "{}", lines[2]);
    assert_eq!(tenant.writes(), outside.len() as u64);
}

#[test]
fn a_dry_run_leaves_them_alone_too() {
    let tenant = tenant();
    let (inside, outside) = accounts(&tenant);
    let folder = project(&tenant, "[\"Enterprise\"]");
    let code = "each(accounts().take(9), |a| update_account(a, #{ name: a.name + \"!\" })).failed";
    let ended = eval(&folder, code, &["-n"]);
    assert_eq!(ended.stdout, format!("{}\n", inside.len()), "{}", ended.stderr);
    let first = ended.stderr.lines().find(|line| line.starts_with("dry run")).unwrap_or_default();
    assert_eq!(
        first,
        format!(
            "dry run, nothing was sent: {} accounts to be updated; {} left alone, as protected",
            outside.len(),
            inside.len()
        )
    );
    assert_eq!(tenant.writes(), 0);
}

#[test]
fn a_script_of_the_profile_says_what_is_protected() {
    let tenant = tenant();
    let update = "update_account(ext(\"acct-1\"), #{ name: \"X\" })";
    let folder = project(&tenant, "[\"protect.rhai\"]");
    folder.write(
        "protect.rhai",
        "const KEY = \"acct-1\";\nfn named(r) { r.externalId == KEY }\n|record| named(record)\n",
    );
    assert!(
        caught(&folder, update).ends_with(" is protected by protect.rhai"),
        "{}",
        caught(&folder, update)
    );
    assert_eq!(caught(&folder, "update_account(ext(\"acct-2\"), #{ name: \"X\" })"), "sent");
    folder.write("names.rhai", "fn is_one(r) { r.externalId == \"acct-1\" }");
    folder.write(
        "protect.rhai",
        "import \"names\" as names;\nlet more = [\"acct-3\"];\n|r| names::is_one(r) || r.externalId in more",
    );
    assert!(
        caught(&folder, update).ends_with(" is protected by protect.rhai"),
        "{}",
        caught(&folder, update)
    );
    assert!(caught(&folder, &update.replace("acct-1", "acct-3")).ends_with(" is protected by protect.rhai"));
    // Scripts cannot change what guards against them.
    let written = caught(&folder, "write_json(\"protect.rhai\", [])");
    assert_eq!(written, "refused: protect.rhai holds settings or keys, and scripts may not use it");
    // What is asked of a user who has no such field is said by the accounts he belongs to.
    folder.write("protect.rhai", "|record| (record.mrr ?? 0) >= 0");
    let user = "update_user(ext(\"user-1\"), #{ name: \"X\" })";
    assert!(caught(&folder, user).contains("it belongs to account "), "{}", caught(&folder, user));
    folder.write("protect.rhai", "#{ account: |account| account.externalId == \"acct-1\" }");
    assert!(caught(&folder, update).ends_with("is protected by protect.rhai"));
    assert_eq!(caught(&folder, "update_organization(ext(\"org-1\"), #{ name: \"X\" })"), "sent");
}

#[test]
fn a_rule_that_cannot_answer_lets_nothing_out() {
    let tenant = tenant();
    let folder = project(&tenant, "[\"protect.rhai\"]");
    let update = "update_organization(ext(\"org-1\"), #{ name: \"X\" })";
    for (script, why) in [
        ("|record| record.mmr > 1", "an organization has no field \"mmr\"; did you mean \"mrr\"?"),
        ("|record| record.name", "it must say true or false, and gave the text"),
        ("|record| { throw \"no idea\" }", "no idea"),
        ("|record| update_organization(record, #{ name: \"Y\" }).name == \"\"", "is read-only in this run"),
    ] {
        folder.write("protect.rhai", script);
        let said = caught(&folder, update);
        assert!(
            said.contains("protect.rhai could not say whether organization ") && said.contains(why),
            "{said}"
        );
    }
    for (script, code, why) in [
        ("|record| recrd", 3, "recrd"),
        ("1 + 1", 2, "the last line of protect.rhai must be a function, and is the number 2"),
        ("#{ acount: |a| true }", 2, "there is no object \"acount\"; did you mean \"account\"?"),
    ] {
        folder.write("protect.rhai", script);
        let ended = eval(&folder, "1", &[]);
        assert_eq!(ended.code, code, "{}", ended.stderr);
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    }
    assert_eq!(eval(&folder, "print(1)", &["--read-only"]).code, 0);
    assert_eq!(tenant.writes(), 0);
}

#[test]
fn what_vitally_toml_says_wrongly_is_shown() {
    let tenant = tenant();
    let folder = project(&tenant, "\"Enterprise\"");
    let ended = eval(&folder, "1", &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("\"protect\" must be a list of segments and scripts"), "{}", ended.stderr);
    let folder = project(&tenant, "[\"none.rhai\"]");
    let ended = eval(&folder, "1", &[]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("none.rhai"), "{}", ended.stderr);
    let folder = project(&tenant, "[\"Enterprise\"]");
    let shown = folder.run(&["config", "show", "-o", "csv"]).stdout;
    assert!(shown.contains("protect,Enterprise\n"), "{shown}");
}

#[test]
fn a_plan_does_not_write_them_either() {
    let tenant = tenant();
    let (inside, outside) = accounts(&tenant);
    let bench = bench();
    let rename = |seq: u64, key: &str| {
        let before = json!({ "name": bench.record(&format!("/accounts/{key}"))["name"] });
        known(seq, key, before, json!({ "name": "New" }))
    };
    let account = bench.record(&format!("/accounts/{}", inside[0]));
    let task = json!({ "name": "T", "accountId": account["id"] });
    let task = Change { after: task.as_object().cloned(), ..change(3, "create_task") };
    let changes = vec![rename(1, &inside[0]), rename(2, &outside[0]), task];
    let door = Arc::try_unwrap(bench.door()).ok().expect("nobody else has it");
    let door = Arc::new(door.protecting(Protect::new(vec![Box::new(Segment("Enterprise".into()))])));
    let options = ApplyOptions {
        plan: None,
        limit: None,
        canary: None,
        limits: Limits::default(),
        send: bench.options(Check::Drift),
        confirm: &mut |_| Reply::Yes,
    };
    let applied = apply(changes.into_iter().map(Ok), door, bench.journal(), options).expect("it is applied");
    assert_eq!((applied.totals.applied, applied.totals.refused), (1, 2));
    let kept: Vec<Status> = bench.store.all(&bench.run).into_iter().map(|kept| kept.status).collect();
    assert_eq!(kept, [Status::Refused, Status::Applied, Status::Refused]);
    assert!(bench.outcome(3).reason.unwrap().contains("which is protected by the segment \"Enterprise\""));
}

#[test]
fn a_plan_is_looked_through_with_them_in_mind() {
    let tenant = tenant();
    let (inside, outside) = accounts(&tenant);
    let folder = project(&tenant, "[]");
    let rename = |key: &str| format!("update_account(ext(\"{key}\"), #{{ name: \"X\" }});");
    let task = format!("create_task(#{{ name: \"T\", accountId: get_account(ext(\"{}\")).id }})", inside[0]);
    folder.write("fix.rhai", format!("{}{}{task}", rename(&inside[0]), rename(&outside[0])));
    let run = |words: &[&str]| folder.run_with(words, &[("VITALLY_API_KEY", KEY)], "");
    assert_eq!(run(&["run", "fix.rhai", "--plan-out", "fix.plan"]).code, 0);
    let toml = folder.read("vitally.toml").replace("protect = []", "protect = [\"Enterprise\"]");
    folder.write("vitally.toml", toml);
    let shown = run(&["apply", "fix.plan", "-n"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stderr.contains("1 account to be updated; 2 protected, to be left alone\n"),
        "{}",
        shown.stderr
    );
    let applied = run(&["apply", "fix.plan", "-y", "-o", "json"]);
    assert_eq!(applied.code, 5, "{}", applied.stderr);
    let document: Value = serde_json::from_str(&applied.stdout).unwrap();
    assert_eq!((&document["applied"], &document["refused"]), (&json!(1), &json!(2)));
    assert_eq!(tenant.writes(), 1);
}
