//! `docs [NAME]`: what the catalogue knows, for people and for programs.

mod data;
mod page;

use super::{Context, form};
use crate::catalogue::{self, Action, List, Object, Trigger};
use crate::cli::{Docs, Format};
use crate::error::Error;
use crate::exit;
use crate::script::words::did_you_mean;

/// Something that has a page.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A function that does one thing.
    Action(&'static Object, &'static Action),
    /// A function that answers a list.
    List(&'static Object, &'static List),
    /// Something a script can react to.
    Trigger(&'static Object, &'static Trigger),
    /// A kind of record.
    Object(&'static Object),
}

impl Entry {
    /// The name of its page.
    pub fn name(self) -> &'static str {
        match self {
            Entry::Action(_, action) => action.name,
            Entry::List(_, list) => list.name,
            Entry::Trigger(_, trigger) => trigger.name,
            Entry::Object(object) => object.name,
        }
    }

    /// Everything that has a page, object by object.
    pub fn all() -> Vec<Entry> {
        let mut all = Vec::new();
        for object in catalogue::OBJECTS.iter().copied() {
            all.push(Entry::Object(object));
            all.extend(object.lists.iter().map(|list| Entry::List(object, list)));
            all.extend(object.actions.iter().map(|action| Entry::Action(object, action)));
            all.extend(object.triggers.iter().map(|trigger| Entry::Trigger(object, trigger)));
        }
        all
    }
}

/// Explains one thing, or everything in short.
pub fn run(context: &Context, options: &Docs) -> Result<u8, Error> {
    let entries = Entry::all();
    let format = context.console.format_or(Format::Table);
    let Some(name) = &options.name else {
        if format == Format::Table {
            context.console.write(&page::overview(context.console.width()));
        } else {
            let all = entries.iter().map(|entry| data::entry(*entry)).collect();
            form::write(&context.console, &all, None, format);
        }
        return Ok(exit::DONE);
    };
    let plain = name.trim().trim_end_matches("()").to_lowercase();
    let Some(entry) = entries.iter().find(|entry| entry.name() == plain) else {
        let near = did_you_mean(&plain, entries.iter().map(|entry| entry.name()));
        return Err(Error::usage(
            format!("there is nothing called \"{name}\"{near}"),
            "vitally-script docs lists everything",
        ));
    };
    if format == Format::Table {
        context.console.write(&page::entry(*entry, context.console.width()));
    } else {
        form::write(&context.console, &data::entry(*entry), None, format);
    }
    Ok(exit::DONE)
}
