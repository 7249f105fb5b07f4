//! `triggers`.

use super::{Context, form};
use crate::catalogue;
use crate::cli::Format;
use crate::exit;
use serde_json::json;

/// Lists everything a script can react to.
pub fn run(context: &Context) -> u8 {
    let triggers = catalogue::triggers().map(
        |(object, trigger)| json!({ "trigger": trigger.name, "object": object.name, "about": trigger.doc }),
    );
    let format = context.console.format_or(Format::Table);
    form::write(&context.console, &triggers.collect(), None, format);
    exit::DONE
}
