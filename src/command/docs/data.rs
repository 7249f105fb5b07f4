//! The pages of `docs` as programs read them.

use super::Entry;
use crate::catalogue::{Action, Effect, Field, Object};
use crate::command::fields::kind;
use serde_json::{Value, json};

/// One page.
pub fn entry(entry: Entry) -> Value {
    match entry {
        Entry::Action(object, action) => json!({
            "name": action.name,
            "kind": "function",
            "object": object.name,
            "signature": action.signature(object.name),
            "effect": action.effect.word(),
            "about": action.doc,
            "required": action.required,
            "one_of": action.one_of,
            "query": action.query,
            "fields": accepted(object, action).iter().map(|field| field.name).collect::<Vec<_>>(),
            "example": action.example,
        }),
        Entry::List(object, list) => json!({
            "name": list.name,
            "kind": "list",
            "object": object.name,
            "signature": list.signature(),
            "effect": Effect::Read.word(),
            "about": list.doc,
            "filters": list.keys(),
            "example": list.example,
        }),
        Entry::Trigger(object, trigger) => json!({
            "name": trigger.name,
            "kind": "trigger",
            "object": object.name,
            "about": trigger.doc,
        }),
        Entry::Function(function) => json!({
            "name": function.name,
            "kind": "function",
            "signature": function.signature,
            "about": function.doc,
            "example": function.example,
        }),
        Entry::Object(object) => json!({
            "name": object.name,
            "kind": "object",
            "about": object.doc,
            "fields": object.fields.iter().map(|f| json!({ "field": f.name, "type": kind(f.kind), "about": f.doc }))
                .collect::<Vec<_>>(),
            "functions": object.lists.iter().map(|list| list.name)
                .chain(object.actions.iter().map(|action| action.name)).collect::<Vec<_>>(),
            "triggers": object.triggers.iter().map(|trigger| trigger.name).collect::<Vec<_>>(),
        }),
    }
}

/// The fields an action sets.
pub fn accepted(object: &'static Object, action: &Action) -> Vec<&'static Field> {
    let may = |field: &&Field| match action.effect {
        Effect::Create => field.access.create,
        Effect::Update => field.access.update,
        Effect::Read | Effect::Delete => false,
    };
    object.fields.iter().filter(may).collect()
}
