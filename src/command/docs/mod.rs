//! `docs [NAME]`: what the catalogue knows, for people and for programs.

mod data;
mod export;
mod page;

use super::{Context, form};
use crate::catalogue::{self, Action, List, Object, Trigger};
use crate::cli::{Docs, Format};
use crate::error::Error;
use crate::exit;
use crate::script::words::did_you_mean;
use crate::script::{library, testing};
use serde_json::Value;

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
    /// A function that is not Vitally's.
    Function(&'static library::Entry),
}

impl Entry {
    /// The name of its page.
    pub fn name(self) -> &'static str {
        match self {
            Entry::Action(_, action) => action.name,
            Entry::List(_, list) => list.name,
            Entry::Trigger(_, trigger) => trigger.name,
            Entry::Object(object) => object.name,
            Entry::Function(function) => function.name,
        }
    }

    /// Everything that has a page: object by object, then the functions that are not Vitally's.
    pub fn all() -> Vec<Entry> {
        let mut all = Vec::new();
        for object in catalogue::OBJECTS.iter().copied() {
            all.push(Entry::Object(object));
            all.extend(object.lists.iter().map(|list| Entry::List(object, list)));
            all.extend(object.actions.iter().map(|action| Entry::Action(object, action)));
            all.extend(object.triggers.iter().map(|trigger| Entry::Trigger(object, trigger)));
        }
        all.extend(library::entries().chain(testing::ENTRIES).map(Entry::Function));
        all
    }
}

/// Explains one thing, or everything in short.
pub fn run(context: &Context, options: &Docs) -> Result<u8, Error> {
    if let Some(folder) = &options.export {
        return export::write(context, folder);
    }
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
    let typed = name.trim().trim_start_matches('.').trim_matches('"');
    let typed = typed.split('(').next().unwrap_or(typed);
    let plain = typed.to_lowercase();
    let of = |name: &str| entries.iter().filter(|entry| entry.name() == name).copied().collect::<Vec<_>>();
    let found = if of(typed).is_empty() { of(&plain) } else { of(typed) };
    if found.is_empty() {
        let near = did_you_mean(&plain, entries.iter().map(|entry| entry.name()));
        return Err(Error::usage(
            format!("there is nothing called \"{name}\"{near}"),
            "vitally-script docs lists everything",
        ));
    }
    if format == Format::Table {
        let width = context.console.width();
        let pages: Vec<String> = found.iter().map(|entry| page::entry(*entry, width)).collect();
        context.console.write(&pages.join("\n"));
    } else {
        // A name that several functions share, such as format, is an array of them.
        let mut pages: Vec<Value> = found.iter().map(|entry| data::entry(*entry)).collect();
        let page = if pages.len() == 1 { pages.remove(0) } else { Value::Array(pages) };
        form::write(&context.console, &page, None, format);
    }
    Ok(exit::DONE)
}
