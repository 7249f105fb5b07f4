//! What a script says: `print` for results, `log` and its kin for remarks.

use super::super::cards::{card_of, table_of};
use super::super::host::{Host, Level};
use super::super::list::List;
use super::super::raise::{Raised, mistake};
use super::super::record::Record;
use super::super::value;
use super::super::words::described;
use super::secret::Secret;
use super::{Entry, entry};
use crate::show;
use rhai::{Array, Dynamic, Engine, Map};
use serde_json::Value;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "print",
        "print(value)",
        "Shows a result: a record as a card, a list of records as a table",
        "print(accounts().take(3));",
    ),
    entry(
        "table",
        "table(items, [columns])",
        "Shows a list as a table, with the columns you name",
        "table(accounts().take(3), [\"name\", \"mrr\", \"traits.plan\"]);",
    ),
    entry("log", "log(text)", "A remark, which does not mix with results", "log(\"half way\");"),
    entry("info", "info(text)", "The same as log", "info(\"half way\");"),
    entry("warn", "warn(text)", "A remark that something should be looked at", "warn(\"no owner\");"),
    entry(
        "error",
        "error(text)",
        "A remark that something went wrong; the script goes on",
        "error(\"no owner\");",
    ),
    entry("debug", "debug(value)", "A remark that is only seen with -v", "debug(today());"),
];

/// How many rows a terminal gets to see; a pipe gets all of them.
const ROWS: usize = 20;

/// Registers the functions. Rhai hands what `print` and `debug` answer to the engine's own printer.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let output = Rc::clone(&host.output);
    engine.on_print(move |text| output.print(text));
    let output = Rc::clone(&host.output);
    engine.on_debug(move |text, _, _| output.log(Level::Debug, text));
    let output = Rc::clone(&host.output);
    let shown = move |value: &Dynamic| text_of(value, output.width());
    let (list, map) = (shown.clone(), shown.clone());
    engine.register_fn("print", move |value: Dynamic| shown(&value));
    // Rhai has a `print` of its own for these, which comes first unless ours is as exact.
    engine.register_fn("print", move |value: Array| list(&value.into()));
    engine.register_fn("print", move |value: Map| map(&value.into()));
    engine.register_fn("print", String::new);
    engine.register_fn("debug", |value: Dynamic| text_of(&value, None));
    for (name, level) in
        [("log", Level::Info), ("info", Level::Info), ("warn", Level::Warning), ("error", Level::Error)]
    {
        let output = Rc::clone(&host.output);
        let say = move |value: &Dynamic| text_of(value, None).map(|text| output.log(level, &text));
        let number = say.clone();
        engine.register_fn(name, move |value: Dynamic| say(&value));
        // Rhai has a `log` of its own for numbers with a point.
        engine.register_fn(name, move |value: f64| number(&value.into()));
    }
    let output = Rc::clone(&host.output);
    engine.register_fn("table", move |items: Dynamic| -> Result<(), Raised> {
        output.print(&text_of(&Dynamic::from(items_of(&items)?), output.width())?);
        Ok(())
    });
    let output = Rc::clone(&host.output);
    engine.register_fn("table", move |items: Dynamic, columns: Array| -> Result<(), Raised> {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        let rows = items_of(&items)?.iter().map(|item| row(item, &columns)).collect::<Result<Vec<_>, _>>()?;
        output.print(&show::table(&columns, &rows, output.width()));
        Ok(())
    });
}

/// A value as people see it.
pub fn text_of(value: &Dynamic, width: Option<usize>) -> Result<String, Raised> {
    if let Some(record) = value.read_lock::<Record>() {
        return Ok(card_of(&record, width));
    }
    if let Some(list) = value.read_lock::<List>() {
        let most = if width.is_some() { ROWS + 1 } else { usize::MAX };
        let mut items = list.items().take(most).collect::<Result<Array, _>>()?;
        let more = items.len() > ROWS && width.is_some();
        items.truncate(if more { ROWS } else { usize::MAX });
        let text = text_of(&items.into(), width)?;
        let note = "… and more: `.take(50)` shows more, `vitally-script export` writes all";
        return Ok(if more { format!("{text}\n{note}") } else { text });
    }
    if let Some(items) = value.read_lock::<Array>() {
        let shown = if width.is_some() { items.len().min(ROWS) } else { items.len() };
        if let Some(text) = table_of(&items[..shown], width) {
            let left = items.len() - shown;
            return Ok(if left > 0 { format!("{text}\n… {left} more") } else { text });
        }
    }
    if value.is_map()
        && let Ok(Value::Object(fields)) = value::to_json(value)
    {
        let fields: Vec<(String, Value)> =
            fields.into_iter().map(|(name, value)| (name, show::brief(value))).collect();
        return Ok(show::card("", &fields, width));
    }
    Ok(if value.is_string() { value.to_string() } else { inside(value) })
}

/// A value as it stands in an array: texts in quotes, days and times as they print.
fn inside(value: &Dynamic) -> String {
    if value.is_unit() {
        return "()".into();
    }
    if let Some(secret) = value.read_lock::<Secret>() {
        return format!("{:?}", *secret);
    }
    if let Some(items) = value.read_lock::<Array>() {
        return format!("[{}]", items.iter().map(inside).collect::<Vec<_>>().join(", "));
    }
    if let Some(map) = value.read_lock::<Map>() {
        let entry = |(key, value): (&rhai::Identifier, &Dynamic)| format!("{key:?}: {}", inside(value));
        return format!("#{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "));
    }
    match value::plain(value) {
        Some(Value::String(text)) => text,
        Some(plain) => plain.to_string(),
        None if value.is_string() => format!("{value:?}"),
        None => value.to_string(),
    }
}

fn items_of(items: &Dynamic) -> Result<Array, Raised> {
    if let Some(list) = items.read_lock::<List>() {
        return list.items().collect();
    }
    items.read_lock::<Array>().map(|items| items.clone()).ok_or_else(|| {
        mistake(
            format!("table needs a list, and got {}", described(items)),
            "such as table(accounts().take(10))",
        )
    })
}

/// The cells of one item; a column may lead into nested maps, such as `traits.plan`.
fn row(item: &Dynamic, columns: &[String]) -> Result<Vec<Value>, Raised> {
    let json = value::to_json(item)?;
    Ok(columns.iter().map(|column| show::brief_cell(show::pick(&json, column).clone())).collect())
}
