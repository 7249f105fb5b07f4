//! Changes from a spreadsheet: columns, cells, records, rows that fail, and the guards around them.

use crate::support::program::{Ended, Folder};
use crate::support::{KEY, tenant};
use serde_json::{Value, json};
use vitally_script::simulator::{Options, Simulator};

fn bulk(folder: &Folder, tenant: &Simulator, words: &[&str]) -> Ended {
    let origin = tenant.origin();
    let variables = [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", origin.as_str())];
    folder.run_with(&[&["bulk"], words].concat(), &variables, "")
}

/// What a script prints of the tenant.
fn look(folder: &Folder, tenant: &Simulator, code: &str) -> String {
    let origin = tenant.origin();
    let variables = [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", origin.as_str())];
    let ended = folder.run_with(&["eval", "-q", "-o", "json", code], &variables, "");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout.trim().to_string()
}

#[track_caller]
fn document(ended: &Ended, code: i32) -> Value {
    assert_eq!(ended.code, code, "{}", ended.stderr);
    let mut document: Value = serde_json::from_str(&ended.stdout).unwrap();
    document.as_object_mut().unwrap().remove("run");
    document
}

fn counted(applied: u64, unchanged: u64, failed: u64, remaining: u64, refused: u64) -> Value {
    json!({
        "applied": applied, "unchanged": unchanged, "drifted": 0, "failed": failed, "remaining": remaining,
        "refused": refused,
    })
}

const TIERS: &str = "External ID,Name,tier,SEATS,Colour\n\
                     acct-1,First & Co,Gold,\"1,234.50\",red\n\
                     acct-2,,silver,(12),\n\
                     acct-none,Nobody,gold,1,\n\
                     acct-3,,gold,many,\n\
                     acct-4,,CLEAR,,\n\
                     acct-5,A,,5,\n\
                     acct-5,B,,6,\n\
                     ,C,,7,\n";

#[test]
fn rows_change_the_records_they_name() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("tiers.csv", TIERS);
    let words = ["update", "account", "tiers.csv", "--match", "externalId", "-o", "json"];
    let second = look(&folder, &tenant, "get_account(ext(\"acct-2\")).name");
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!(document(&ended, 5), counted(3, 0, 5, 0, 0));
    assert_eq!(tenant.writes(), 3);
    let traits = "[\"acct-1\", \"acct-2\", \"acct-4\"].map(|key| get_account(ext(key))).map(|a| [a.name, \
                  a.traits[\"vitally.custom.tier\"], a.traits[\"vitally.custom.seats\"]])";
    let held: Value = serde_json::from_str(&look(&folder, &tenant, traits)).unwrap();
    assert_eq!(held[0], json!(["First & Co", "gold", 1234.5]));
    assert_eq!(held[1], json!([serde_json::from_str::<Value>(&second).unwrap(), "silver", -12]));
    assert_eq!(held[2][1], Value::Null);
    for line in [
        "tiers.csv: 8 rows\n",
        "External ID  externalId                   finds the record\n",
        "SEATS        traits.vitally.custom.seats  a number\n",
        "Colour       not used                     no field or trait has this name\n",
        "warning: 2 rows share their externalId with another row and are left out\n",
        "failed: row 4: there is no account whose externalId is acct-none\n",
        "failed: row 5: column SEATS: \"many\" is not a number; ",
        "failed: row 7: externalId acct-5 stands in several rows: 7, 8\n",
        "failed: row 9: the cell of externalId is empty\n",
        "done: 3 accounts updated; 5 failed\n",
    ] {
        assert!(ended.stderr.contains(line), "{line}\n{}", ended.stderr);
    }
    let file =
        ended.stderr.lines().find_map(|line| line.strip_prefix("every row with its outcome: ")).unwrap();
    let results = std::fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = results.lines().collect();
    assert_eq!(lines[0], "External ID,Name,tier,SEATS,Colour,status,reason");
    assert!(lines[1].starts_with("acct-1,First & Co,Gold,\"1,234.50\",red,ok,"), "{results}");
    assert!(lines[3].ends_with(",failed,there is no account whose externalId is acct-none"), "{results}");
    // Once more: what holds already costs no request.
    let again = bulk(&folder, &tenant, &words);
    assert_eq!(document(&again, 5), counted(0, 3, 5, 0, 0));
    assert!(again.stderr.contains("nothing was changed: 3 already right, 5 failed\n"), "{}", again.stderr);
    assert_eq!(tenant.writes(), 3);
    // Its own results are an input again.
    std::fs::copy(file, folder.path().join("results.csv")).unwrap();
    let again =
        bulk(&folder, &tenant, &["update", "account", "results.csv", "--match", "externalId", "-o", "json"]);
    assert_eq!(document(&again, 5), counted(0, 3, 5, 0, 0));
}

#[test]
fn a_dry_run_sends_nothing_and_shows_what_would_change() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("tiers.csv", TIERS);
    let words = ["update", "accounts", "tiers.csv", "--match", "external id", "-n", "-o", "json"];
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!(document(&ended, 5), counted(0, 0, 5, 3, 0));
    assert_eq!(tenant.writes(), 0);
    assert!(
        ended.stderr.contains("dry run, nothing was sent: 3 accounts to be updated\n"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("5 rows would fail, for the reasons above\n"), "{}", ended.stderr);
    folder.write("one.csv", "externalId,name\nacct-1,New\n");
    let words = ["update", "account", "one.csv", "--match", "externalId", "-n", "--detailed-exitcode"];
    assert_eq!(bulk(&folder, &tenant, &words).code, 10);
}

#[test]
fn records_are_found_by_other_fields_in_one_walk() {
    let (folder, tenant) = (Folder::new(), tenant());
    let user = "let u = users().first(); [u.email, u.id]";
    let user: Value = serde_json::from_str(&look(&folder, &tenant, user)).unwrap();
    let email = user[0].as_str().unwrap().to_uppercase();
    folder.write("roles.csv", format!("Email,Job\n{email},Astronaut\nnobody@example.com,Admin\n"));
    tenant.forget_requests();
    let words = ["update", "user", "roles.csv", "--match", "email", "--set", "traits.role=Job", "-o", "json"];
    assert_eq!(document(&bulk(&folder, &tenant, &words), 5), counted(1, 0, 1, 0, 0));
    let code = format!("get_user({}).traits[\"vitally.custom.role\"]", user[1]);
    assert_eq!(look(&folder, &tenant, &code), "\"Astronaut\"");
    let twice = "create_account(#{ externalId: \"t-1\", name: \"Twin\" }); create_account(#{ externalId: \"t-2\", name: \"Twin\" }).name";
    look(&folder, &tenant, twice);
    folder.write("twins.csv", "name,tier\nTwin,gold\n");
    let ended = bulk(&folder, &tenant, &["update", "account", "twins.csv", "--match", "name"]);
    assert_eq!(ended.code, 5);
    assert!(
        ended.stderr.contains("failed: row 2: there are 2 accounts whose name is Twin\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn new_records_come_from_rows() {
    let (folder, tenant) = (Folder::new(), tenant());
    let admin = look(&folder, &tenant, "admins().first().email").trim_matches('"').to_string();
    let text = format!(
        "\u{feff}externalId;name;accountId;due date;assignedToId;tags\r\n\
         call-1;Call Zoë;acct-1;28/10/2026;{admin};a, b\r\n\
         call-2;Call;acct-x;;;\r\n\
         call-3;Call;acct-2;31/02/2026;;\r\n\
         call-4;Call;;;;\r\n"
    );
    folder.write("calls.csv", text);
    let words = ["create", "task", "calls.csv", "--dates", "DMY", "-o", "json"];
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!(document(&ended, 5), counted(1, 0, 3, 0, 0));
    for line in [
        "failed: row 3: accountId: there is no account whose externalId is acct-x\n",
        "failed: row 4: column due date: \"31/02/2026\" is not a day in the order DMY; ",
        "failed: row 5: create_task needs \"accountId\" or \"organizationId\", and the row has none\n",
    ] {
        assert!(ended.stderr.contains(line), "{line}\n{}", ended.stderr);
    }
    let task = "let t = get_task(ext(\"call-1\")); [t.name, t.dueDate, t.assignedTo.email, t.tags, \
                t.accountId == get_account(ext(\"acct-1\")).id]";
    let task: Value = serde_json::from_str(&look(&folder, &tenant, task)).unwrap();
    assert_eq!(task[0], "Call Zoë");
    assert!(task[1].as_str().unwrap().starts_with("2026-10-28"), "{task}");
    assert_eq!((&task[2], &task[3], &task[4]), (&json!(admin), &json!(["a", "b"]), &json!(true)));
    let again = bulk(&folder, &tenant, &words);
    assert_eq!(document(&again, 5), counted(0, 0, 4, 0, 0));
    assert!(
        again.stderr.contains("row 2: there is a task already whose externalId is call-1\n"),
        "{}",
        again.stderr
    );
}

#[test]
fn deletes_must_be_allowed_by_number() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("old.csv", "externalId,why\nacct-1,gone\nacct-2,gone\n");
    let words = ["delete", "account", "old.csv", "--match", "externalId"];
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!((ended.code, tenant.writes()), (8, 0), "{}", ended.stderr);
    assert!(ended.stderr.contains("--max-deletes"), "{}", ended.stderr);
    let ended = bulk(&folder, &tenant, &[&words[..], &["--max-deletes", "2", "-o", "json"]].concat());
    assert_eq!(document(&ended, 0), counted(2, 0, 0, 0, 0));
    assert_eq!(look(&folder, &tenant, "find_account(\"acct-1\") == ()"), "true");
}

#[test]
fn limits_end_a_run_early() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("n.csv", "externalId,name\nacct-1,A\nacct-2,B\nacct-3,C\n");
    let words = ["update", "account", "n.csv", "--match", "externalId", "-o", "json"];
    let ended = bulk(&folder, &tenant, &[&words[..], &["--limit", "1"]].concat());
    assert_eq!(document(&ended, 0), counted(1, 0, 0, 2, 0));
    let ended = bulk(&folder, &tenant, &[&words[..], &["--max-changes", "1"]].concat());
    assert_eq!(document(&ended, 8), counted(1, 1, 0, 0, 1));
    assert_eq!(tenant.writes(), 2);
    let ended = bulk(&folder, &tenant, &[&words[..], &["--read-only"]].concat());
    assert_eq!(ended.code, 8, "{}", ended.stderr);
}

#[test]
fn a_workbook_is_read_too() {
    let (folder, tenant) = (Folder::new(), tenant());
    let code = "write_xlsx(\"b.xlsx\", #{ Other: [#{ x: 1 }], Plans: [#{ id: get_account(ext(\"acct-1\")).id, \
                mrr: 1200.5, seats: 7, name: 100, fresh: true }] })";
    look(&folder, &tenant, code);
    let words =
        ["update", "account", "b.xlsx", "--sheet", "Plans", "--match", "id", "--set", "traits.fresh=fresh"];
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let code = "let a = get_account(ext(\"acct-1\")); [a.name, a.mrr, a.traits[\"vitally.custom.seats\"], a.traits.fresh]";
    let held: Value = serde_json::from_str(&look(&folder, &tenant, code)).unwrap();
    assert_eq!(held, json!(["100", 1200.5, 7, true]));
}

#[test]
fn records_of_a_custom_object_belong_to_it() {
    let (folder, tenant) = (Folder::new(), tenant());
    let object = look(&folder, &tenant, "custom_objects().first().id").trim_matches('"').to_string();
    folder.write("f.csv", "externalId,name,customerId\nfr-1,Renamed,\nfr-none,X,\n");
    let words = ["update", "custom_object_instance", "f.csv", "--match", "externalId", "-o", "json"];
    let ended = bulk(&folder, &tenant, &words);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("add --parent with its id"), "{}", ended.stderr);
    let ended = bulk(&folder, &tenant, &[&words[..], &["--parent", &object]].concat());
    assert_eq!(document(&ended, 5), counted(1, 0, 1, 0, 0));
    let code = "search_custom_object_instances(custom_objects().first(), #{ externalId: \"fr-1\" })[0].name";
    assert_eq!(look(&folder, &tenant, code), "\"Renamed\"");
}

