//! Admins: the people of your own team. The API only reads them.

use super::Object;
use super::action::search;
use super::field::{Kind::*, READ, field};
use super::list::list;

/// Admins.
pub static PAGE: Object = Object {
    name: "admin",
    doc: "A person of your own team who uses Vitally",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, READ, "The person's name"),
        field("email", Text, READ, "The person's e-mail address"),
        field(
            "licenseStatus",
            Choice(&["active", "deactivated", "auto-created"]),
            READ,
            "active, deactivated or auto-created",
        ),
    ],
    lists: &[list("admins", "/admins").unsorted().explained(
        "Every admin of your team (Vitally serves this list without documenting it)",
        "for admin in admins() { print(admin.email); }",
    )],
    actions: &[search("search_admins", "/admins/search", &["email"]).explained(
        "Finds the admin with this e-mail; an empty array if there is none",
        "search_admins(\"dana@example.com\")",
    )],
    triggers: &[],
};
