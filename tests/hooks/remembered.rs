//! What is remembered of a record, beside the rule by which fields are remembered.

use crate::tape::any_json;
use proptest::prelude::*;
use serde_json::{Map, Value};
use vitally_script::catalogue::{self, Kind, Object};
use vitally_script::hooks::content;
use vitally_script::tape::Page;

/// Names of an account's fields, of some that it has not, and of those that are left out.
fn name() -> impl Strategy<Value = String> {
    let account = catalogue::object("account").unwrap();
    let names: Vec<&str> = account.fields.iter().map(|field| field.name).collect();
    prop_oneof![4 => prop::sample::select(names).prop_map(String::from), 1 => any::<String>()]
}

/// The rule: short values as they are, long ones and nested ones as a hash, nothing that is empty or embedded.
fn remembered(object: &Object, record: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (name, value) in record.iter().filter(|(_, value)| !value.is_null()) {
        if ["id", "createdAt", "updatedAt"].contains(&name.as_str()) {
            continue;
        }
        match (object.field(name).map(|field| field.kind), value) {
            (Some(Kind::One(_) | Kind::Many(_)), _) => {}
            (Some(Kind::Traits), Value::Object(traits)) => {
                let given = traits.iter().filter(|(_, value)| !value.is_null());
                let given: Map<_, _> =
                    given.map(|(key, value)| (key.clone(), content::short(value))).collect();
                if !given.is_empty() {
                    kept.insert(name.clone(), given.into());
                }
            }
            _ => {
                kept.insert(name.clone(), content::short(value));
            }
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_is_remembered_by_the_rule(fields in prop::collection::vec((name(), any_json()), 0..16)) {
        let account = catalogue::object("account").unwrap();
        let record = Map::from_iter(fields);
        let page = Page::parse(Value::Object(record.clone()).to_string().into_bytes()).unwrap();
        let kept = Value::Object(Map::clone(&content::of(account, page.root()))).to_string();
        prop_assert_eq!(kept, Value::Object(remembered(account, &record)).to_string());
    }
}