#[test]
fn protected_records_are_refused() {
    let (folder, tenant) = (Folder::new(), tenant());
    let text = format!("[profile.default]\nbase_url = \"{}\"\nprotect = [\"p.rhai\"]\n", tenant.origin());
    folder.write("vitally.toml", text);
    folder.write("p.rhai", "|a| a.externalId == \"acct-2\"");
    folder.write("n.csv", "externalId,name\nacct-1,A\nacct-2,B\n");
    for (options, expected) in [(&["-n"][..], counted(0, 0, 0, 1, 1)), (&[][..], counted(1, 0, 0, 0, 1))] {
        let words = ["update", "account", "n.csv", "--match", "externalId", "-o", "json"];
        let ended = bulk(&folder, &tenant, &[&words[..], options].concat());
        assert_eq!(document(&ended, 5), expected, "{}", ended.stderr);
        assert!(ended.stderr.contains(" is protected by p.rhai\n"), "{}", ended.stderr);
    }
    assert_eq!(tenant.writes(), 1);
}

#[test]
fn what_makes_no_sense_is_said_before_anything_is_sent() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("a.csv", "externalId,nmae,mrr\nacct-1,New,1\n");
    folder.write("two.csv", "externalId,name,Name\nacct-1,New,x\n");
    folder.write("no.csv", "externalId,colour,createdAt\nacct-1,red,x\n");
    let by = ["--match", "externalId"];
    for (words, code, said) in [
        (&["update", "acount", "a.csv"][..], 2, "there is no object \"acount\"; did you mean \"account\"?"),
        (&["update", "account", "none.csv"], 2, "there is no file "),
        (&["create", "admin", "a.csv"], 2, "Vitally cannot create admins"),
        (&["update", "account", "a.csv", "--set", "name=nam"], 2, "a.csv has no column \"nam\""),
        (
            &["update", "account", "a.csv", "--set", "nme=nmae"],
            2,
            "--set nme=nmae: no field or trait has this name; did you mean \"name\"?",
        ),
        (&["update", "account", "a.csv", "--skip", "x"], 2, "a.csv has no column \"x\""),
        (&["update", "account", "two.csv"], 2, "the columns \"name\" and \"Name\" both go to name"),
        (&["update", "account", "no.csv"], 2, "no column of no.csv goes to a field of account"),
        (&["update", "account", "a.csv", "--arg", "x=1"], 2, "bulk runs no script"),
        (&["update", "account", "a.csv", "--sheet", "x"], 2, "a.csv is a CSV file and has no sheet \"x\""),
    ] {
        let ended = bulk(&folder, &tenant, &[words, &by[..]].concat());
        assert_eq!(ended.code, code, "{words:?}\n{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{said}\n{}", ended.stderr);
    }
    let ended = bulk(&folder, &tenant, &["update", "account", "a.csv"]);
    assert!(ended.stderr.contains("add --match with the field"), "{}", ended.stderr);
    let ended = bulk(&folder, &tenant, &["update", "account", "a.csv", "--match", "extrnalId"]);
    assert!(ended.stderr.contains("did you mean \"externalId\"?"), "{}", ended.stderr);
    let ended = bulk(&folder, &tenant, &["update", "account", "a.csv", "--match", "name"]);
    assert!(
        ended.stderr.contains(
            "a.csv has no column \"name\", by which records are to be found; did you mean \"nmae\"?"
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(tenant.writes(), 0);
    let ended = bulk(&folder, &tenant, &["update", "account", "a.csv", "--match", "externalId", "-n"]);
    assert!(
        ended
            .stderr
            .contains("nmae        not used    no field or trait has this name; did you mean \"name\"?\n"),
        "{}",
        ended.stderr
    );
    let bad = [("VITALLY_API_KEY", "sk_live_other"), ("VITALLY_BASE_URL", &*tenant.origin())];
    let words = ["bulk", "update", "account", "a.csv", "--match", "externalId"];
    assert_eq!(folder.run_with(&words, &bad, "").code, 6);
    assert_eq!(folder.run_with(&words, &[], "").code, 6);
}

#[test]
fn numbers_can_have_a_comma_before_the_decimals() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("n.csv", "externalId;seats\nacct-1;1.234,5\n");
    let words = ["update", "account", "n.csv", "--match", "externalId", "--decimal", ","];
    assert_eq!(bulk(&folder, &tenant, &words).code, 0);
    let seats = look(&folder, &tenant, "get_account(ext(\"acct-1\")).traits[\"vitally.custom.seats\"]");
    assert_eq!(seats, "1234.5");
}

