//! A plan file is what was checked, or it is not applied.

use crate::support::sending::{create, known, new_account};
use serde_json::json;
use std::io::Cursor;
use vitally_script::gate::Change;
use vitally_script::gate::plan::{Header, PlanError, PlanReader, PlanWriter, SCHEMA};

fn header() -> Header {
    Header {
        schema: SCHEMA,
        plan: String::new(),
        profile: "acme".into(),
        origin: "https://acme.rest.vitally.io".into(),
        script: "renewals.rhai".into(),
        script_hash: "1f".into(),
        arguments: json!({ "days": 30.0, "to": ["a", "é"] }),
        created: "2026-11-25T10:00:00Z".into(),
    }
}

fn changes() -> Vec<Change> {
    vec![
        create(1, "create_account", "new-1", new_account("a-1")),
        known(2, "acct-1", json!({ "traits": { "plan": null } }), json!({ "traits": { "plan": "gold" } })),
        known(5, "acct-2", json!({ "name": "A" }), json!({ "name": "Zürich\nAG" })),
    ]
}

fn written() -> (String, String) {
    let mut plan = PlanWriter::new(Cursor::new(Vec::new()), header()).unwrap();
    for change in changes() {
        plan.write(&change).unwrap();
    }
    let (out, hash) = plan.finish().unwrap();
    (String::from_utf8(out.into_inner()).unwrap(), hash)
}

fn open(text: &str) -> Result<PlanReader<Cursor<&[u8]>>, PlanError> {
    PlanReader::open(Cursor::new(text.as_bytes()))
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let (text, hash) = written();
    assert_eq!(text.lines().count(), 4);
    assert_eq!(hash.len(), 64);
    let plan = open(&text).unwrap();
    assert_eq!((plan.header(), plan.len()), (&Header { plan: hash, ..header() }, 3));
    assert_eq!(plan.collect::<Result<Vec<_>, _>>().unwrap(), changes());
    // An editor that only changes the ends of lines does no harm.
    assert_eq!(open(&text.replace('\n', "\r\n")).unwrap().len(), 3);
}

#[test]
fn the_same_changes_for_another_tenant_are_another_plan() {
    let plan = PlanWriter::new(Cursor::new(Vec::new()), Header { profile: "eu".into(), ..header() }).unwrap();
    let empty = PlanWriter::new(Cursor::new(Vec::new()), header()).unwrap();
    assert_ne!(plan.finish().unwrap().1, empty.finish().unwrap().1);
}

#[test]
fn an_edited_plan_is_refused() {
    let (text, _) = written();
    let shorter = text.lines().take(3).collect::<Vec<_>>().join("\n");
    for edited in [
        text.replace("gold", "lead"),
        text.replace("acme.rest", "other.rest"),
        text.replace("\"acct-2\"", "\"acct-3\""),
        text.replace("1f", "2f"),
        text.replace("\"profile\":\"acme\"", "\"profile\":\"acme\",\"force\":true"),
        shorter,
    ] {
        assert_ne!(edited, text);
        assert_eq!(open(&edited).unwrap_err(), PlanError::Edited, "{edited}");
    }
}

#[test]
fn what_is_wrong_with_a_line_is_said_with_its_number() {
    let (text, _) = written();
    let said = |text: &str| open(text).unwrap_err().message().text;
    assert_eq!(
        said(&text.replace("\"update_account\"", "\"upsert_account\"")),
        "Line 3 of the plan names upsert_account of account, which does not exist."
    );
    assert_eq!(
        said(&text.replace("\"update_account\"", "\"get_account\"")),
        "Line 3 of the plan names get_account, which changes nothing."
    );
    assert_eq!(
        said(&text.replace("\"seq\":5", "\"seq\":2")),
        "Line 4 of the plan has the number 2, which does not follow 2."
    );
    let broken = said(&text.replace("{\"seq\":2", "{\"seq\":two"));
    assert!(broken.starts_with("Line 3 of the plan is not a change ("), "{broken}");
}

#[test]
fn another_file_is_no_plan() {
    for text in ["", "hello", "{}", "[1]", "{\"schema\":0}", "externalId,name\n1,2\n"] {
        assert_eq!(open(text).unwrap_err(), PlanError::NotAPlan, "{text}");
    }
    let (text, _) = written();
    let newer = text.replace("\"schema\":1", "\"schema\":2");
    assert_eq!(open(&newer).unwrap_err(), PlanError::Newer { schema: 2 });
}
