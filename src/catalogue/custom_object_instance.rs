//! Custom object instances. There is no endpoint that reads one: search by id.

use super::Object;
use super::action::{Thing, create, delete, search, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::{ARCHIVED, list};
use super::trigger::{Detect, trigger};

/// Custom object instances.
pub static PAGE: Object = Object {
    name: "custom_object_instance",
    doc: "One record of a custom object",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, WRITE_NULL, "Your own id"),
        field("name", Text, WRITE, "The record's name"),
        field("customObjectId", Id, READ, "The custom object it is a record of"),
        field("customerId", Id, WRITE_NULL, "The account it belongs to"),
        field("organizationId", Id, WRITE_NULL, "The organization it belongs to"),
        field("ownedByVitallyUserId", Id, WRITE_NULL, "The admin who owns it"),
        field("createdByVitallyUserId", Id, CREATE_NULL, "The admin who made it"),
        field("customer", One("account"), READ_NULL, "The account, embedded"),
        field("customers", Many("account"), READ, "Every linked account, embedded"),
        field("organization", One("organization"), READ_NULL, "The organization, embedded"),
        field("descriptionBody", Any, READ_NULL, "Rich text"),
        field("archivedAt", DateTime, READ_NULL, "When it was archived"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("custom_object_instances", "/customObjects/{parent}/instances")
        .under("custom_object")
        .filters(&[ARCHIVED])
        .explained(
            "Active records of one custom object",
            "for item in custom_object_instances(custom_objects().first()) { print(item.name); }",
        )],
    actions: &[
        create("create_custom_object_instance", "/customObjects/{parent}/instances")
            .under("custom_object")
            .needs(&["name"])
            .needs_one_of(&[&["customerId", "organizationId"]])
            .explained(
                "Creates a record of a custom object",
                "create_custom_object_instance(custom_objects().first(), #{ name: \"Dark mode\", \
                 externalId: \"fr-900\", customerId: get_account(ext(\"acct-1\")).id })",
            ),
        update("update_custom_object_instance", "/customObjects/{parent}/instances/{id}", Thing::Key)
            .under("custom_object")
            .explained(
                "Changes the fields and traits you name; ext(\"…\") is looked up first",
                "update_custom_object_instance(custom_objects().first(), ext(\"fr-1\"), #{ name: \"Bulk import\" })",
            ),
        search(
            "search_custom_object_instances",
            "/customObjects/{parent}/instances/search",
            &["id", "externalId", "customerId", "organizationId", "customFieldId", "customFieldValue"],
        )
        .under("custom_object")
        .explained(
            "Finds records by one criterion, or by createdAfter, createdBefore and limit (walked and filtered here)",
            "search_custom_object_instances(custom_objects().first(), #{ externalId: \"fr-1\" })",
        ),
        delete("delete_custom_object_instance", "/customObjects/{parent}/instances/{id}", Thing::Id)
            .under("custom_object")
            .explained(
                "Archives a record of a custom object",
                "let object = custom_objects().first();\n\
                 delete_custom_object_instance(object, custom_object_instances(object).first())",
            ),
    ],
    triggers: &[
        trigger("custom_object_instance_created", Detect::Created, "A custom object record was made"),
        trigger("custom_object_instance_updated", Detect::Updated, "A custom object record changed"),
    ],
};
