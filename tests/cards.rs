//! What a card and a table show of records.

use crate::support::scripts::{record, run};
use rhai::{Array, Dynamic};
use serde_json::{Value, json};
use vitally_script::script::cards::{card_of, table_of, table_rows};

fn accounts() -> Vec<Dynamic> {
    let accounts = [
        json!({ "updatedAt": "2026-01-02", "mrr": 5, "name": "Acme", "id": "1", "unheard": 1, "csmId": null,
                "traits": { "a": 1 }, "segments": [{ "name": "Gold" }, { "name": "EU" }] }),
        json!({ "id": "2", "name": "Globex", "mrr": null, "healthScore": 7.5 }),
    ];
    accounts.iter().map(|fields| Dynamic::from(record("account", fields))).collect()
}

#[test]
fn a_card_has_the_fields_in_the_catalogues_order_and_names_the_empty_ones() {
    let account = accounts()[0].clone().cast();
    let expected = "\
account Acme
  id         1
  name       Acme
  mrr        5
  segments   Gold, EU
  traits.a   1
  updatedAt  2026-01-02
  unheard    1
  empty: csmId";
    assert_eq!(card_of(&account, None), expected);
}

#[test]
fn a_table_has_the_columns_with_a_value_somewhere() {
    let (columns, rows) = table_rows(&accounts()).expect("they are records");
    assert_eq!(columns, ["name", "healthScore", "mrr", "segments", "updatedAt", "unheard", "id"]);
    let expected = [
        [json!("Acme"), Value::Null, json!(5), json!("Gold, EU"), json!("2026-01-02"), json!(1), json!("1")],
        [json!("Globex"), json!(7.5), Value::Null, Value::Null, Value::Null, Value::Null, json!("2")],
    ];
    assert_eq!(rows, expected);
}

#[test]
fn names_come_first_times_and_ids_last_and_nested_values_not_at_all() {
    let task = json!({
        "id": "37f62b42-75eb-48e2-95d9-609fefb6b11f", "externalId": "task-19", "name": "Call",
        "accountId": "734e5d0c-15ae-4865-a03b-a4c800000000", "completedAt": "2026-11-24T10:49:34.000Z",
        "dueDate": "2026-12-06T00:00:00.000Z", "description": "x".repeat(50), "traits": { "name": "no" },
        "account": { "name": "Acme" }, "tags": ["a"], "assignedTo": { "email": "a@b.example" },
    });
    let (columns, rows) = table_rows(&[Dynamic::from(record("task", &task))]).expect("it is a record");
    assert_eq!(
        columns,
        ["name", "externalId", "dueDate", "account", "description", "completedAt", "id", "accountId"]
    );
    assert_eq!(rows[0][2], "2026-12-06");
    assert_eq!(rows[0][5], "2026-11-24 10:49Z");
}

#[test]
fn a_table_of_maps_has_every_key() {
    let maps: Array =
        run(&[], "[#{ b: 1, a: () }, #{ c: #{ name: \"x\" }, b: |x| x }]").expect("it runs").cast();
    let (columns, rows) = table_rows(&maps).expect("they are maps");
    assert_eq!(columns, ["a", "b", "c"]);
    assert_eq!(rows[0], [Value::Null, json!(1), Value::Null]);
    assert_eq!(rows[1][2], json!("x"));
}

#[test]
fn other_things_make_no_table() {
    assert!(table_of(&[Dynamic::from(1_i64)], None).is_none());
    assert!(table_of(&[accounts()[0].clone(), "x".into()], None).is_none());
    assert!(table_of(&[], None).is_none());
}
