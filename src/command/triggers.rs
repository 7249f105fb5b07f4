//! `triggers`.

use super::{Context, form};
use crate::catalogue;
use crate::cli::Format;
use crate::{exit, show};
use serde_json::json;

/// Lists everything a script can react to.
pub fn run(context: &Context) -> u8 {
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let heads = ["trigger", "happens when"].map(String::from).to_vec();
        let rows = catalogue::triggers().map(|(_, trigger)| vec![trigger.name.into(), trigger.doc.into()]);
        let rows: Vec<Vec<String>> = [heads].into_iter().chain(rows).collect();
        context.console.line(&show::listing(&rows, 0, context.console.width()));
        return exit::DONE;
    }
    let triggers = catalogue::triggers().map(
        |(object, trigger)| json!({ "trigger": trigger.name, "object": object.name, "about": trigger.doc }),
    );
    form::write(&context.console, &triggers.collect(), None, format);
    exit::DONE
}
