//! Names of records while typing: what half a name becomes, and that the whole list is not looked through.

use vitally_script::repl::complete::complete;
use vitally_script::repl::names::Names;
use vitally_script::repl::records::Records;
use vitally_script::script::dialogue::Seen;
use vitally_script::store::names::RecordName;
use vitally_script::tape::Page;

fn record(object: &str, id: &str, external: &str, name: &str) -> RecordName {
    let external_id = (!external.is_empty()).then(|| external.to_string());
    RecordName { object: object.into(), id: id.into(), external_id, name: name.into() }
}

fn known() -> Records {
    let records = Records::default();
    records.load(vec![
        record("account", "a-id-1", "acme-1", "Acme"),
        record("account", "b-id-2", "acme-2", "Acme Corp"),
        record("account", "c-id-3", "", "東京ガス"),
        record("account", "d-id-4", "glo-1", "Globex"),
        record("organization", "o-id-1", "org-1", "Initech"),
        record("user", "u-id-1", "", "ann@example.com"),
        record("admin", "adm-1", "", "Dana Reyes"),
        record("nonsense", "n", "", "Nobody"),
    ]);
    records
}

fn completed(records: &Records, line: &str) -> Vec<String> {
    let names = Names::new(Seen::default(), Vec::new()).with(records.clone());
    let completion = complete(line, line.len(), &names, &|_| Vec::new());
    completion.candidates.into_iter().map(|candidate| candidate.text).collect()
}

/// What is typed, and what it can become.
const COMPLETIONS: &[(&str, &[&str])] = &[
    ("get_account(\"Glo", &["d-id-4"]),
    ("get_account(\"glo", &["d-id-4"]),
    ("get_account(ext(\"Glo", &["glo-1"]),
    ("get_account(ext(\"glo-", &["glo-1"]),
    ("get_account(\"Ac", &["Acme", "Acme Corp"]),
    ("get_account(\"Acme", &["Acme", "Acme Corp"]),
    ("get_account(\"Acme C", &["b-id-2"]),
    ("get_account(\"corp", &["b-id-2"]),
    ("get_account(ext(\"acme-", &["acme-1", "acme-2"]),
    ("get_account(\"東", &["c-id-3"]),
    ("get_account(ext(\"東", &[]),
    ("update_account(\"Glo", &["d-id-4"]),
    ("delete_account(ext(\"Glo", &["glo-1"]),
    ("update_account(\"x\", \"Glo", &[]),
    ("get_user(\"ann", &["u-id-1"]),
    ("get_organization(\"Ini", &["o-id-1"]),
    ("get_organization(\"Glo", &[]),
    ("create_task(#{ accountId: \"Glo", &["d-id-4"]),
    ("create_task(#{ name: \"x\", assignedToId: \"dana", &["adm-1"]),
    ("create_task(#{ name: \"Glo", &[]),
    ("create_user(#{ accountIds: [\"Glo", &[]),
    ("print(\"Glo", &[]),
    ("get_account(\"zzz", &[]),
];

#[test]
fn half_a_name_becomes_the_id_that_the_place_takes() {
    let records = known();
    let wrong: Vec<String> = COMPLETIONS
        .iter()
        .filter_map(|(line, wanted)| {
            let found = completed(&records, line);
            (found != *wanted).then(|| format!("{line}: {found:?}, not {wanted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_records_of_one_name_are_told_by_their_ids() {
    let records = Records::default();
    records.load(vec![record("account", "x1", "", "Acme"), record("account", "y2", "", "Acme")]);
    assert_eq!(completed(&records, "get_account(\"Ac"), ["Acme", "Acme"]);
    assert_eq!(completed(&records, "get_account(\"Acme"), ["x1", "y2"]);
    assert_eq!(completed(&records, "get_account(\"x"), ["x1"]);
}

#[test]
fn of_many_only_the_first_are_offered() {
    let records = Records::default();
    records
        .load((0..10_000).map(|n| record("account", &format!("id{n}"), "", &format!("Name {n}"))).collect());
    let found = completed(&records, "get_account(\"Na");
    assert_eq!(found.len(), 61);
    // The last one is what is typed already, so nothing is put on that not all of them share.
    assert_eq!(found.last().map(String::as_str), Some("Na"));
    assert_eq!(completed(&records, "get_account(\"Name 9999"), ["id9999"]);
}

#[test]
fn answers_are_noted_by_their_path_and_newer_names_win() {
    let page = |text: &str| Page::parse(text.as_bytes().to_vec()).expect("JSON");
    let records = Records::default();
    let list = page(
        r#"{"results":[{"id":"1","externalId":"a-1","name":"One"},{"id":"2","name":""},{"name":"x"}],"next":null}"#,
    );
    records.note("/accounts?limit=100", &list);
    records.note("/organizations/9/accounts?limit=1", &page(r#"{"results":[{"id":"3","name":"Three"}]}"#));
    records.note("/users/7", &page(r#"{"id":"7","name":null,"email":"ann@example.com"}"#));
    records.note("/admins", &page(r#"[{"id":"8","name":"Dana"}]"#));
    records.note("/nonsense/1", &page(r#"{"id":"1","name":"No"}"#));
    let counts: Vec<_> = records.counts().into_iter().collect();
    assert_eq!(counts, [("account", 2), ("admin", 1), ("user", 1)]);
    assert_eq!(records.unsaved().len(), 4);
    records.note("/accounts?limit=100", &list);
    assert!(records.unsaved().is_empty(), "nothing is new");
    records.note("/accounts/1", &page(r#"{"id":"1","externalId":"a-1","name":"Uno"}"#));
    assert_eq!(records.unsaved(), [record("account", "1", "a-1", "Uno")]);
    assert!(completed(&records, "get_account(\"One").is_empty());
    // What the store still holds is older.
    records.load(vec![record("account", "1", "a-1", "One")]);
    assert_eq!(completed(&records, "get_account(\"Uno"), ["1"]);
    records.close();
    records.note("/accounts?limit=100", &list);
    records.load(vec![record("account", "1", "a-1", "One")]);
    assert!(records.counts().is_empty() && records.unsaved().is_empty());
}

#[test]
fn a_record_is_found_by_its_whole_name_and_its_ids() {
    let records = known();
    let ids = |typed: &str| -> Vec<String> {
        records.called(typed).iter().map(|(object, name)| format!("{} {}", object.name, name.id)).collect()
    };
    for typed in ["acme", "Acme", "acme-1", "A-ID-1"] {
        assert_eq!(ids(typed), ["account a-id-1"], "{typed}");
    }
    assert_eq!(ids("東京ガス"), ["account c-id-3"]);
    assert_eq!(ids("initech"), ["organization o-id-1"]);
    for typed in ["corp", "acm", "", "nobody"] {
        assert_eq!(ids(typed), Vec::<String>::new(), "{typed}");
    }
    records.load(vec![record("organization", "o-id-2", "", "Acme")]);
    assert_eq!(ids("acme"), ["organization o-id-2", "account a-id-1"]);
}
