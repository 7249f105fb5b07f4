//! Custom objects: your own kinds of record. Their records are custom object instances.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{Kind::*, READ, WRITE, field};
use super::list::list;

/// Custom objects.
pub static PAGE: Object = Object {
    name: "custom_object",
    doc: "A kind of record that your team defined",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, WRITE, "The machine name, such as featureRequest"),
        field("label", Text, WRITE, "The name people see"),
        field("syncActive", Boolean, READ, "Whether an integration fills it"),
        field(
            "writeMode",
            Choice(&["writable", "writableByAll", "readonly"]),
            WRITE,
            "Who may write in the app: writable, writableByAll or readonly",
        ),
        field(
            "customFields",
            Many("custom_field"),
            WRITE,
            "Its fields: #{ label, type, model: \"CustomObject\" }",
        ),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("custom_objects", "/customObjects")
        .explained("Every custom object", "for object in custom_objects() { print(object.label); }")],
    actions: &[
        create("create_custom_object", "/customObjects").needs(&["name", "label", "writeMode"]).explained(
            "Creates a custom object",
            "create_custom_object(#{ name: \"risk\", label: \"Risk\", writeMode: \"writable\" })",
        ),
        update("update_custom_object", "/customObjects/{id}", Thing::Id).explained(
            "Changes a custom object",
            "update_custom_object(custom_objects().first(), #{ label: \"Wish\" })",
        ),
        get("get_custom_object", "/customObjects/{id}", Thing::Id)
            .explained("Reads one custom object", "get_custom_object(custom_objects().first().id).label"),
        delete("delete_custom_object", "/customObjects/{id}", Thing::Id).explained(
            "Deletes a custom object for good, with its instances (Vitally does not document this)",
            "delete_custom_object(custom_objects().first())",
        ),
    ],
    triggers: &[],
};
