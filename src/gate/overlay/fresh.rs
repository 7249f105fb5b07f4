//! A record that this run made: every documented field, and what Vitally fills in by itself.

use super::Overlay;
use super::table::Entry;
use crate::catalogue::{Kind, Object};
use crate::gate::change::Fields;
use serde_json::{Value, json};

impl Overlay {
    /// The record before anything that was sent is written into it.
    pub(super) fn fresh(&self, object: &Object, entry: &Entry, patch: &Fields) -> Fields {
        let fields = object.fields.iter().filter(|field| field.access.read);
        let mut record: Fields = fields.map(|field| (field.name.into(), empty(field.kind))).collect();
        let parent = || entry.parent.as_deref().into();
        record.insert("id".into(), entry.id.as_deref().into());
        match object.name {
            "project" => {
                record.insert("durationInDays".into(), 0.into());
                self.take_template(patch, &mut record);
            }
            "custom_object" => {
                record.insert("syncActive".into(), true.into());
            }
            "custom_object_instance" => {
                record.insert("customObjectId".into(), parent());
            }
            "message" => {
                record.insert("conversationId".into(), parent());
            }
            "account" | "organization" => {
                for count in object.fields.iter().filter(|field| field.name.ends_with("Count")) {
                    record.insert(count.name.into(), 0.into());
                }
            }
            _ => {}
        }
        record
    }

    /// A project takes what it was not given from its template, if this run has read that.
    fn take_template(&self, patch: &Fields, record: &mut Fields) {
        let id = patch.get("templateId").and_then(Value::as_str).unwrap_or_default();
        let Some(template) = self.learnt.whole("project_template", id) else { return };
        let name = if template["projectName"].is_string() { "projectName" } else { "name" };
        for (field, from) in
            [("name", name), ("projectCategoryId", "projectCategoryId"), ("traits", "traits")]
        {
            record.insert(field.into(), template[from].clone());
        }
    }
}

fn empty(kind: Kind) -> Value {
    match kind {
        Kind::Traits => json!({}),
        Kind::Boolean => json!(false),
        Kind::Texts | Kind::Ids | Kind::Many(_) | Kind::Participants | Kind::Messages => json!([]),
        _ => Value::Null,
    }
}
