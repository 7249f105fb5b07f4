//! Users: the people at the customer.

use super::Object;
use super::action::{Thing, create, delete, get, search, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, SEND, WRITE, WRITE_NULL, field};
use super::list::list;
use super::trigger::{Detect, trigger};

/// Users.
pub static PAGE: Object = Object {
    name: "user",
    doc: "A person at a customer",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id"),
        field("name", Text, WRITE_NULL, "The person's name"),
        field("email", Text, WRITE_NULL, "The person's e-mail address"),
        field("accounts", Many("account"), READ, "The accounts the person belongs to"),
        field("organizations", Many("organization"), READ, "The organizations the person belongs to"),
        field(
            "accountIds",
            Ids,
            SEND,
            "Vitally ids of accounts to link; links cannot be removed over the API",
        ),
        field("organizationIds", Ids, SEND, "Vitally ids of organizations to link"),
        field("npsLastScore", Integer, READ_NULL, "0 to 10"),
        field("npsLastFeedback", Text, READ_NULL, "What the person wrote with the last score"),
        field("npsLastRespondedAt", DateTime, READ_NULL, "When the person last answered"),
        field("lastSeenTimestamp", DateTime, READ_NULL, "Last product activity"),
        field("lastInboundMessageTimestamp", DateTime, READ_NULL, "Last message from the person"),
        field("lastOutboundMessageTimestamp", DateTime, READ_NULL, "Last message to the person"),
        field("deactivatedAt", DateTime, READ_NULL, "When the person was deactivated; set in the app"),
        field("unsubscribedFromConversations", Boolean, WRITE, "Whether mail to the person is off"),
        field("unsubscribedFromConversationsAt", DateTime, READ_NULL, "Since when mail is off"),
        field("permanentlyBounced", Boolean, READ, "Whether mail to the person bounces"),
        field("avatar", Text, WRITE_NULL, "Address of a picture"),
        field("joinDate", DateTime, WRITE_NULL, "When the person joined; firstKnown if never set"),
        field("firstKnown", DateTime, READ_NULL, "When Vitally first knew of the person"),
        field("segments", Many("segment"), READ, "The segments the person is in"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("users", "/users")
        .within(&[("account", "/accounts/{parent}/users"), ("organization", "/organizations/{parent}/users")])
        .explained(
            "Every user, or those of one account or organization",
            "for user in users(#{ account: ext(\"acct-1\") }) { print(user.email); }",
        )],
    actions: &[
        create("create_user", "/users")
            .needs(&["externalId"])
            .needs_one_of(&[&["accountIds", "organizationIds"]])
            .explained(
                "Creates a user, or updates the one with this externalId",
                "create_user(#{ externalId: \"user-900\", name: \"Kim Lee\", email: \"kim@example.com\", \
                 accountIds: [get_account(ext(\"acct-1\")).id] })",
            ),
        update("update_user", "/users/{id}", Thing::Key).explained(
            "Changes the fields and traits you name; accountIds adds links",
            "update_user(ext(\"user-1\"), #{ unsubscribedFromConversations: true })",
        ),
        get("get_user", "/users/{id}", Thing::Key)
            .explained("Reads one user", "get_user(ext(\"user-1\")).email"),
        search("search_users", "/users/search", &["email", "externalId", "emailSubdomain"]).explained(
            "Finds users by e-mail, externalId or e-mail domain: give exactly one of them",
            "search_users(#{ externalId: \"user-1\" })",
        ),
        delete("delete_user", "/users/{id}", Thing::Key).with_query(&["deleteOn"]).explained(
            "Marks a user for deletion, now or on #{ deleteOn: \"2027-09-01\" }",
            "delete_user(ext(\"user-2\"), #{ deleteOn: \"2027-09-01\" })",
        ),
    ],
    triggers: &[
        trigger("user_created", Detect::Created, "A user was made"),
        trigger("user_updated", Detect::Updated, "A user changed"),
        trigger("user_deactivated", Detect::Filled("deactivatedAt"), "A user was deactivated"),
    ],
};