#[test]
fn a_run_is_planned_gone_on_with_and_taken_back() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("n.csv", "externalId;name\nacct-1;A\nacct-2;B\nacct-3;C\nacct-none;D\nacct-5;E\nacct-5;F\n");
    let origin = tenant.origin();
    let variables = [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", origin.as_str())];
    let run = |words: &[&str]| folder.run_with(words, &variables, "");
    let words = ["bulk", "update", "account", "n.csv", "--match", "externalId"];
    let planned = run(&[&words[..], &["--plan-out", "n.plan"]].concat());
    assert_eq!((planned.code, tenant.writes()), (5, 0), "{}", planned.stderr);
    assert_eq!(run(&["apply", "n.plan", "-n"]).code, 0);
    let before = look(&folder, &tenant, "get_account(ext(\"acct-1\")).name");
    let begun = run(&[&words[..], &["--limit", "2", "-o", "json"]].concat());
    assert_eq!(document(&begun, 0), counted(2, 0, 0, 4, 0));
    let gone_on = run(&["resume", "last", "-y", "-o", "json"]);
    assert_eq!(document(&gone_on, 5), counted(3, 0, 3, 0, 0));
    assert_eq!(tenant.writes(), 3);
    assert_eq!(look(&folder, &tenant, "get_account(ext(\"acct-3\")).name"), "\"C\"");
    let kinds = run(&["runs", "-o", "json"]);
    let kinds: Value = serde_json::from_str(&kinds.stdout).unwrap();
    assert_eq!(kinds.to_string().matches("bulk n.csv").count(), 1, "{kinds}");
    assert_eq!(run(&["undo", "last", "-y"]).code, 0);
    assert_eq!(look(&folder, &tenant, "get_account(ext(\"acct-1\")).name"), before);
    let begun = run(&[&words[..], &["--limit", "1"]].concat());
    assert_eq!(begun.code, 0, "{}", begun.stderr);
    folder.write("n.csv", "externalId;name\nacct-1;Z\n");
    let refused = run(&["resume", "last", "-y"]);
    assert_eq!(refused.code, 8, "{}", refused.stderr);
    assert!(refused.stderr.contains("n.csv was changed since run "), "{}", refused.stderr);
}

#[test]
fn many_rows_cost_fewer_reads_than_rows() {
    let folder = Folder::new();
    let options = Options { key: KEY.into(), rate_limit: None, accounts: 150, ..Options::default() };
    let tenant = Simulator::start(options).unwrap();
    let rows: Vec<String> = (1..=100).map(|n| format!("acct-{n},Name {n}\n")).collect();
    let rows = rows.concat();
    folder.write("many.csv", format!("externalId,name\n{rows}acct-none,X\n"));
    let ended =
        bulk(&folder, &tenant, &["update", "account", "many.csv", "--match", "externalId", "-o", "json"]);
    assert_eq!(document(&ended, 5), counted(100, 0, 1, 0, 0));
    let reads = tenant.requests().iter().filter(|seen| seen.method == "GET").count();
    assert!(reads <= 12, "{reads} reads");
    let name = "[get_account(ext(\"acct-1\")).name, get_account(ext(\"acct-100\")).name]";
    let names: Value = serde_json::from_str(&look(&folder, &tenant, name)).unwrap();
    assert_eq!(names, json!(["Name 1", "Name 100"]));
}
