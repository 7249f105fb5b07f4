//! Messages of a conversation. To change one, use `update_conversation` with its externalId.

use super::Object;
use super::action::{Thing, create, delete, get};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};

/// Messages.
pub static PAGE: Object = Object {
    name: "message",
    doc: "One message of a conversation",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id"),
        field("type", Text, READ, "inbound (from a user) or outbound (from an admin)"),
        field("timestamp", DateTime, WRITE_NULL, "When it was sent; now if left out"),
        field("message", Html, WRITE, "The text"),
        field("from", Participant, WRITE, "Who sent it"),
        field("to", Participants, WRITE, "Who received it"),
        field("cc", Participants, WRITE, "Who got a copy"),
        field("bcc", Participants, WRITE, "Who got a hidden copy"),
        field("conversationId", Id, READ_NULL, "The conversation it belongs to, where Vitally sends it"),
        field("createdAt", DateTime, READ_NULL, "When it was made, where Vitally sends it"),
        field("updatedAt", DateTime, READ_NULL, "When it last changed, where Vitally sends it"),
    ],
    lists: &[],
    actions: &[
        create("create_message", "/conversations/{parent}/messages")
            .under("conversation")
            .needs(&["externalId", "message", "from", "to"])
            .explained(
                "Adds a message to a conversation; it is kept for reference, not sent",
                "let admin = search_admins(\"dana@example.com\")[0];\n\
                 create_message(ext(\"thread-1\"), #{ externalId: \"message-900\", message: \"Hello\", \
                 from: #{ type: \"admin\", id: admin.id }, \
                 to: [#{ type: \"user\", id: get_user(ext(\"user-1\")).id }] })",
            ),
        get("get_message", "/messages/{id}", Thing::Key).explained(
            "Reads one message",
            "get_message(get_conversation(ext(\"thread-1\")).messages[0].id).message",
        ),
        delete("delete_message", "/messages/{id}", Thing::Id).explained(
            "Deletes a message for good",
            "delete_message(get_conversation(ext(\"thread-1\")).messages[0].id)",
        ),
    ],
    triggers: &[],
};
