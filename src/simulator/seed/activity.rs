//! Tasks, notes, projects and custom objects.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::kind::Kind;
use super::super::moment::{self, DAY};
use super::super::world::World;
use super::super::{delete, project};
use super::{Cast, write};

const TASKS: &[&str] = &[
    "Collect survey feedback",
    "Prepare the renewal offer",
    "Schedule the quarterly review",
    "Follow up on the support ticket",
    "Send the training plan",
    "Confirm the new champion",
];
const NOTES: &[(&str, &str, &str)] = &[
    ("Kickoff", "<p>Next steps agreed.</p>", "Healthy"),
    ("Monthly call", "<p>Usage is up, two open questions about exports.</p>", "Healthy"),
    ("Champion left", "<p>Our champion left; <b>find a new one</b>.</p>", "Concerned"),
    ("Budget talk", "<p>Budget is decided in the next quarter.</p>", "Neutral"),
];
const REQUESTS: &[&str] = &[
    "Bulk export",
    "Dark mode",
    "Single sign-on",
    "Audit log",
    "Slack alerts",
    "Custom roles",
    "Faster search",
];
const PRIORITIES: &[&str] = &["High", "Medium", "Low"];

/// Makes two tasks and two notes for every active account.
pub(super) fn tasks_and_notes(world: &mut World, cast: &Cast) {
    let task_categories = world.table(Kind::TaskCategory).ids(None);
    let note_categories = world.table(Kind::NoteCategory).ids(None);
    for (at, account) in cast.active() {
        for n in [2 * at, 2 * at + 1] {
            let number = n + 1;
            let age = days(3 + n * 5 % 90);
            let due = moment::date(cast.ago(age - 14));
            let mut task = json!({
                "externalId": format!("task-{number}"),
                "name": TASKS[n % TASKS.len()],
                "description": "<p>Agreed in the last call.</p>",
                "dueDate": due, "accountId": account.to_string(),
                "assignedToId": cast.admin(n).to_string(),
                "categoryId": task_categories[n % task_categories.len()].to_string(),
                "tags": if n % 4 == 0 { json!(["renewal"]) } else { json!([]) },
                "traits": { "vitally.custom.nextStep": "Call them" },
            });
            if n % 5 == 3 {
                task["completedAt"] = moment::value(cast.ago(age - 2).min(cast.now - DAY));
                task["completedById"] = task["assignedToId"].clone();
            }
            let made = write(world, cast, Kind::Task, None, age, task);
            in_app(world, Kind::Task, made, n);
            let (subject, text, mood) = NOTES[n % NOTES.len()];
            let note = json!({
                "externalId": format!("note-{number}"), "subject": subject, "note": text,
                "noteDate": moment::text(cast.ago(age)), "accountId": account.to_string(),
                "authorId": cast.admin(n + 1).to_string(),
                "categoryId": note_categories[n % note_categories.len()].to_string(),
                "traits": { "vitally.custom.sentiment": mood },
            });
            let made = write(world, cast, Kind::Note, None, age, note);
            in_app(world, Kind::Note, made, n);
        }
    }
}

/// What an integration or a person in the app did to some of them.
fn in_app(world: &mut World, kind: Kind, made: Option<Uuid>, n: usize) {
    let Some(id) = made else { return };
    if n % 10 == 9 {
        world.edit(kind, id, |fields, _| {
            fields.insert("source".into(), json!("hubspot"));
        });
    }
    if n % 14 == 12 {
        // The record exists and is not archived yet.
        let _ = delete::delete(world, kind, id, None);
    }
}

/// Makes a project for every second active account; new customers have none yet.
pub(super) fn projects(world: &mut World, cast: &Cast) {
    let templates = world.table(Kind::ProjectTemplate).ids(None);
    for (at, account) in cast.active().step_by(2) {
        if world.get(Kind::Account, account).is_some_and(|record| record.created > cast.ago(30)) {
            continue;
        }
        let age = days(10 + at * 11 % 120);
        let body = json!({
            "templateId": templates[at / 2 % templates.len()].to_string(),
            "accountId": account.to_string(),
            "targetStartDate": moment::date(cast.ago(age)),
            "targetCompletionDate": moment::date(cast.ago(age - 45)),
            "ownedByVitallyUserId": cast.admin(at).to_string(),
            "traits": { "vitally.custom.nextStep": "Schedule training" },
        });
        let Some(id) = write(world, cast, Kind::Project, None, age, body) else { continue };
        let started = moment::date(cast.ago(age - 1));
        world.edit(Kind::Project, id, |fields, _| {
            fields.insert("actualStartDate".into(), json!(started));
        });
        if at % 8 == 6 {
            world.clock = Some(cast.ago(age / 2));
            project::complete(world, id);
        }
        if at % 18 == 16 {
            // The project exists and is not archived yet.
            let _ = delete::delete(world, Kind::Project, id, None);
        }
    }
}

/// Makes two custom objects; the feature requests are the newer one and so the first in a list.
pub(super) fn instances(world: &mut World, cast: &Cast) {
    let incident = custom_object(world, cast, 850, ("incident", "Incident"), &["Severity"]);
    let request =
        custom_object(world, cast, 800, ("featureRequest", "Feature Request"), &["Priority", "Votes"]);
    for (at, account) in cast.active() {
        let organization =
            world.get(Kind::Account, account).and_then(|record| record.links.organizations.first().copied());
        let mut wish = json!({
            "name": REQUESTS[at % REQUESTS.len()], "externalId": format!("fr-{}", at + 1),
            "customerId": account.to_string(), "ownedByVitallyUserId": cast.admin(at).to_string(),
            "traits": { "vitally.custom.priority": PRIORITIES[at % PRIORITIES.len()], "vitally.custom.votes": at % 12 },
        });
        if let Some(organization) = organization {
            wish["organizationId"] = json!(organization.to_string());
        }
        write(world, cast, Kind::Instance, request, days(2 + at * 3 % 200), wish);
        if at % 4 == 1 {
            let trouble = json!({
                "name": "Sync delayed", "externalId": format!("inc-{}", at + 1),
                "customerId": account.to_string(), "traits": { "vitally.custom.severity": "minor" },
            });
            write(world, cast, Kind::Instance, incident, days(5 + at % 60), trouble);
        }
    }
}

fn custom_object(
    world: &mut World,
    cast: &Cast,
    age: i64,
    (name, label): (&str, &str),
    fields: &[&str],
) -> Option<Uuid> {
    let fields: Vec<Value> = fields
        .iter()
        .map(|label| json!({ "label": label, "type": if *label == "Votes" { "number" } else { "string" }, "model": "CustomObject" }))
        .collect();
    let body = json!({ "name": name, "label": label, "writeMode": "writableByAll", "customFields": fields });
    write(world, cast, Kind::CustomObject, None, age, body)
}

fn days(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(0)
}
