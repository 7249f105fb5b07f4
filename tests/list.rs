//! Lazy lists and the verbs of lists and arrays.

use crate::support::scripts::{accounts, eval};
use rhai::Dynamic;
use serde_json::{Value, json};

fn pages() -> Vec<Value> {
    vec![
        json!([
            { "id": "1", "name": "Acme", "healthScore": 3, "mrr": 100, "traits": { "plan": "gold" } },
            { "id": "2", "name": "Globex", "healthScore": 8.5, "mrr": 50, "traits": { "plan": "free" } },
        ]),
        json!([
            { "id": "3", "name": "Initech", "healthScore": null, "mrr": 300, "traits": { "plan": "gold" } },
            { "id": "4", "name": "Umbrella", "healthScore": 5, "mrr": 20, "traits": {} },
        ]),
        json!([]),
        json!([{ "id": "5", "name": "Wayne", "healthScore": 9, "mrr": 50, "traits": { "plan": "gold" } }]),
    ]
}

/// What a script gives for a list, and how many pages it fetched.
fn lazily(script: &str) -> (Value, usize) {
    let (list, fetched) = accounts(&pages());
    let value = eval(&[("list", Dynamic::from(list))], script);
    (value, fetched.get())
}

/// What a script gives for a list, which must be the same for the array of its items.
fn both(script: &str) -> Value {
    let (value, _) = lazily(script);
    let (again, _) = lazily(&format!("let list = list.to_array(); {script}"));
    assert_eq!(value, again, "{script}");
    value
}

#[test]
fn only_the_pages_that_are_needed_are_fetched() {
    assert_eq!(lazily("list.take(2).map(|a| a.name).to_array()"), (json!(["Acme", "Globex"]), 1));
    assert_eq!(lazily("list.where(|a| a.mrr > 90).take(2).pluck(\"id\").to_array()"), (json!(["1", "3"]), 2));
    assert_eq!(lazily("list.first().id"), (json!("1"), 1));
    assert_eq!(lazily("list.find(|a| a.mrr == 300).id"), (json!("3"), 2));
    assert_eq!(lazily("list.any(|a| a.mrr == 50)"), (json!(true), 1));
    assert_eq!(lazily("list.is_empty()"), (json!(false), 1));
    assert_eq!(lazily("let n = 0; for a in list { n += 1; if n == 2 { break; } } n"), (json!(2), 1));
    assert_eq!(lazily("list.where(\"mrr\", \">\", 1000); 1"), (json!(1), 0));
}

#[test]
fn places_count_through_the_pages() {
    let script =
        "let seen = []; for (a, place) in list.where(|a| a.mrr < 200) { seen.push(`${place}${a.id}`) } seen";
    assert_eq!(lazily(script).0, json!(["01", "12", "24", "35"].map(|it| it.to_string())));
}

#[test]
fn keeping() {
    let ids = |filter: &str| both(&format!("list.{filter}.map(|a| a.id).join(\"\")"));
    assert_eq!(ids("where(|a| a.healthScore != () && a.healthScore < 6)"), json!("14"));
}
