//! Projects, their templates and categories. Statuses have no endpoint: read their ids from projects.

use super::Object;
use super::action::{Thing, create, delete, get, update};
use super::field::{CREATE_NULL, Kind::*, READ, READ_NULL, SEND_CREATE, WRITE, WRITE_NULL, field};
use super::list::{ARCHIVED, Filter, list};
use super::trigger::{Detect, archived, trigger};

/// Projects.
pub static PAGE: Object = Object {
    name: "project",
    doc: "A plan of work for an account or organization, made from a template",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, WRITE, "The project's name; the template's if left out"),
        field("accountId", Id, CREATE_NULL, "The account it is for"),
        field("organizationId", Id, CREATE_NULL, "The organization it is for"),
        field("templateId", Id, SEND_CREATE, "The template it is made from"),
        field("targetStartDate", Date, WRITE_NULL, "Planned start"),
        field("targetCompletionDate", Date, WRITE_NULL, "Planned end"),
        field("actualStartDate", Date, READ_NULL, "Real start; set in the app"),
        field("actualCompletionDate", Date, READ_NULL, "Real end; set in the app"),
        field("durationInDays", Number, READ_NULL, "Days from start to end, or to today while it is open"),
        field("ownedByVitallyUserId", Id, WRITE_NULL, "The admin who owns it"),
        field("projectCategoryId", Id, WRITE_NULL, "Its project category"),
        field("projectStatusId", Id, WRITE_NULL, "Its project status"),
        field("archivedAt", DateTime, READ_NULL, "When it was archived"),
        field("traits", Traits, WRITE, "Custom fields; keys you leave out stay as they are"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("projects", "/projects")
        .within(&[
            ("account", "/accounts/{parent}/projects"),
            ("organization", "/organizations/{parent}/projects"),
        ])
        .filters(&[ARCHIVED])
        .explained(
            "Active projects, or those of one account or organization",
            "for project in projects() { print(project.name); }",
        )],
    actions: &[
        create("create_project_from_template", "/projects")
            .needs(&["templateId"])
            .needs_one_of(&[&["accountId", "organizationId"]])
            .explained(
                "Creates a project from a template",
                "create_project_from_template(#{ templateId: project_templates().first().id, \
                 accountId: get_account(ext(\"acct-1\")).id })",
            ),
        update("update_project", "/projects/{id}", Thing::Id).explained(
            "Changes the fields and traits you name",
            "update_project(projects().first(), #{ targetCompletionDate: \"2027-03-31\" })",
        ),
        get("get_project", "/projects/{id}", Thing::Id)
            .explained("Reads one project", "get_project(projects().first().id).name"),
        delete("delete_project", "/projects/{id}", Thing::Id)
            .explained("Archives a project", "delete_project(projects().first())"),
    ],
    triggers: &[
        trigger("project_created", Detect::Created, "A project was made"),
        trigger("project_updated", Detect::Updated, "A project changed"),
        archived("project_archived", "A project was archived"),
    ],
};

/// Project templates.
pub static TEMPLATE: Object = Object {
    name: "project_template",
    doc: "What projects are made from",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, READ, "The template's name"),
        field("projectName", Text, READ_NULL, "The name that new projects get"),
        field("description", Text, READ_NULL, "What it is for"),
        field("projectCategoryId", Id, READ_NULL, "The category that new projects get"),
        field("traits", Traits, READ, "Traits that new projects get"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("project_templates", "/projectTemplates")
        .filters(&[Filter {
            name: "categoryId",
            values: &[],
            default: None,
            doc: "the id of a project category",
        }])
        .explained(
            "Every project template",
            "for template in project_templates() { print(template.name); }",
        )],
    actions: &[],
    triggers: &[],
};

/// Project categories.
pub static CATEGORY: Object = Object {
    name: "project_category",
    doc: "A category of projects",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("name", Text, READ, "The category's name"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("project_categories", "/projectCategories").explained(
        "Every project category",
        "for category in project_categories() { print(category.name); }",
    )],
    actions: &[],
    triggers: &[],
};
