//! One value out of a record by the name of its column.

use serde_json::Value;

/// The name of the only column of things that are not records.
pub const VALUE: &str = "value";

/// The value of a column: a key, `traits.KEY` with a key that may hold dots, or a path such as `account.name`.
pub fn pick<'a>(record: &'a Value, column: &str) -> &'a Value {
    let Value::Object(map) = record else { return if column == VALUE { record } else { &Value::Null } };
    if let Some(value) = map.get(column) {
        return value;
    }
    match column.split_once('.').and_then(|(head, rest)| Some((map.get(head)?, rest))) {
        Some((below @ Value::Object(_), rest)) => pick(below, rest),
        _ => &Value::Null,
    }
}
