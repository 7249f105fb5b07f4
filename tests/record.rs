//! Records as scripts see them.

use crate::support::scripts::{error, eval, record};
use rhai::Dynamic;
use serde_json::{Value, json};

fn acme() -> Value {
    json!({
        "id": "a-1", "name": "Acme", "healthScore": 7.5, "mrr": 1200, "churnedAt": null, "extra": [1, { "x": 2 }],
        "usersCount": 18_446_744_073_709_551_615_u64,
        "segments": [{ "id": "s-1", "name": "Gold" }, { "id": "s-2", "name": "EU" }],
        "traits": { "vitally.custom.plan": "gold", "mrr": 5, "tags": ["a", "b"], "empty": null },
    })
}

fn account() -> [(&'static str, Dynamic); 1] {
    [("account", Dynamic::from(record("account", &acme())))]
}

fn task() -> [(&'static str, Dynamic); 1] {
    let fields = json!({ "id": "t-1", "name": "Call", "account": acme(), "assignedTo": null });
    [("task", Dynamic::from(record("task", &fields)))]
}

#[test]
fn fields_read_by_name_and_by_text() {
    assert_eq!(eval(&account(), "account.name"), json!("Acme"));
    assert_eq!(eval(&account(), "account[\"name\"]"), json!("Acme"));
    assert_eq!(eval(&account(), "account.healthScore + account.mrr"), json!(1207.5));
    assert_eq!(eval(&account(), "account.churnedAt == ()"), json!(true));
    assert_eq!(eval(&account(), "account.usersCount"), json!(18_446_744_073_709_551_615.0));
}

#[test]
fn a_documented_field_that_is_missing_is_empty() {
    assert_eq!(eval(&account(), "account.csmId == () && account[\"csmId\"] == ()"), json!(true));
}

#[test]
fn a_field_of_the_payload_needs_no_documentation() {
    assert_eq!(eval(&account(), "account.extra[1].x + account.extra[0]"), json!(3));
    assert_eq!(eval(&account(), "account.extra[1].unheard == ()"), json!(true));
}

#[test]
fn an_unknown_field_is_a_mistake() {
    assert_eq!(
        error(&account(), "account.helthScore"),
        "an account has no field \"helthScore\"; did you mean \"healthScore\"?\n\
         `vitally-script fields account` lists its fields; your own fields are in .traits"
    );
    assert_eq!(
        error(&account(), "account.dueDate"),
        "an account has no field \"dueDate\"\n\
         `vitally-script fields account` lists its fields; your own fields are in .traits"
    );
    assert_eq!(
        error(&account(), "account[\"tags\"] + 1"),
        "an account has no field \"tags\"\nit is a trait: write .traits[\"tags\"]"
    );
    assert_eq!(
        error(&account(), "account.segments[0].nmae").lines().next(),
        Some("this record has no field \"nmae\"; did you mean \"name\"?")
    );
}

#[test]
fn traits_are_lenient() {
    assert_eq!(eval(&account(), "account.traits[\"vitally.custom.plan\"]"), json!("gold"));
    assert_eq!(eval(&account(), "account.traits.mrr"), json!(5));
    assert_eq!(eval(&account(), "account.traits.unheard ?? 0"), json!(0));
    assert_eq!(eval(&account(), "account.traits.unheard?.deeper == ()"), json!(true));
    assert_eq!(eval(&account(), "account.traits.empty ?? \"none\""), json!("none"));
}

#[test]
fn embedded_records_know_their_fields() {
    assert_eq!(eval(&task(), "task.account.traits.mrr"), json!(5));
    assert_eq!(eval(&task(), "task.account.object() + \" \" + task.object()"), json!("account task"));
    assert_eq!(eval(&task(), "task.assignedTo?.name == ()"), json!(true));
    assert_eq!(
        error(&task(), "task.account.nmae").lines().next(),
        Some("an account has no field \"nmae\"; did you mean \"name\"?")
    );
    assert_eq!(eval(&account(), "account.segments.map(|segment| segment.name)"), json!(["Gold", "EU"]));
}

#[test]
fn assignment_explains_what_to_do() {
    assert_eq!(
        error(&account(), "account.name = \"x\""),
        "a record cannot be changed by assignment\nuse update_account(account, #{ name: … })"
    );
    assert_eq!(
        error(&account(), "account.mrr += 1"),
        "a record cannot be changed by assignment\nuse update_account(account, #{ mrr: … })"
    );
    assert_eq!(
        error(&account(), "account.traits.mrr = 9"),
        "a record cannot be changed by assignment\nuse update_account(account, #{ traits: #{ mrr: … } })"
    );
    assert_eq!(
        error(&account(), "account.traits[\"vitally.custom.plan\"] = 1"),
        "a record cannot be changed by assignment\n\
         use update_account(account, #{ traits: #{ \"vitally.custom.plan\": … } })"
    );
    assert_eq!(
        error(&account(), "account.traits.tags.push(\"c\")"),
        "a record cannot be changed by assignment\nuse update_account(account, #{ traits: #{ tags: … } })"
    );
}

#[test]
fn methods_that_only_read_do_not_look_like_assignments() {
    assert_eq!(eval(&account(), "account.traits.tags.contains(\"b\")"), json!(true));
    assert_eq!(eval(&account(), "\"b\" in account.traits.tags"), json!(true));
    assert_eq!(eval(&account(), "account.segments.filter(|s| s.name == \"EU\").len()"), json!(1));
    assert_eq!(eval(&account(), "account.traits.keys().len"), json!(4));
    assert_eq!(eval(&account(), "account.name.len()"), json!(4));
}

#[test]
fn a_record_can_be_asked_like_a_map() {
    assert_eq!(eval(&account(), "\"name\" in account && !(\"nmae\" in account)"), json!(true));
    assert_eq!(eval(&account(), "account.contains(\"churnedAt\")"), json!(true));
    assert_eq!(
        eval(&account(), "account.get(\"nmae\") == () && account.get(\"name\") == \"Acme\""),
        json!(true)
    );
    assert_eq!(
        eval(&account(), "account.traits.keys()"),
        json!(["vitally.custom.plan", "mrr", "tags", "empty"])
    );
    assert_eq!(eval(&account(), "account.traits.values()[1]"), json!(5));
    assert_eq!(eval(&account(), "account.traits.len()"), json!(4));
    assert_eq!(
        eval(
            &account(),
            "let m = account.to_map(); m.name = \"Other\"; m.traits.mrr += 1; [m.name, m.traits.mrr]"
        ),
        json!(["Other", 6])
    );
    assert_eq!(eval(&account(), "account.traits.to_json()"), json!(acme()["traits"].to_string()));
    assert_eq!(eval(&account(), "type_of(account)"), json!("record"));
    assert_eq!(
        eval(
            &account(),
            "let all = []; for key in account.traits.keys() { all.push(account.traits[key]) } all[1]"
        ),
        json!(5)
    );
}

#[test]
fn records_are_equal_by_what_they_hold() {
    let mut other = acme();
    other["mrr"] = json!(1200.0);
    let variables = |other: &Value| {
        let [account] = account();
        [account, ("other", Dynamic::from(record("account", other)))]
    };
    assert_eq!(eval(&variables(&other), "account == other"), json!(true));
    assert_eq!(
        eval(
            &variables(&other),
            "account.traits == other.traits && account.traits == account.traits.to_map()"
        ),
        json!(true)
    );
    other["traits"]["mrr"] = json!(6);
    assert_eq!(eval(&variables(&other), "account != other"), json!(true));
    assert_eq!(eval(&variables(&other), "account == 1"), json!(false));
}

#[test]
fn a_constant_record_reads_like_any_other() {
    assert_eq!(
        eval(&account(), "const a = account; a.traits.tags.contains(\"a\") && a.name == \"Acme\""),
        json!(true)
    );
}

#[test]
fn a_place_is_not_a_field() {
    assert_eq!(
        error(&account(), "account[0]"),
        "a record's fields are asked by name, and this asks by the number 0\nsuch as record[\"name\"]"
    );
}

#[test]
fn traits_that_were_not_sent_can_still_be_asked() {
    let bare = [(
        "task",
        Dynamic::from(record("task", &json!({ "id": "t", "traits": null, "account": { "id": "a" } }))),
    )];
    assert_eq!(
        eval(&bare, "[task.traits.x, task.account.traits.x, task.traits.contains(\"x\")]"),
        json!([null, null, false])
    );
}

#[test]
fn a_record_can_stand_in_text() {
    let expected = format!("account Acme {}", acme());
    assert_eq!(eval(&account(), "account.to_debug()"), json!(expected));
    assert_eq!(
        eval(&account(), "`${account}` == account.to_string() && \"\" + account == account.to_string()"),
        json!(true)
    );
}
