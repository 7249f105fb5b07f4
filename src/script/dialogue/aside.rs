//! Code that is looked at and let go: it is no input, declares nothing, and changes nothing in Vitally.

use super::super::library::files;
use super::super::record::Record;
use super::super::source::prepared;
use super::seen::{self, Variable};
use super::{Dialogue, Seen, Shown, shown};
use crate::catalogue::Object;
use crate::error::Error;
use rhai::Dynamic;
use serde_json::Value;

impl Dialogue {
    /// What code gives, in words and with its fields.
    pub fn kind(&mut self, number: usize, code: &str) -> Result<Variable, Error> {
        let value = self.aside(number, code)?;
        Ok(seen::variable("", false, &value))
    }

    /// The record that code gives: its kind and its fields.
    pub fn record(&mut self, number: usize, code: &str) -> Result<Option<(&'static Object, Value)>, Error> {
        let value = self.aside(number, code)?;
        let record = value.read_lock::<Record>();
        Ok(record.and_then(|record| Some((record.object()?, record.to_value()))))
    }

    /// Runs a script that a dialogue begins with. What it declares stays; its changes are refused.
    pub fn begin_with(&mut self, file: &str, text: &str) -> Result<Seen, Error> {
        self.host.next_run();
        self.host.only_look(true);
        let alone = self.ledger.add_from(Some(file), 0, &prepared(text));
        let result = self.evaluated(&alone);
        self.host.only_look(false);
        self.host.next_run();
        if matches!(result, Err(Error::Check(_))) {
            self.ledger.drop_last();
        }
        result.map(|_| self.seen())
    }

    /// What code gives, as it is shown; of a list the first items.
    pub fn look(&mut self, number: usize, code: &str) -> Result<Shown, Error> {
        let value = self.aside(number, code)?;
        let shown = shown::shown(&value, self.page).map_err(|error| self.ended(*error))?;
        Ok(shown.0)
    }

    /// Writes what code gives, or the last value, to a file whose ending says how; answers the number of rows.
    pub fn export(&mut self, number: usize, code: Option<&str>, path: &str) -> Result<i64, Error> {
        let value = match code {
            Some(code) => self.aside(number, code)?,
            None => self.scope.get(super::IT).cloned().unwrap_or(Dynamic::UNIT),
        };
        let host = self.host.clone();
        files::export(&host, path, &value).map_err(|error| self.ended(*error))
    }

    /// The value of code. What it declares is gone afterwards, and its changes are refused.
    fn aside(&mut self, number: usize, code: &str) -> Result<Dynamic, Error> {
        let (declared, functions) = (self.scope.len(), self.functions.clone());
        let hooks = self.hooks.list.borrow().len();
        self.host.only_look(true);
        let alone = self.ledger.add(number, &prepared(code));
        let value = self.evaluated(&alone);
        self.host.only_look(false);
        self.scope.rewind(declared);
        self.functions = functions;
        self.hooks.list.borrow_mut().truncate(hooks);
        self.ledger.drop_last();
        value
    }
}
