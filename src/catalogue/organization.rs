//! Organizations: the top of the hierarchy; they contain accounts, which contain users.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::list;
use super::trigger::{Detect, trigger};

/// Organizations.
pub static PAGE: Object = Object {
    name: "organization",
    doc: "A customer group: it contains accounts, and accounts contain users",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id"),
        field("name", Text, WRITE_NULL, "The organization's name"),
        field("mrr", Number, READ_NULL, "Monthly revenue; set it through the trait of that name"),
        field("healthScore", Number, READ_NULL, "0 to 10"),
        field("nextRenewalDate", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("churnedAt", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("trialEndDate", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("firstPaidDate", DateTime, READ_NULL, "When revenue was first recorded"),
        field("usersCount", Integer, READ, "How many users it has"),
        field("accountsCount", Integer, READ, "How many accounts it has"),
        field("npsScore", Number, READ_NULL, "-100 to 100"),
        field("csmId", Id, READ_NULL, "The admin who is its CSM; set in the app"),
        field("accountExecutiveId", Id, READ_NULL, "The admin who is its account executive; set in the app"),
        field("organizationOwnerId", Id, READ_NULL, "The user who owns it at the customer"),
        field("keyRoles", Many("key_role"), READ, "Who plays which role; set in the app"),
        field("segments", Many("segment"), READ, "The segments it is in"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("organizations", "/organizations").explained(
        "Every organization",
        "for organization in organizations() { print(organization.name); }",
    )],
    actions: &[
        create("create_organization", "/organizations").needs(&["externalId", "name"]).explained(
            "Creates an organization, or updates the one with this externalId",
            "create_organization(#{ externalId: \"org-900\", name: \"Initech Group\" })",
        ),
        update("update_organization", "/organizations/{id}", Thing::Key).explained(
            "Changes the fields and traits you name",
            "update_organization(ext(\"org-1\"), #{ traits: #{ \"vitally.custom.region\": \"EMEA\" } })",
        ),
        get("get_organization", "/organizations/{id}", Thing::Key)
            .explained("Reads one organization", "get_organization(ext(\"org-1\")).name"),
        delete("delete_organization", "/organizations/{id}", Thing::Key).explained(
            "Deletes an organization for good, with everything only it owns",
            "delete_organization(ext(\"org-2\"))",
        ),
    ],
    triggers: &[
        trigger("organization_created", Detect::Created, "An organization was made"),
        trigger("organization_updated", Detect::Updated, "An organization changed"),
    ],
};
