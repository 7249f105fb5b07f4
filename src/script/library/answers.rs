//! JSON in and out.

use super::super::raise::{Raised, mistake};
use super::super::room;
use super::super::value;
use super::{Entry, entry};
use rhai::{Dynamic, Engine, Map};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry("to_json", "to_json(value)", "A value as JSON text", "print(to_json(#{ a: 1 }));"),
    entry("from_json", "from_json(text)", "The value of a JSON text", "print(from_json(\"[1, 2]\").len());"),
];

/// A JSON text that is longer is read only if there is room for all that may be in it.
const LONG: usize = 1024 * 1024;

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("to_json", |value: Dynamic| value::to_json(&value).map(|json| json.to_string()));
    // Rhai has one of its own for maps, which writes what cannot be written as the name of its type.
    engine.register_fn("to_json", |map: Map| value::to_json(&map.into()).map(|json| json.to_string()));
    engine.register_fn("from_json", |text: &str| -> Result<Dynamic, Raised> {
        // Every letter may become a value, and there are two forms of it for a moment.
        if text.len() > LONG {
            room::ask(text.len().saturating_mul(64))?;
        }
        serde_json::from_str(text).map(value::from_json).map_err(|cause| {
            mistake(
                format!("this text is not JSON: {cause}"),
                "JSON looks like {\"name\": \"Acme\", \"tags\": [\"a\"]}",
            )
        })
    });
}
