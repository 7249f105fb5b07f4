//! NPS responses. An update must send userId, respondedAt and score again.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::{Filter, list};
use super::trigger::{Detect, trigger};

/// NPS responses.
pub static PAGE: Object = Object {
    name: "nps_response",
    doc: "A user's answer to \"how likely are you to recommend us?\"",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field(
            "externalId",
            Text,
            CREATE_NULL,
            "Your own id; creating with a known one updates that response",
        ),
        field("userId", Id, WRITE, "The Vitally id of the user who answered"),
        field("score", Number, WRITE_NULL, "0 to 10"),
        field("feedback", Text, WRITE_NULL, "What the user wrote"),
        field("respondedAt", DateTime, WRITE_NULL, "When the user answered"),
        field("dismissedAt", DateTime, READ_NULL, "When the question was waved away"),
        field("user", One("user"), READ_NULL, "The user, embedded, where Vitally sends it"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("nps_responses", "/npsResponses")
        .within(&[
            ("account", "/accounts/{parent}/npsResponses"),
            ("organization", "/organizations/{parent}/npsResponses"),
        ])
        .filters(&[Filter {
            name: "target",
            values: &["accounts", "organization"],
            default: None,
            doc: "accounts (the default) or organization: whose users are meant",
        }])
        .explained(
            "NPS responses of account users; #{ target: \"organization\" } for those of organization users",
            "for response in nps_responses() { print(response.score); }",
        )],
    actions: &[
        create("create_nps_response", "/npsResponses").needs(&["userId", "score", "respondedAt"]).explained(
            "Creates an NPS response, or updates the one with this externalId",
            "create_nps_response(#{ externalId: \"nps-900\", userId: get_user(ext(\"user-1\")).id, score: 9, \
             respondedAt: \"2026-11-20T10:00:00Z\" })",
        ),
        update("update_nps_response", "/npsResponses/{id}", Thing::Key)
            .needs(&["userId", "score", "respondedAt"])
            .explained(
                "Changes an NPS response; userId, score and respondedAt must be sent again",
                "update_nps_response(ext(\"nps-1\"), #{ userId: get_user(ext(\"user-1\")).id, score: 10, \
                 respondedAt: \"2026-11-20T10:00:00Z\", feedback: \"Even better\" })",
            ),
        get("get_nps_response", "/npsResponses/{id}", Thing::Key)
            .explained("Reads one NPS response", "get_nps_response(ext(\"nps-1\")).score"),
        delete("delete_nps_response", "/npsResponses/{id}", Thing::Key)
            .explained("Deletes an NPS response for good", "delete_nps_response(ext(\"nps-2\"))"),
    ],
    triggers: &[
        trigger("nps_response_created", Detect::Created, "An NPS response came in"),
        trigger("nps_response_updated", Detect::Updated, "An NPS response changed"),
    ],
};
