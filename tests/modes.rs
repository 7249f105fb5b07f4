//! The modes behind the gate: a dry run that sends nothing and sees its own changes, limits, and `each`.

use crate::support::{binary, ended, eval_at, tenant};
use vitally_script::catalogue::{self, Effect};
use vitally_script::simulator;

#[test]
fn a_dry_run_of_every_write_sends_no_write() {
    let tenant = tenant();
    let writes = catalogue::actions().filter(|(_, action)| action.effect != Effect::Read);
    let tries: Vec<String> = writes
        .map(|(_, action)| format!("try {{ {} }} catch (e) {{ print(e.message); }}", action.example))
        .collect();
    assert!(tries.len() >= 30, "{}", tries.len());
    let ended = eval_at(&tenant.origin(), &tries.join(";\n"), &["-n"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(tenant.writes(), 0);
    assert!(ended.err.starts_with("dry run, nothing was sent: "), "{}", ended.err);
}

#[test]
fn a_dry_run_sees_its_own_changes() {
    let tenant = tenant();
    let script = r#"
        let account = create_account(#{ externalId: "dry-1", name: "Dry" });
        let task = create_task(#{ name: "Call", accountId: account.id });
        print(task.accountId == account.id);
        print(get_account(ext("dry-1")).name);
        update_account(ext("acct-1"), #{ name: "Renamed" });
        print(get_account(ext("acct-1")).name);
        print(accounts().find(|a| a.externalId == "acct-1").name);
        print(accounts().any(|a| a.externalId == "dry-1"));
        delete_account(ext("acct-2"));
        print(find_account("acct-2") == ());
        update_account(ext("acct-1"), #{ name: "Renamed" });
        ()
    "#;
    let ended = eval_at(&tenant.origin(), script, &["-n"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.out, "true\nDry\nRenamed\nRenamed\ntrue\ntrue\n");
    assert_eq!(tenant.writes(), 0);
    let first = ended.err.lines().next().unwrap_or_default();
    assert_eq!(
        first,
        "dry run, nothing was sent: 1 account to be created, 1 account to be updated, 1 account to be deleted, \
         1 task to be created; 1 already right"
    );
}

#[test]
fn what_lies_below_a_record_of_a_dry_run_needs_no_request() {
    let tenant = tenant();
    let script = r#"
        let account = create_account(#{ externalId: "dry-1", name: "Dry" });
        print(tasks(#{ account: account }).len());
        create_task(#{ name: "Call", accountId: account.id });
        print(tasks(#{ account: account }).map(|t| t.name).to_array());
        get_account_health_score_breakdown(account);
        delete_account(ext("acct-2"));
        try { notes(#{ account: ext("acct-2") }).len(); } catch (e) { print(e.kind); }
        ()
    "#;
    let ended = eval_at(&tenant.origin(), script, &["-n"]);
    assert_eq!((ended.out.as_str(), ended.code), ("0\n[\"Call\"]\nnot_found\n", 0), "{}", ended.err);
    let asked: Vec<String> = tenant.requests().into_iter().map(|seen| seen.path).collect();
    assert!(asked.iter().all(|path| !path.contains("new-")), "{asked:?}");
    assert_eq!(tenant.writes(), 0);
}

#[test]
fn pending_changes_have_an_exit_code_of_their_own() {
    let demo = |code: &str| ended(binary().args(["eval", "--demo", "-n", "--detailed-exitcode", code])).code;
    assert_eq!(demo("update_account(ext(\"acct-1\"), #{ name: \"New\" }).name"), 10);
    assert_eq!(demo("get_account(ext(\"acct-1\")).name"), 0);
}

#[test]
fn production_deletes_nothing_that_was_not_allowed_by_number() {
    let tenant = tenant();
    let ended = eval_at(&tenant.origin(), "delete_account(ext(\"acct-1\"))", &[]);
    assert_eq!((ended.code, tenant.writes()), (8, 0), "{}", ended.err);
    let allowed = eval_at(&tenant.origin(), "delete_account(ext(\"acct-1\"))", &["--max-deletes", "1"]);
    assert_eq!((allowed.code, tenant.writes()), (0, 1), "{}", allowed.err);
}

#[test]
fn a_guard_that_tripped_stays_so_whatever_the_script_catches() {
    let tenant = tenant();
    let script =
        "for a in accounts() { try { update_account(a, #{ traits: #{ checked: true } }); } catch {} }";
    let ended = eval_at(&tenant.origin(), script, &["--max-changes", "3"]);
    assert_eq!((ended.code, tenant.writes()), (8, 3), "{}", ended.err);
}

#[test]
fn a_limit_ends_the_run_where_it_was_asked_to() {
    let script =
        "for a in accounts() { try { update_account(a, #{ traits: #{ checked: true } }); } catch {} }";
    let tenant = tenant();
    let ended = eval_at(&tenant.origin(), script, &["--limit", "3"]);
    assert_eq!((ended.code, tenant.writes()), (0, 3), "{}", ended.err);
    let dry = eval_at(&tenant.origin(), script, &["--limit", "2", "-n"]);
    let first = dry.err.lines().next().unwrap_or_default();
    assert_eq!(first, "dry run, nothing was sent: 2 accounts to be updated; 3 already right");
    let rows = "print(each(accounts(), |a| update_account(a, #{ traits: #{ again: true } })).ok);";
    let rows = eval_at(&tenant.origin(), rows, &["--limit", "4"]);
    assert_eq!((rows.out.as_str(), rows.code, tenant.writes()), ("4\n", 0, 7), "{}", rows.err);
}

#[test]
fn a_results_file_starts_no_formula() {
    let tenant = tenant();
    let script =
        r#"each([#{ id: "acct-1", n: "=1+1" }], |r| update_account(ext(r.id), #{ traits: #{ n: r.n } }));"#;
    let ended = eval_at(&tenant.origin(), script, &[]);
    let file = ended.err.lines().find_map(|line| line.strip_prefix("every row with its outcome: ")).unwrap();
    assert_eq!(std::fs::read_to_string(file).unwrap(), "id,n,status,reason\nacct-1,'=1+1,ok,\n");
}

#[test]
fn a_results_file_has_the_columns_of_all_its_rows() {
    let tenant = tenant();
    let script = r#"each([7, #{ id: "acct-1" }, #{ note: "a, \"b\"\nc", id: () }, #{ id: "none", list: [1.5, "é"] }], |r|
        if type_of(r) == "map" && r.id != () { update_account(ext(r.id), #{ traits: #{ seen: true } }) });"#;
    let ended = eval_at(&tenant.origin(), script, &[]);
    let file = ended.err.lines().find_map(|line| line.strip_prefix("every row with its outcome: ")).unwrap();
    let written = std::fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = written.split('\n').collect();
    assert_eq!(lines[0], "id,note,list,status,reason");
    assert_eq!(lines[1], ",,,unchanged,");
    assert_eq!(lines[2], "acct-1,,,ok,");
    assert_eq!(lines[3..5], [",\"a, \"\"b\"\"", "c\",,unchanged,"]);
    assert!(lines[5].starts_with("none,,\"[1.5,\"\"é\"\"]\",failed,"), "{written}");
    assert_eq!(lines[6..], [""]);
    let left = std::fs::read_dir(std::path::Path::new(file).parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "the rows are kept nowhere else");
}

#[test]
fn a_results_file_shows_records_as_they_were_read() {
    let tenant = tenant();
    let script = r"each(accounts().take(3), |a| update_account(a, #{ traits: #{ seen: true } }));";
    let ended = eval_at(&tenant.origin(), script, &[]);
    let file = ended.err.lines().find_map(|line| line.strip_prefix("every row with its outcome: ")).unwrap();
    let mut written = csv::ReaderBuilder::new().has_headers(false).from_path(file).unwrap();
    let mut written: Vec<Vec<String>> = written.deserialize().map(Result::unwrap).collect();
    let listed = eval_at(&tenant.origin(), "print(to_json(accounts().take(3).to_array()))", &["--read-only"]);
    let listed: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&listed.out).unwrap();
    let header = written.remove(0);
    assert_eq!(written.len(), listed.len());
    for (row, mut record) in written.iter().zip(listed) {
        for (name, cell) in header.iter().zip(row) {
            let expected = match record.remove(name) {
                None => continue,
                Some(serde_json::Value::Null) => String::new(),
                Some(serde_json::Value::String(text)) => text,
                Some(mut traits @ serde_json::Value::Object(_)) if name == "traits" => {
                    traits.as_object_mut().unwrap().shift_remove("seen");
                    traits.to_string()
                }
                Some(other) => other.to_string(),
            };
            assert!(name == "updatedAt" || *cell == expected, "{name}: {cell} for {expected}");
        }
        assert!(record.is_empty(), "{record:?} is missing");
        assert_eq!(row[header.len() - 2..], ["ok", ""]);
    }
}

#[test]
fn a_script_that_was_not_started_has_no_preview() {
    let ended = ended(binary().args(["eval", "--demo", "-n", "--color", "never", "creat_task(1)"]));
    assert!(ended.err.starts_with("error[V020]"), "{}", ended.err);
}

#[test]
fn an_update_that_changes_nothing_is_not_sent() {
    let tenant = tenant();
    let script = r#"let a = get_account(ext("acct-1")); update_account(a, #{ name: a.name }); update_account(ext("acct-1"), #{ name: a.name })"#;
    let ended = eval_at(&tenant.origin(), script, &[]);
    assert_eq!((ended.code, tenant.writes()), (0, 0), "{}", ended.err);
    assert_eq!(tenant.counts()["GET"], 1, "the second update knows what the run has read");
}

#[test]
fn each_sends_in_the_background_and_accounts_for_every_row() {
    let tenant = tenant();
    let script = r#"
        let rows = [#{ id: "acct-1", tier: "gold" }, #{ id: "nobody", tier: "gold" }, #{ id: "acct-2", tier: "silver" }];
        let result = each(rows, #{ key: "id" }, |r| update_account(ext(r.id), #{ traits: #{ tier: r.tier } }));
        print(`${result.ok} ${result.unchanged} ${result.failed}`);
        print(result.errors[0].key);
        let again = each(rows, |r| update_account(ext(r.id), #{ traits: #{ tier: r.tier } }));
        print(`${again.ok} ${again.unchanged} ${again.failed}`);
    "#;
    let ended = eval_at(&tenant.origin(), script, &[]);
    assert_eq!((ended.out.as_str(), ended.code), ("2 0 1\nnobody\n0 2 1\n", 5), "{}", ended.err);
    assert_eq!(tenant.writes(), 2);
    let file = ended.err.lines().find_map(|line| line.strip_prefix("every row with its outcome: ")).unwrap();
    let results = std::fs::read_to_string(file).unwrap();
    assert!(
        results.starts_with("id,tier,status,reason\nacct-1,gold,unchanged,\nnobody,gold,failed,"),
        "{results}"
    );
}

#[test]
fn a_record_made_inside_each_can_be_referred_to_at_once() {
    let tenant = tenant();
    let script = r#"
        let result = each([1, 2, 3], |n| {
            let account = create_account(#{ externalId: `each-${n}`, name: `Each ${n}` });
            create_task(#{ externalId: `each-task-${n}`, name: "Welcome", accountId: account });
            if n == 3 { assert(wait(account).id.len() == 36); }
        });
        print(result.ok);
        for n in 1..=3 {
            let account = get_account(ext(`each-${n}`));
            print(tasks(#{ account: account }).map(|t| t.name).to_array());
        }
    "#;
    let ended = eval_at(&tenant.origin(), script, &[]);
    assert_eq!(
        (ended.out.as_str(), ended.code),
        ("3\n[\"Welcome\"]\n[\"Welcome\"]\n[\"Welcome\"]\n", 0),
        "{}",
        ended.err
    );
}

#[test]
fn a_canary_lets_the_rest_follow_only_if_the_first_went_well() {
    const EACH: &str = "each(accounts().take(6), |a| create_task(#{ name: \"T\", accountId: a.id })).ok";
    const PLAIN: &str = "for a in accounts().take(6) { try { create_task(#{ name: \"T\", accountId: a.id }); } \
                         catch (e) { if e.kind == \"refused\" { throw e; } } }";
    for code in [EACH, PLAIN] {
        let tenant = tenant();
        let well = eval_at(&tenant.origin(), code, &["--canary", "2"]);
        assert_eq!((well.code, tenant.writes()), (0, 6), "{}", well.err);

        let fault = simulator::Effect::Status { status: 400, headers: true, retry_after: None };
        tenant.fail(simulator::Fault::next(fault).method("POST"));
        let bad = eval_at(&tenant.origin(), code, &["--canary", "2"]);
        assert_eq!((bad.code, tenant.writes()), (8, 8), "{}", bad.err);
        assert!(bad.err.contains("stopped after the first 2: not all of them went well"), "{}", bad.err);
    }
}
