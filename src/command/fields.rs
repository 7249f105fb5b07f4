//! `fields OBJECT`.

use super::{Context, form, object};
use crate::catalogue::{Field, Kind};
use crate::cli::{Fields, Format};
use crate::error::Error;
use crate::{exit, show};
use serde_json::{Value, json};

/// Lists the fields of an object.
pub fn run(context: &Context, options: &Fields) -> Result<u8, Error> {
    let object = object::named(&options.object)?;
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let columns = ["field", "type", "may", "about"].map(String::from);
        let rows: Vec<Vec<Value>> = object
            .fields
            .iter()
            .map(|field| {
                vec![field.name.into(), kind(field.kind).into(), access(field).into(), field.doc.into()]
            })
            .collect();
        context.console.line(&format!("{}: {}\n", object.name, object.doc));
        context.console.line(&show::table(&columns, &rows, context.console.width()));
        return Ok(exit::DONE);
    }
    let fields = object.fields.iter().map(|field| {
        json!({
            "field": field.name,
            "type": kind(field.kind),
            "read": field.access.read,
            "create": field.access.create,
            "update": field.access.update,
            "null": field.access.null,
            "about": field.doc,
        })
    });
    form::write(&context.console, &fields.collect(), None, format);
    Ok(exit::DONE)
}

/// When a field may be used.
fn access(field: &Field) -> String {
    let access = field.access;
    let words = [(access.read, "read"), (access.create, "create"), (access.update, "update")];
    words.iter().filter(|(may, _)| *may).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// The type of a field in a word or two.
pub fn kind(kind: Kind) -> String {
    let word = match kind {
        Kind::Id => "id",
        Kind::Text => "text",
        Kind::Html => "html text",
        Kind::Number => "number",
        Kind::Integer => "whole number",
        Kind::Boolean => "true/false",
        Kind::DateTime => "date and time",
        Kind::Date => "date",
        Kind::Traits => "traits",
        Kind::Texts => "list of text",
        Kind::Ids => "list of ids",
        Kind::Choice(words) => return words.join(" | "),
        Kind::One(name) => return name.replace('_', " "),
        Kind::Many(name) => return format!("list of {}", name.replace('_', " ")),
        Kind::Participant => "participant",
        Kind::Participants => "list of participants",
        Kind::Messages => "list of messages",
        Kind::Any => "any",
    };
    word.into()
}
