//! Records in Rhai: fields, methods, comparison, printing.

use super::cards::card_of;
use super::equal;
use super::library::{Entry, entry};
use super::raise::{Raised, mistake};
use super::record::Record;
use super::value;
use super::words::described;
use crate::catalogue;
use crate::tape::Key;
use rhai::{Array, Dynamic, Engine, FuncRegistration, Map};
use std::collections::BTreeSet;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "get",
        ".get(name)",
        "A field by its name, or () if the record has none such",
        "print(accounts().first().get(\"nickname\"));",
    ),
    entry(
        "contains",
        ".contains(name)",
        "Whether the record has a field; `\"name\" in record` is the same",
        "print(accounts().first().contains(\"mrr\"));",
    ),
    entry("keys", ".keys()", "The names of all its fields", "print(accounts().first().keys());"),
    entry("values", ".values()", "The values of all its fields", "print(accounts().first().values().len());"),
    entry("len", ".len()", "How many fields it has", "print(accounts().first().len());"),
    entry(
        "is_empty",
        ".is_empty()",
        "Whether it has no field",
        "print(accounts().first().traits.is_empty());",
    ),
    entry(
        "to_map",
        ".to_map()",
        "A copy as a map, which can be changed; Vitally is not touched",
        "let map = accounts().first().to_map(); map.note = \"mine\"; print(map.note);",
    ),
    entry("to_json", ".to_json()", "The record as JSON text", "print(accounts().first().to_json().len());"),
    entry(
        "object",
        ".object()",
        "What kind of record it is, such as account",
        "print(tasks().first().object());",
    ),
];

/// Registers the type. Methods take the record by value: what takes it by reference makes Rhai write it back.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Record>("record");
    let fields = catalogue::OBJECTS.iter().flat_map(|object| object.fields);
    for name in fields.map(|field| field.name).collect::<BTreeSet<&'static str>>() {
        let key = Key::new(name);
        engine.register_get(name, move |record: &mut Record| record.field_by(&key));
    }
    engine.register_indexer_get(|record: &mut Record, name: &str| record.field(name));
    engine.register_indexer_get(|_: &mut Record, other: Dynamic| -> Result<Dynamic, Raised> {
        Err(mistake(
            format!("a record's fields are asked by name, and this asks by {}", described(&other)),
            "such as record[\"name\"]",
        ))
    });
    // Pure, because what is written back is what was read: else methods of a constant's fields would fail.
    FuncRegistration::new_index_setter()
        .with_purity(true)
        .register_into_engine(engine, |record: &mut Record, name: &str, new: Dynamic| {
            assign(record, name, &new)
        });

    engine.register_fn("get", |record: Record, name: &str| record.get(name).unwrap_or(Dynamic::UNIT));
    engine.register_fn("contains", |record: Record, name: &str| record.node().get(name).is_some());
    engine.register_fn("keys", |record: Record| -> Array {
        record.node().entries().into_iter().flatten().map(|(key, _)| key.into()).collect()
    });
    engine.register_fn("values", |record: Record| -> Array {
        let entries = record.node().entries().into_iter().flatten();
        entries.map(|(key, node)| record.value_of(key, node)).collect()
    });
    engine.register_fn("len", |record: Record| count(&record));
    engine.register_fn("is_empty", |record: Record| count(&record) == 0);
    engine.register_fn("to_map", |record: Record| {
        value::from_json(record.to_value()).try_cast::<Map>().unwrap_or_default()
    });
    engine.register_fn("to_json", |record: Record| record.to_value().to_string());
    engine.register_fn("to_string", |record: Record| card_of(&record, None));
    engine.register_fn("to_debug", |record: Record| format!("{} {}", record.title(), record.to_value()));
    engine.register_fn("object", |record: Record| -> Dynamic {
        record.object().map_or(Dynamic::UNIT, |object| object.name.into())
    });
    engine.register_fn("==", |one: Record, two: Record| equal::records(&one, &two));
    engine.register_fn("!=", |one: Record, two: Record| !equal::records(&one, &two));
}

fn count(record: &Record) -> i64 {
    let count = record.node().entries().map_or(0, |entries| entries.len());
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Rhai also writes back what a method call left behind, so writing the same value again is not a mistake.
fn assign(record: &Record, name: &str, new: &Dynamic) -> Result<(), Raised> {
    match record.field(name) {
        Ok(old) if equal::same(&old, new) => Ok(()),
        Err(unknown) if !record.is_row() => Err(unknown),
        _ => Err(record.fixed(name)),
    }
}
