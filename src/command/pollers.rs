//! `pollers`: how far every list was walked, and how well.

use super::{Context, form};
use crate::cli::Format;
use crate::error::Error;
use crate::hooks::Rules;
use crate::store::SqliteStore;
use crate::store::hooks::{HookStore, PollerRow};
use crate::{exit, show};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Shows every poller.
pub fn run(context: &Context) -> Result<u8, Error> {
    let store = SqliteStore::read(&context.settings(false)?.home.value)?;
    let rows = store.pollers()?;
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let all: Value = rows.iter().map(as_json).collect();
        form::write(&context.console, &all, None, format);
        return Ok(exit::DONE);
    }
    if rows.is_empty() {
        context.console.say("nobody has listened yet; `vitally-script run` does, if the script has hooks");
        return Ok(exit::DONE);
    }
    let columns =
        ["profile", "object", "list", "watermark", "overlap", "last_sweep", "lag", "late", "requests"];
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    let cells = |row: &PollerRow| -> Vec<Value> {
        vec![
            row.profile.clone().into(),
            row.object.clone().into(),
            row.variant.clone().into(),
            minute(row.watermark).into(),
            format!("{} s", overlap(row)).into(),
            minute(row.last_sweep).into(),
            lag(row).map(|lag| format!("{lag} s")).into(),
            row.late_arrivals.into(),
            row.requests.into(),
        ]
    };
    let cells: Vec<Vec<Value>> = rows.iter().map(cells).collect();
    context.console.line(&show::table(&columns, &cells, context.console.width()));
    for row in &rows {
        if let (Some(trouble), Some(since)) = (&row.trouble, row.failing_since) {
            let since = since.strftime("%Y-%m-%d %H:%M UTC");
            context.console.say(&format!("{} {}: {trouble} (since {since})", row.object, row.variant));
        }
    }
    Ok(exit::DONE)
}

fn as_json(row: &PollerRow) -> Value {
    json!({
        "profile": row.profile,
        "object": row.object,
        "list": row.variant,
        "watermark": row.watermark.map(|at| at.to_string()),
        "overlap": overlap(row),
        "last_sweep": row.last_sweep.map(|at| at.to_string()),
        "lag_seconds": lag(row),
        "late_arrivals": row.late_arrivals,
        "requests": row.requests,
        "trouble": row.trouble,
    })
}

/// How far below the watermark walks go, in seconds.
fn overlap(row: &PollerRow) -> i64 {
    Rules::default().overlap_for(row.lateness).as_secs()
}

/// How long ago the list was walked last, in seconds.
fn lag(row: &PollerRow) -> Option<i64> {
    row.polled.map(|polled| Timestamp::now().duration_since(polled).as_secs().max(0))
}

fn minute(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}
