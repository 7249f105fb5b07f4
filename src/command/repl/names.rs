//! The names of records that completion knows: kept in the store for each profile, filled from what is read anyway.

use super::super::Context;
use super::super::progress::grouped;
use super::super::session::Session;
use super::talk::Talk;
use crate::catalogue;
use crate::error::Error;
use crate::repl::records::Records;
use crate::show;
use crate::store::SqliteStore;
use serde_json::Value;
use std::thread::JoinHandle;

/// The lists that `:names refresh` reads.
const LISTS: &[&str] = &["organizations", "accounts", "users", "admins"];

/// The names of a tenant. Those of before are read while the person looks at the first prompt; a pipe needs none.
pub fn begin(session: &Session, context: &Context, is_person: bool) -> (Records, Option<JoinHandle<()>>) {
    let records = Records::default();
    if !is_person {
        return (records, None);
    }
    let (profile, origin) = (session.settings.profile.name.clone(), session.origin());
    let (noted, here) = (records.clone(), origin.clone());
    context.console.listen(move |origin, path, page| {
        if origin == here {
            noted.note(path, page);
        }
    });
    let (home, loaded) = (session.settings.home.value.clone(), records.clone());
    let loading = std::thread::spawn(move || {
        // Whoever cannot read the store is told so by what needs it.
        let names = SqliteStore::read(&home).and_then(|store| store.names(&profile, &origin));
        loaded.load(names.unwrap_or_default());
    });
    (records, Some(loading))
}

impl Talk {
    /// Puts new names into the store. While another process writes there they wait for the next input.
    pub(super) fn keep_names(&self) {
        let names = self.records.unsaved();
        if names.is_empty() {
            return;
        }
        let (profile, origin) = (&self.session.settings.profile.name, self.session.origin());
        let kept = self.session.shelf.names().and_then(|store| store.keep_names(profile, &origin, &names));
        if let Err(error) = kept {
            self.context.console.detail(&error.words().0);
            self.records.not_saved(names);
        }
    }

    /// What is known, or all of it anew, or nothing any more.
    pub(super) fn names(&mut self, word: &str) -> Result<(), Error> {
        if let Some(loading) = self.loading.take() {
            // A thread that panicked has told so.
            let _ = loading.join();
        }
        match word {
            "" => self.told_names(),
            "refresh" => {
                for list in LISTS {
                    let (number, code) =
                        (self.number, format!("let n = 0; for x in {list}() {{ n += 1; }} n"));
                    self.walked(move |dialogue| dialogue.look(number, &code))?;
                }
                self.told_names();
            }
            "forget" => {
                self.records.close();
                let store = self.session.shelf.names()?;
                store.forget_names(&self.session.settings.profile.name)?;
                drop(store);
                self.session.shelf.close();
                self.context.console.say("forgotten; no more are noted in this session");
            }
            _ => {
                return Err(Error::usage(
                    ":names takes nothing, refresh or forget",
                    ":names refresh reads accounts, organizations, users and admins",
                ));
            }
        }
        Ok(())
    }

    fn told_names(&self) {
        let console = &self.context.console;
        let counts = self.records.counts();
        if counts.is_empty() {
            return console
                .say("no names are known yet; they come with what is read, or all at once: :names refresh");
        }
        let columns = ["records", "names"].map(String::from);
        let plural = |object: &str| {
            let list = catalogue::object(object).and_then(|object| object.lists.first());
            list.map_or(object.to_string(), |list| list.name.replace('_', " "))
        };
        let row = |(object, count): (&str, usize)| vec![plural(object).into(), grouped(count as u64).into()];
        let rows: Vec<Vec<Value>> = counts.into_iter().map(row).collect();
        console.line(&show::table(&columns, &rows, console.width()));
    }
}
