//! Accounts: the customers. Some internals of the API call them "customer".

use super::Object;
use super::action::{Answer, Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, UPDATE_NULL, WRITE, WRITE_NULL, field};
use super::list::{STATUS, list};
use super::trigger::{Detect, trigger};

/// Accounts.
pub static PAGE: Object = Object {
    name: "account",
    doc: "A customer; `churnedAt` is set when it has churned",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id"),
        field("name", Text, WRITE_NULL, "The account's name"),
        field("healthScore", Number, READ_NULL, "0 to 10"),
        field("mrr", Number, READ_NULL, "Monthly revenue; set it through the trait of that name"),
        field("nextRenewalDate", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("churnedAt", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("trialEndDate", DateTime, READ_NULL, "Set it through the trait of that name"),
        field("csmId", Id, READ_NULL, "The admin who is its CSM; set in the app"),
        field("accountExecutiveId", Id, READ_NULL, "The admin who is its account executive; set in the app"),
        field("organizationId", Id, WRITE_NULL, "The organization it belongs to; null unlinks it"),
        field(
            "accountOwnerId",
            Id,
            UPDATE_NULL,
            "The user who owns it at the customer; only null may be sent",
        ),
        field("usersCount", Integer, READ, "How many users it has"),
        field("npsScore", Number, READ_NULL, "-100 to 100"),
        field("npsDetractorCount", Integer, READ, "Users whose last score was 0 to 6"),
        field("npsPassiveCount", Integer, READ, "Users whose last score was 7 or 8"),
        field("npsPromoterCount", Integer, READ, "Users whose last score was 9 or 10"),
        field("firstSeenTimestamp", DateTime, READ_NULL, "First product activity"),
        field("lastSeenTimestamp", DateTime, READ_NULL, "Last product activity"),
        field("lastInboundMessageTimestamp", DateTime, READ_NULL, "Last message from the customer"),
        field("lastOutboundMessageTimestamp", DateTime, READ_NULL, "Last message to the customer"),
        field("keyRoles", Many("key_role"), READ, "Who plays which role; set in the app"),
        field("segments", Many("segment"), READ, "The segments it is in"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("accounts", "/accounts")
        .within(&[("organization", "/organizations/{parent}/accounts")])
        .filters(&[STATUS])
        .explained(
            "Active accounts; #{ status: \"activeOrChurned\" } for all of them",
            "for account in accounts(#{ status: \"churned\" }) { print(account.name); }",
        )],
    actions: &[
        create("create_account", "/accounts").needs(&["externalId", "name"]).explained(
            "Creates an account, or updates the one with this externalId",
            "create_account(#{ externalId: \"acct-900\", name: \"Initech\", traits: #{ plan: \"Pro\" } })",
        ),
        update("update_account", "/accounts/{id}", Thing::Key).explained(
            "Changes the fields and traits you name",
            "update_account(ext(\"acct-1\"), #{ traits: #{ \"vitally.custom.plan\": \"Enterprise\" } })",
        ),
        get("get_account", "/accounts/{id}", Thing::Key)
            .explained("Reads one account", "get_account(ext(\"acct-1\")).name"),
        get("get_account_health_score_breakdown", "/accounts/{id}/healthScores", Thing::Key)
            .answers(Answer::Json)
            .explained(
                "Reads the parts of an account's health score; Vitally does not document the shape",
                "get_account_health_score_breakdown(ext(\"acct-1\"))",
            ),
        delete("delete_account", "/accounts/{id}", Thing::Key).explained(
            "Deletes an account for good, with its conversations, notes, tasks, recordings and traits",
            "delete_account(ext(\"acct-2\"))",
        ),
    ],
    triggers: &[
        trigger("account_created", Detect::Created, "An account was made"),
        trigger("account_updated", Detect::Updated, "An account changed"),
        trigger("account_churned", Detect::Filled("churnedAt"), "An account churned"),
        trigger("account_reactivated", Detect::Emptied("churnedAt"), "A churned account came back"),
    ],
};
