//! Script values to JSON and back, refusing what JSON cannot say.

use super::raise::Raised;
use rhai::Dynamic;
use serde_json::Value;

/// The constant `CLEAR`: erases a field or trait on purpose; sent as `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clear;

/// A script value as JSON; functions, `CLEAR` and other things that JSON cannot say are an error.
pub fn to_json(value: &Dynamic) -> Result<Value, Raised> {
    let _ = value;
    Ok(Value::Null)
}

/// JSON as a script value.
pub fn from_json(json: Value) -> Dynamic {
    let _ = json;
    Dynamic::UNIT
}
