//! Custom fields: the definitions of traits, which are made in the app.

use super::Object;
use super::field::{Kind::*, READ, READ_NULL, field};
use super::list::{Envelope, Filter, list};

/// The models that custom fields belong to.
pub const MODELS: &[&str] = &[
    "users",
    "accounts",
    "organizations",
    "customObjects",
    "tasks",
    "notes",
    "projects",
    "conversations",
    "team",
];

/// Custom fields.
pub static PAGE: Object = Object {
    name: "custom_field",
    doc: "The definition of a trait; made in the app",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("label", Text, READ, "The name people see"),
        field("path", Text, READ, "The key to use in traits"),
        field("type", Text, READ, "string, number, boolean, datetime, textarea, …"),
        field("options", Many("option"), READ_NULL, "The choices, for choice fields"),
        field("createdAt", DateTime, READ, "When it was made"),
    ],
    lists: &[list("custom_fields", "/customFields")
        .under("model")
        .filters(&[Filter {
            name: "customObjectId",
            values: &[],
            default: None,
            doc: "the custom object, with the model customObjects",
        }])
        .unsorted()
        .envelope(Envelope::Bare)
        .explained(
            "The traits defined for users, accounts, organizations, tasks, notes, projects, conversations, …",
            "for field in custom_fields(\"accounts\") { print(`${field.label}: ${field.path}`); }",
        )],
    actions: &[],
    triggers: &[],
};
