//! `history OBJECT:ID`: everything this program ever did to one record.

use super::runs::line;
use super::{Context, changes, object};
use crate::cli::{Format, History};
use crate::error::Error;
use crate::exit;
use crate::store::{SqliteStore, Store as _};

/// The columns of the table.
const COLUMNS: &[&str] = &["at", "run", "field", "before", "after", "status", "where", "reason"];

/// Shows it, oldest first.
pub fn run(context: &Context, options: &History) -> Result<u8, Error> {
    let parts = options.record.split_once(':').filter(|(_, id)| !id.trim().is_empty());
    let Some((kind, id)) = parts else {
        return Err(Error::usage(
            format!("\"{}\" is not a record: it needs an object and an id", options.record),
            "such as account:acct-1, or account: and your own id",
        ));
    };
    let object = object::named(kind.trim())?;
    let store = SqliteStore::read(&context.settings(false)?.home.value)?;
    let kept = store.history(object.name, id.trim())?;
    let format = context.console.format_or(Format::Table);
    if kept.is_empty() && format == Format::Table {
        context.console.say(&format!(
            "nothing was ever done to {} {}",
            object.name.replace('_', " "),
            id.trim()
        ));
        return Ok(exit::DONE);
    }
    changes::write(&context.console, kept.iter().map(line), COLUMNS, format);
    Ok(exit::DONE)
}
