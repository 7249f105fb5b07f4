//! Script values to JSON and back.

use crate::support::scripts::{accounts, record, run};
use rhai::{Dynamic, Map};
use serde_json::{Value, json};
use vitally_script::script::value::{Clear, from_json, to_json};

fn refusal(value: &Dynamic) -> String {
    let error = to_json(value).expect_err("it is refused");
    match *error {
        rhai::EvalAltResult::ErrorRuntime(thrown, _) => {
            let map = thrown.cast::<Map>();
            format!("{}\n{}", map["message"], map["help"])
        }
        other => other.to_string(),
    }
}

#[test]
fn json_survives_a_script() {
    let json = json!({ "a": [1, 2.5, "x", null, true, { "b": [] }], "c": {}, "d": i64::MIN });
    assert_eq!(to_json(&from_json(json.clone())).expect("it is plain"), json);
    assert_eq!(from_json(json!(u64::MAX)).as_float(), Ok(18_446_744_073_709_551_615.0));
}

#[test]
fn a_record_is_its_fields() {
    let fields = json!({ "id": "1", "traits": { "z": 1, "a": [1.0] } });
    assert_eq!(
        to_json(&Dynamic::from(record("account", &fields))).expect("it is plain").to_string(),
        fields.to_string()
    );
}

#[test]
fn what_json_cannot_say_is_refused() {
    assert_eq!(
        refusal(&run(&[], "|x| x").expect("it runs")),
        "a function cannot be stored as data\ncall it, and use what it gives"
    );
    assert_eq!(
        refusal(&Dynamic::from(Clear)),
        "CLEAR cannot be stored as data\n\
         it only says in an update that a field or trait is to be erased; use () for an empty value"
    );
    assert_eq!(
        refusal(&Dynamic::from(accounts(&[Value::Null]).0)),
        "a lazy list is not data yet\nfetch it first: add .to_array()"
    );
    assert_eq!(
        refusal(&f64::NAN.into()),
        "NaN is not a number that can be stored\ncheck what it was computed from"
    );
    assert_eq!(
        refusal(&run(&[], "[#{ a: timestamp() }]").expect("it runs")),
        "another kind of value cannot be stored as data\nturn it into text with to_string()"
    );
}
