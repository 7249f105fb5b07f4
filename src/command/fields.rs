//! `fields OBJECT`.

use super::{Context, form, object};
use crate::catalogue::{Field, Kind};
use crate::cli::{Fields, Format};
use crate::error::Error;
use crate::{exit, show};
use serde_json::json;

/// What the letters of a field mean.
const MAY: &str = "R: you can read it   C: a create can set it   U: an update can set it";

/// Lists the fields of an object.
pub fn run(context: &Context, options: &Fields) -> Result<u8, Error> {
    let object = object::named(&options.object)?;
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let heads = ["field", "type", "may", "about"].map(String::from).to_vec();
        let rows = object
            .fields
            .iter()
            .map(|field| vec![field.name.into(), kind(field.kind), access(field), field.doc.into()]);
        let rows: Vec<Vec<String>> = [heads].into_iter().chain(rows).collect();
        let width = context.console.width();
        let title = show::hanging("", &format!("{}: {}", object.name, object.doc), width);
        context.console.line(&format!("{title}\n\n{}\n\n{MAY}", show::listing(&rows, 0, width)));
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

/// When a field may be used, in letters that stand under each other.
fn access(field: &Field) -> String {
    let access = field.access;
    let letters = [(access.read, 'R'), (access.create, 'C'), (access.update, 'U')];
    letters.iter().map(|(may, letter)| if *may { *letter } else { '-' }).collect()
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
