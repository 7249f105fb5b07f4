//! Projects: what they take from their template, and their completion, which only the app can do.

use serde_json::Value;
use uuid::Uuid;

use super::kind::Kind;
use super::moment;
use super::references::ids;
use super::request::Fields;
use super::table::Order;
use super::world::World;
use super::write::merge_traits;

/// Fills a new project from its template; its status is the first active one.
pub(super) fn from_template(world: &World, fields: &mut Fields, body: &Fields) {
    let id = ids(body.get("templateId")).first().copied().unwrap_or_default();
    if let Some(template) = world.get(Kind::ProjectTemplate, id) {
        let template = template.fields();
        let name = if template["projectName"].is_string() { "projectName" } else { "name" };
        fields.insert("name".into(), template[name].clone());
        fields.insert("projectCategoryId".into(), template["projectCategoryId"].clone());
        merge_traits(fields, &template["traits"]);
    }
    fields.insert("projectStatusId".into(), status(world, "active"));
}

/// Completes a project, as people do in the app.
pub(super) fn complete(world: &mut World, id: Uuid) {
    let (today, status) = (moment::date(world.now()), status(world, "complete"));
    world.edit(Kind::Project, id, |fields, _| {
        fields.insert("actualCompletionDate".into(), today.into());
        fields.insert("projectStatusId".into(), status);
    });
}

/// The id of the oldest status of a type.
fn status(world: &World, kind: &str) -> Value {
    let statuses = world.table(Kind::ProjectStatus).list(None, Order::Created, None);
    let matching = statuses.filter(|record| record.fields()["type"] == kind);
    matching.last().map_or(Value::Null, |record| record.id.to_string().into())
}
