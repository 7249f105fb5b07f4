//! Cards and small charts for the terminal.

use super::super::cards::card_of;
use super::super::host::Host;
use super::super::list::List;
use super::super::path::Path;
use super::super::raise::{Raised, mistake};
use super::super::record::Record;
use super::super::value;
use super::super::words::described;
use super::figures::grouped;
use super::{Entry, entry, say};
use crate::show::{self, Bar};
use rhai::{Array, Dynamic, Engine, Map};
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "card",
        "card(value, [fields])",
        "Shows a record or a map as a card, with the fields you name",
        "card(accounts().first(), [\"name\", \"mrr\", \"traits.plan\"]);",
    ),
    entry(
        "bar_chart",
        "bar_chart(map) or bar_chart(items, name, number)",
        "Shows numbers as bars: those of a map, the largest first, or two fields of each item, in their order",
        "bar_chart(tasks().count_by(\"assignedToId\"));\nbar_chart(accounts().top(5, \"mrr\"), \"name\", \"mrr\");",
    ),
    entry(
        "spark",
        "spark(numbers, [field])",
        "Numbers as a short line of blocks, to be printed or put into a text; () leaves a gap",
        "print(spark([3, 5, 2, 8, ()]));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let output = Rc::clone(&host.output);
    engine.register_fn("card", move |value: Dynamic| -> Result<(), Raised> {
        let card = match value.read_lock::<Record>() {
            Some(record) => card_of(&record, output.width()),
            None if value.is_map() => say::text_of(&value, output.width())?,
            None => return Err(no_card(&value)),
        };
        output.print(&card);
        Ok(())
    });
    let output = Rc::clone(&host.output);
    engine.register_fn("card", move |value: Dynamic, fields: Array| -> Result<(), Raised> {
        if !value.is::<Record>() && !value.is_map() {
            return Err(no_card(&value));
        }
        let json = value::to_json(&value)?;
        let field = |name: &Dynamic| {
            let name = name.to_string();
            let value = show::brief(show::pick(&json, &name).clone());
            (name, value)
        };
        let fields: Vec<_> = fields.iter().map(field).collect();
        output.print(&show::card("", &fields, output.width()));
        Ok(())
    });
    let output = Rc::clone(&host.output);
    engine.register_fn("bar_chart", move |map: Map| -> Result<(), Raised> {
        let mut bars = map.iter().map(|(name, value)| bar(name, value)).collect::<Result<Vec<_>, _>>()?;
        bars.sort_by(|one, two| two.number.total_cmp(&one.number));
        output.print(&show::bars(&bars, output.width()));
        Ok(())
    });
    let output = Rc::clone(&host.output);
    engine.register_fn("bar_chart", move |items: Dynamic, name: &str, number: &str| -> Result<(), Raised> {
        let (name, number) = (Path::new(name), Path::new(number));
        let one =
            |item: &Dynamic| bar(&show::cell(&value::to_json(&name.value(item)?)?), &number.value(item)?);
        let bars = items_of(&items, "bar_chart")?.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        output.print(&show::bars(&bars, output.width()));
        Ok(())
    });
    engine.register_fn("spark", |numbers: Dynamic| -> Result<String, Raised> {
        let numbers = items_of(&numbers, "spark")?;
        Ok(show::spark(&numbers.iter().map(|value| number(value, "spark")).collect::<Result<Vec<_>, _>>()?))
    });
    engine.register_fn("spark", |items: Dynamic, field: &str| -> Result<String, Raised> {
        let field = Path::new(field);
        let one = |item: &Dynamic| number(&field.value(item)?, "spark");
        Ok(show::spark(&items_of(&items, "spark")?.iter().map(one).collect::<Result<Vec<_>, _>>()?))
    });
}

fn no_card(value: &Dynamic) -> Raised {
    mistake(
        format!("card needs a record or a map, and got {}", described(value)),
        "a list is shown by table(…); one item of it by card(list.first())",
    )
}

fn bar(name: &str, value: &Dynamic) -> Result<Bar, Raised> {
    let number = number(value, "bar_chart")?.unwrap_or(0.0);
    let digits = if value.is_int() { 0 } else { 2 };
    let written = if value.is_unit() { "–".into() } else { grouped(number, digits) };
    Ok(Bar { name: name.to_string(), written, number })
}

fn items_of(items: &Dynamic, function: &str) -> Result<Array, Raised> {
    if let Some(list) = items.read_lock::<List>() {
        return list.items().collect();
    }
    items.read_lock::<Array>().map(|items| items.clone()).ok_or_else(|| {
        mistake(
            format!("{function} needs a list, and got {}", described(items)),
            format!("see `vitally-script docs {function}`"),
        )
    })
}

fn number(value: &Dynamic, function: &str) -> Result<Option<f64>, Raised> {
    if value.is_unit() {
        return Ok(None);
    }
    value.as_float().or(value.as_int().map(|whole| whole as f64)).map(Some).map_err(|_| {
        mistake(
            format!("{function} needs numbers, and got {}", described(value)),
            "use num(…) to turn text into a number",
        )
    })
}
