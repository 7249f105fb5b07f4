//! A small lazy list of accounts on four pages, and the array of the same accounts.

use super::scripts::{accounts, error, eval};
use rhai::Dynamic;
use serde_json::{Value, json};

fn pages() -> Vec<Value> {
    vec![
        json!([
            { "id": "1", "name": "Acme", "healthScore": 3, "mrr": 100, "traits": { "plan": "gold", "a.b": 1 } },
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

/// The list, as the variable `list`.
pub fn list() -> [(&'static str, Dynamic); 1] {
    [("list", Dynamic::from(accounts(&pages()).0))]
}

/// What a script gives for a list, and how many pages it fetched.
pub fn lazily(script: &str) -> (Value, usize) {
    let (list, fetched) = accounts(&pages());
    let value = eval(&[("list", Dynamic::from(list))], script);
    (value, fetched.get())
}

/// What a script gives for a list, which must be the same for the array of its items.
pub fn both(script: &str) -> Value {
    let (value, _) = lazily(script);
    let (again, _) = lazily(&format!("let list = list.to_array(); {script}"));
    assert_eq!(value, again, "{script}");
    value
}

/// The ids of what a verb gives, as one text.
pub fn ids(verb: &str) -> String {
    let value = both(&format!("list.{verb}.map(|a| a.id).join(\"\")"));
    value.as_str().expect("ids joined").to_string()
}

/// The message of the error that a script raises, for a list and for the array of its items.
pub fn fails(script: &str) -> String {
    let message = error(&list(), script);
    assert_eq!(message, error(&list(), &format!("let list = list.to_array(); {script}")), "{script}");
    message
}
