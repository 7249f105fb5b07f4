//! Records as CSV, JSON and JSON lines.

use serde_json::{Value, json};
use vitally_script::cli::Format;
use vitally_script::command::Rows;

fn written(format: Format, columns: &[&str], records: &[Value]) -> String {
    let mut bytes = Vec::new();
    let mut rows = Rows::new(&mut bytes, format, columns.iter().map(ToString::to_string).collect());
    for record in records {
        rows.push(record).unwrap();
    }
    rows.finish().unwrap();
    drop(rows);
    String::from_utf8(bytes).unwrap()
}

fn account() -> Value {
    json!({
        "name": "Acme, \"the\" best",
        "mrr": -5,
        "active": true,
        "traits": { "plan": "gold", "vitally.custom.tier": 3 },
        "organization": { "name": "Group" },
        "churnedAt": null
    })
}

#[test]
fn csv_takes_the_keys_of_the_first_record() {
    assert_eq!(
        written(Format::Csv, &[], &[account(), json!({ "mrr": 2, "other": 1 })]),
        "name,mrr,active,traits,organization,churnedAt\n\
         \"Acme, \"\"the\"\" best\",-5,true,\"{\"\"plan\"\":\"\"gold\"\",\"\"vitally.custom.tier\"\":3}\",\
         \"{\"\"name\"\":\"\"Group\"\"}\",\n,2,,,,\n"
    );
}

#[test]
fn columns_reach_into_traits_and_embedded_records() {
    let columns =
        &["traits.plan", "traits.vitally.custom.tier", "organization.name", "traits.none", "name.x"];
    assert_eq!(
        written(Format::Csv, columns, &[account()]),
        "traits.plan,traits.vitally.custom.tier,organization.name,traits.none,name.x\ngold,3,Group,,\n"
    );
    assert_eq!(
        written(Format::Jsonl, &["traits.plan", "churnedAt"], &[account()]),
        "{\"traits.plan\":\"gold\",\"churnedAt\":null}\n"
    );
}

#[test]
fn a_spreadsheet_runs_nothing() {
    let cases = [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-5.5", "-5.5"),
        ("+7", "+7"),
        ("a=b", "a=b"),
    ];
    for (text, cell) in cases {
        assert_eq!(written(Format::Csv, &["c"], &[json!({ "c": text })]), format!("c\n{cell}\n"));
        let json = written(Format::Json, &["c"], &[json!({ "c": text })]);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), json!([{ "c": text }]));
    }
}

#[test]
fn json_is_one_document() {
    assert_eq!(written(Format::Json, &[], &[]), "[]\n");
    assert_eq!(written(Format::Json, &[], &[json!({ "a": 1 }), json!(2)]), "[\n{\"a\":1},\n2\n]\n");
    assert_eq!(written(Format::Jsonl, &[], &[]), "");
}

#[test]
fn an_empty_csv_has_its_columns() {
    assert_eq!(written(Format::Csv, &["a", "b"], &[]), "a,b\n");
}

#[test]
fn things_that_are_not_records_are_values() {
    assert_eq!(written(Format::Csv, &[], &[json!(1), json!("x")]), "value\n1\nx\n");
}
