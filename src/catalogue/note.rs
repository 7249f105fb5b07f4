//! Notes and their categories.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::{ARCHIVED, SOURCE, list};
use super::trigger::{Detect, archived, trigger};

/// Notes.
pub static PAGE: Object = Object {
    name: "note",
    doc: "Something written down about an account or organization",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, WRITE_NULL, "Your own id; creating with a known one updates that note"),
        field("subject", Text, WRITE_NULL, "The note's title"),
        field("noteDate", DateTime, WRITE, "The day the note is about"),
        field("note", Html, WRITE, "The text; simple HTML is kept"),
        field("accountId", Id, WRITE_NULL, "The account it is about"),
        field("organizationId", Id, WRITE_NULL, "The organization it is about"),
        field("authorId", Id, WRITE_NULL, "The admin who wrote it"),
        field("categoryId", Id, WRITE_NULL, "Its note category"),
        field("tags", Texts, WRITE, "Tags; the list you send replaces the old one"),
        field("account", One("account"), READ_NULL, "The account, embedded"),
        field("organization", One("organization"), READ_NULL, "The organization, embedded"),
        field("author", One("admin"), READ_NULL, "The admin who wrote it, embedded"),
        field("category", One("note_category"), READ_NULL, "Its category, embedded"),
        field("users", Many("user"), READ, "Linked users"),
        field("meetingDescription", Text, READ_NULL, "What the calendar said"),
        field("source", Text, READ_NULL, "The integration it came from"),
        field("archivedAt", DateTime, READ_NULL, "When it was archived"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("notes", "/notes")
        .within(&[("account", "/accounts/{parent}/notes"), ("organization", "/organizations/{parent}/notes")])
        .filters(&[ARCHIVED, SOURCE])
        .explained(
            "Active notes, or those of one account or organization",
            "for note in notes(#{ account: ext(\"acct-1\") }) { print(note.subject); }",
        )],
    actions: &[
        create("create_note", "/notes")
            .needs(&["note", "noteDate"])
            .needs_one_of(&[&["accountId", "organizationId"]])
            .explained(
                "Creates a note, or updates the one with this externalId",
                "create_note(#{ externalId: \"note-900\", note: \"All well\", noteDate: \"2026-11-20\", \
                 accountId: get_account(ext(\"acct-1\")).id })",
            ),
        update("update_note", "/notes/{id}", Thing::KeyOrSource).with_query(&["source"]).explained(
            "Changes the fields and traits you name",
            "update_note(ext(\"note-1\"), #{ subject: \"Kickoff, part two\" })",
        ),
        get("get_note", "/notes/{id}", Thing::KeyOrSource)
            .with_query(&["source"])
            .explained("Reads one note", "get_note(ext(\"note-1\")).subject"),
        delete("delete_note", "/notes/{id}", Thing::Id)
            .explained("Archives a note", "delete_note(get_note(ext(\"note-2\")))"),
    ],
    triggers: &[
        trigger("note_created", Detect::Created, "A note was made"),
        trigger("note_updated", Detect::Updated, "A note changed"),
        archived("note_archived", "A note was archived"),
    ],
};

/// Note categories.
pub static CATEGORY: Object = Object {
    name: "note_category",
    doc: "A category of notes",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, READ, "The category's name"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("note_categories", "/noteCategories")
        .explained("Every note category", "for category in note_categories() { print(category.name); }")],
    actions: &[],
    triggers: &[],
};
