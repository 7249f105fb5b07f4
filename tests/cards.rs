//! What a card and a table show of records.

use crate::support::scripts::{record, run};
use rhai::{Array, Dynamic};
use serde_json::{Value, json};
use vitally_script::script::cards::{card_fields, table_of, table_rows};

fn accounts() -> Vec<Dynamic> {
    let accounts = [
        json!({ "updatedAt": "2026-01-02", "mrr": 5, "name": "Acme", "id": "1", "unheard": 1, "csmId": null,
                "traits": { "a": 1 }, "segments": [{ "name": "Gold" }, { "name": "EU" }] }),
        json!({ "id": "2", "name": "Globex", "mrr": null, "healthScore": 7.5 }),
    ];
    accounts.iter().map(|fields| Dynamic::from(record("account", fields))).collect()
}

#[test]
fn a_card_has_the_fields_with_a_value_in_the_catalogues_order() {
    let account = accounts()[0].clone().cast();
    let fields: Value = card_fields(&account).into_iter().map(|(name, value)| json!([name, value])).collect();
    let expected = json!([
        ["id", "1"], ["name", "Acme"], ["mrr", 5], ["segments", "Gold, EU"], ["traits", { "a": 1 }],
        ["updatedAt", "2026-01-02"], ["unheard", 1],
    ]);
    assert_eq!(fields, expected);
    assert_eq!(account.title(), "account Acme");
}

#[test]
fn a_table_has_the_columns_with_a_value_somewhere() {
    let (columns, rows) = table_rows(&accounts()).expect("they are records");
    assert_eq!(columns, ["name", "healthScore", "mrr", "updatedAt"]);
    let expected = [
        [json!("Acme"), Value::Null, json!(5), json!("2026-01-02")],
        [json!("Globex"), json!(7.5), Value::Null, Value::Null],
    ];
    assert_eq!(rows, expected);
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
