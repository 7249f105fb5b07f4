//! Tasks and their categories.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, WRITE, WRITE_NULL, field};
use super::list::{ARCHIVED, SOURCE, list};
use super::trigger::{Detect, archived, trigger};

/// Tasks.
pub static PAGE: Object = Object {
    name: "task",
    doc: "Something to do for an account or organization",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, CREATE_NULL, "Your own id; creating with a known one updates that task"),
        field("name", Text, WRITE, "What is to be done"),
        field("dueDate", Date, WRITE_NULL, "When it is due"),
        field("completedAt", DateTime, WRITE_NULL, "When it was done; setting it completes the task"),
        field("accountId", Id, WRITE_NULL, "The account it is for"),
        field("organizationId", Id, WRITE_NULL, "The organization it is for"),
        field("assignedToId", Id, WRITE_NULL, "The admin who is to do it"),
        field("completedById", Id, WRITE_NULL, "The admin who did it"),
        field("categoryId", Id, WRITE_NULL, "Its task category"),
        field("tags", Texts, WRITE, "Tags; the list you send replaces the old one"),
        field("description", Html, WRITE_NULL, "Details; simple HTML is kept"),
        field("account", One("account"), READ_NULL, "The account, embedded"),
        field("organization", One("organization"), READ_NULL, "The organization, embedded"),
        field("assignedTo", One("admin"), READ_NULL, "The admin who is to do it, embedded"),
        field("completedBy", One("admin"), READ_NULL, "The admin who did it, embedded"),
        field("category", One("task_category"), READ_NULL, "Its category, embedded"),
        field("projects", Many("project"), READ, "The projects it belongs to"),
        field("meetingId", Id, READ_NULL, "The meeting it came from"),
        field("source", Text, READ_NULL, "The integration it came from"),
        field("archivedAt", DateTime, READ_NULL, "When it was archived"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("tasks", "/tasks")
        .within(&[("account", "/accounts/{parent}/tasks"), ("organization", "/organizations/{parent}/tasks")])
        .filters(&[ARCHIVED, SOURCE])
        .explained(
            "Active tasks, or those of one account or organization",
            "for task in tasks(#{ account: ext(\"acct-1\") }) { print(task.name); }",
        )],
    actions: &[
        create("create_task", "/tasks")
            .needs(&["name"])
            .needs_one_of(&[&["accountId", "organizationId"]])
            .explained(
                "Creates a task, or updates the one with this externalId",
                "create_task(#{ externalId: \"task-900\", name: \"Call\", dueDate: \"2027-01-15\", \
                 accountId: get_account(ext(\"acct-1\")).id })",
            ),
        update("update_task", "/tasks/{id}", Thing::KeyOrSource).with_query(&["source"]).explained(
            "Changes the fields and traits you name",
            "update_task(ext(\"task-1\"), #{ name: \"Call again\" })",
        ),
        get("get_task", "/tasks/{id}", Thing::KeyOrSource)
            .with_query(&["source"])
            .explained("Reads one task", "get_task(ext(\"task-1\")).name"),
        delete("delete_task", "/tasks/{id}", Thing::Id)
            .explained("Archives a task", "delete_task(get_task(ext(\"task-2\")))"),
    ],
    triggers: &[
        trigger("task_created", Detect::Created, "A task was made"),
        trigger("task_updated", Detect::Updated, "A task changed"),
        trigger("task_completed", Detect::Filled("completedAt"), "A task was completed"),
        archived("task_archived", "A task was archived"),
        trigger("task_assigned", Detect::Changed("assignedToId"), "A task got another assignee"),
        trigger("task_reopened", Detect::Emptied("completedAt"), "A completed task was reopened"),
    ],
};

/// Task categories.
pub static CATEGORY: Object = Object {
    name: "task_category",
    doc: "A category of tasks",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, READ, "The category's name"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("task_categories", "/taskCategories")
        .explained("Every task category", "for category in task_categories() { print(category.name); }")],
    actions: &[],
    triggers: &[],
};
