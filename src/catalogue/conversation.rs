//! Conversations: records for reference. Vitally never sends mail because of them.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::list;

/// Conversations.
pub static PAGE: Object = Object {
    name: "conversation",
    doc: "A thread of messages, kept for reference; nothing is sent to anybody",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id"),
        field("subject", Text, WRITE_NULL, "The thread's title"),
        field("status", Text, READ_NULL, "open or closed, where the source knows it"),
        field("rating", Text, READ_NULL, "satisfied, unsatisfied or neutral"),
        field("source", Text, READ_NULL, "The integration it came from"),
        field("externalUrl", Text, READ_NULL, "Where it is shown in its source"),
        field("messages", Messages, WRITE, "Its messages; only in get_conversation, not in lists"),
        field("accounts", Many("account"), READ, "Accounts of the people in it, where Vitally sends them"),
        field("users", Many("user"), READ, "Users in it, where Vitally sends them"),
        field("admins", Many("admin"), READ, "Admins in it, where Vitally sends them"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("conversations", "/conversations")
        .within(&[
            ("account", "/accounts/{parent}/conversations"),
            ("organization", "/organizations/{parent}/conversations"),
        ])
        .explained(
            "Every conversation, without its messages",
            "for conversation in conversations() { print(conversation.subject); }",
        )],
    actions: &[
        create("create_conversation", "/conversations").explained(
            "Creates a conversation; nothing is sent to anybody",
            "create_conversation(#{ externalId: \"thread-900\", subject: \"Renewal\", messages: [] })",
        ),
        update("update_conversation", "/conversations/{id}", Thing::Key).explained(
            "Changes a conversation; messages are matched by externalId, new ones are added",
            "update_conversation(ext(\"thread-1\"), #{ subject: \"Renewal 2027\" })",
        ),
        get("get_conversation", "/conversations/{id}", Thing::Key).explained(
            "Reads one conversation with its messages",
            "get_conversation(ext(\"thread-1\")).subject",
        ),
        delete("delete_conversation", "/conversations/{id}", Thing::Key).explained(
            "Deletes a conversation for good, with its messages",
            "delete_conversation(ext(\"thread-2\"))",
        ),
    ],
    triggers: &[],
};
