//! What is made in the app: the team, categories, templates, statuses and the definitions of traits.

use serde_json::{Value, json};

use super::super::backdoor::{define, make};
use super::super::kind::Kind;
use super::super::world::World;
use super::Cast;

const TEAM: &[(&str, &str, &str)] = &[
    ("Dana Reyes", "dana@example.com", "active"),
    ("Marcus Bell", "marcus@example.com", "active"),
    ("Yuki Sato", "yuki@example.com", "active"),
    ("Leah Stein", "leah@example.com", "active"),
    ("Tom Archer", "tom@example.com", "deactivated"),
];

/// Makes the team.
pub(super) fn team(world: &mut World, cast: &mut Cast) {
    world.clock = Some(cast.ago(1000));
    for (name, email, status) in TEAM {
        let id =
            from_app(world, Kind::Admin, json!({ "name": name, "email": email, "licenseStatus": status }));
        // Work goes to those who still work here.
        if *status == "active" {
            cast.admins.push(id);
            cast.people.extend(world.get(Kind::Admin, id).map(|admin| Value::Object(admin.fields())));
        }
    }
}

/// Makes categories, statuses and templates, each a second after the other.
pub(super) fn categories(world: &mut World, cast: &Cast) {
    let mut at = cast.ago(980);
    let mut next = |world: &mut World| {
        at += 1000;
        world.clock = Some(at);
    };
    for (kind, names) in [
        (Kind::TaskCategory, ["Follow-up", "Renewal", "Onboarding"]),
        (Kind::NoteCategory, ["Call", "QBR", "Escalation"]),
    ] {
        for name in names {
            next(world);
            from_app(world, kind, json!({ "name": name }));
        }
    }
    for (name, kind) in [("In progress", "active"), ("On hold", "inactive"), ("Done", "complete")] {
        next(world);
        from_app(world, Kind::ProjectStatus, json!({ "name": name, "type": kind }));
    }
    for (category, template, project, text) in [
        ("Onboarding", "Standard onboarding", "Onboarding", "Thirty day plan"),
        ("Adoption", "Adoption push", "Adoption push", "Training and office hours"),
        ("Renewal", "Renewal plan", "Renewal", "From ninety days before the date"),
    ] {
        next(world);
        let category = from_app(world, Kind::ProjectCategory, json!({ "name": category })).to_string();
        next(world);
        let fields = json!({
            "name": template, "projectName": project, "description": text,
            "projectCategoryId": category, "traits": {},
        });
        from_app(world, Kind::ProjectTemplate, fields);
    }
}

/// Defines the traits of every model.
pub(super) fn traits(world: &mut World, cast: &Cast) {
    world.clock = Some(cast.ago(970));
    for (model, label, kind, options) in [
        ("accounts", "Plan", "string", &["Starter", "Pro", "Enterprise"][..]),
        ("accounts", "Tier", "string", &["bronze", "silver", "gold"]),
        ("accounts", "Seats", "number", &[]),
        ("accounts", "Lifecycle stage", "string", &["Onboarding", "Live", "At risk"]),
        ("organizations", "Region", "string", &["EMEA", "AMER", "APAC"]),
        ("users", "Role", "string", &["Champion", "Decision maker", "Admin", "End user"]),
        ("tasks", "Next step", "textarea", &[]),
        ("notes", "Sentiment", "string", &["Healthy", "Neutral", "Concerned"]),
        ("projects", "Next step", "textarea", &[]),
        ("projects", "Go-live date", "datetime", &[]),
        ("conversations", "Expansion opportunity", "boolean", &[]),
        ("team", "Office", "string", &["Berlin", "Denver"]),
    ] {
        define(world, model, label, kind, options);
    }
}

fn from_app(world: &mut World, kind: Kind, fields: Value) -> uuid::Uuid {
    let Value::Object(fields) = fields else { return uuid::Uuid::nil() };
    make(world, kind, fields)
}
