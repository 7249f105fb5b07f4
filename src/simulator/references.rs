//! References from a body to other records: they must exist, and externalIds become ids where they are accepted.

use serde_json::Value;
use uuid::Uuid;

use super::answer::Answer;
use super::kind::Kind;
use super::request::Fields;
use super::world::{Lookup, World, as_uuid};

/// The ids in a field: none for null, one for a text, several for a list.
pub(super) fn ids(value: Option<&Value>) -> Vec<Uuid> {
    match value {
        Some(Value::String(text)) => as_uuid(text).into_iter().collect(),
        Some(Value::Array(items)) => items.iter().filter_map(|item| as_uuid(item.as_str()?)).collect(),
        _ => Vec::new(),
    }
}

/// The body with every reference checked.
pub(super) fn resolved(world: &World, kind: Kind, body: &Fields) -> Result<Fields, Answer> {
    let mut body = body.clone();
    if kind == Kind::Project
        && !body.contains_key("accountId")
        && let Some(account) = body.get("customerId").cloned()
    {
        body.insert("accountId".into(), account);
    }
    for (name, value) in &mut body {
        let Some(target) = target(kind, name) else { continue };
        // The only reference for which the documentation allows an externalId.
        let lookup = if kind == Kind::Account && name == "organizationId" { Lookup::Key } else { Lookup::Id };
        match value {
            Value::String(text) => *text = found(world, target, name, text, lookup)?,
            Value::Array(items) => {
                for item in items {
                    if let Value::String(text) = item {
                        found(world, target, name, text, lookup)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(body)
}

/// The id of the record that is meant; unknown records in a body are the request's fault, so 400.
pub(super) fn found(
    world: &World,
    target: Kind,
    name: &str,
    text: &str,
    lookup: Lookup,
) -> Result<String, Answer> {
    if lookup == Lookup::Id && as_uuid(text).is_none() {
        return Err(Answer::not_a_uuid());
    }
    if let Ok(record) = world.find(target, text, lookup, None) {
        return Ok(record.id.to_string());
    }
    let noun = target.name().replace('_', " ");
    Err(Answer::bad(&format!("{name}: there is no {noun} with this id")))
}

fn target(kind: Kind, name: &str) -> Option<Kind> {
    Some(match (kind, name) {
        (Kind::Task | Kind::Note | Kind::Project, "accountId")
        | (Kind::Project | Kind::Instance, "customerId")
        | (Kind::User, "accountIds") => Kind::Account,
        (Kind::Account | Kind::Task | Kind::Note | Kind::Project | Kind::Instance, "organizationId")
        | (Kind::User, "organizationIds") => Kind::Organization,
        (Kind::Task, "assignedToId" | "completedById")
        | (Kind::Note, "authorId")
        | (Kind::Project | Kind::Instance, "ownedByVitallyUserId")
        | (Kind::Instance, "createdByVitallyUserId") => Kind::Admin,
        (Kind::Task, "categoryId") => Kind::TaskCategory,
        (Kind::Note, "categoryId") => Kind::NoteCategory,
        (Kind::Project, "projectCategoryId") => Kind::ProjectCategory,
        (Kind::Project, "projectStatusId") => Kind::ProjectStatus,
        (Kind::Project, "templateId") => Kind::ProjectTemplate,
        (Kind::NpsResponse, "userId") => Kind::User,
        _ => return None,
    })
}
