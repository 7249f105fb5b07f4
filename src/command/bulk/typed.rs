//! What was typed for a bulk run, as the journal keeps it, so that `resume` can go on.

use crate::cli::{Bulk, BulkVerb, DayOrder, Safety};
use crate::error::Error;
use crate::store::Run;
use clap::ValueEnum as _;
use std::collections::BTreeMap;

/// What was typed, as texts by name.
pub fn arguments(options: &Bulk) -> BTreeMap<String, String> {
    let file = std::path::absolute(&options.file).unwrap_or_else(|_| options.file.clone());
    let set: Vec<String> = options.set.iter().map(|(field, column)| format!("{field}={column}")).collect();
    let texts = [
        ("verb", Some(options.verb.word().to_string())),
        ("object", Some(options.object.clone())),
        ("file", Some(file.display().to_string())),
        ("match", options.key.clone()),
        ("set", lines(&set)),
        ("skip", lines(&options.skip)),
        ("sheet", options.sheet.clone()),
        ("dates", options.dates.map(|order| order.word().to_string())),
        ("decimal", Some(options.decimal.to_string())),
        ("parent", options.parent.clone()),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name.to_string(), text?))).collect()
}

/// The same again, within other bounds.
pub fn again(run: &Run, safety: Safety) -> Result<Bulk, Error> {
    let text = |name: &str| run.about.arguments[name].as_str().map(ToString::to_string);
    let list = |name: &str| -> Vec<String> {
        text(name).map(|text| text.lines().map(ToString::to_string).collect()).unwrap_or_default()
    };
    let verb = text("verb").and_then(|word| BulkVerb::from_str(&word, true).ok());
    let (Some(verb), Some(object), Some(file)) = (verb, text("object"), text("file")) else {
        return Err(Error::usage(
            format!("the journal does not say how run {} was started", run.id),
            "run bulk anew: updates that hold already are not sent again",
        ));
    };
    let pair = |line: String| line.split_once('=').map(|(field, column)| (field.into(), column.into()));
    Ok(Bulk {
        verb,
        object,
        file: file.into(),
        key: text("match"),
        set: list("set").into_iter().filter_map(pair).collect(),
        skip: list("skip"),
        sheet: text("sheet"),
        dates: text("dates").and_then(|word| DayOrder::from_str(&word, true).ok()),
        decimal: text("decimal").and_then(|sign| sign.chars().next()).unwrap_or('.'),
        parent: text("parent"),
        safety,
    })
}

fn lines(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join("\n"))
}
