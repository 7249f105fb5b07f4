//! Days, lengths of time, zones and the signs of dates that stand in a call and mean nothing: `today().plus("2 wekes")`.

use super::Call;
use crate::script::library::{date, moment, span};
use crate::script::raise::Raised;
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use rhai::{Expr, Position};

/// What the functions would say when they are run, and where the text stands.
pub fn wrong(call: &Call) -> Vec<(Raised, Position)> {
    let name = call.written.name.as_str();
    if !call.is_plain() {
        return Vec::new();
    }
    let texts: Vec<(&str, Position)> = call.written.args.iter().filter_map(text).collect();
    let given = call.written.args.len();
    match (name, call.method, given, texts.as_slice()) {
        ("date", false, 2, [(day, at), (order, place)]) if !day.trim().is_empty() => {
            let at = if date::is_order(order) { at } else { place };
            date::ordered(day, order).err().map(|error| (error, *at)).into_iter().collect()
        }
        ("date" | "days_until", false, 1, _) | ("days_between", false, 2, _) => {
            each(&texts, |text| date::of(&text.into(), &TimeZone::UTC, name).err())
        }
        ("moment", false, 1, _) => each(&texts, |text| moment::of(&text.into(), &TimeZone::UTC).err()),
        ("plus" | "minus", true, 1, _) => each(&texts, |text| span::parse(text).err()),
        ("start_of" | "end_of", true, 1, _) => each(&texts, |text| date::bounds(a_day(), text).err()),
        ("format", true, 1, _) => each(&texts, |text| pattern(text).err()),
        ("in_zone", true, 1, _) => each(&texts, |text| moment::zone(text).err()),
        _ => Vec::new(),
    }
}

fn text(value: &Expr) -> Option<(&str, Position)> {
    let Expr::StringConstant(text, position) = value else { return None };
    Some((text.as_str(), *position))
}

fn each(texts: &[(&str, Position)], problem: impl Fn(&str) -> Option<Raised>) -> Vec<(Raised, Position)> {
    texts.iter().filter_map(|(text, position)| Some((problem(text)?, *position))).collect()
}

/// A pattern that suits neither a day nor a time. One that needs a time may be asked of a time.
fn pattern(pattern: &str) -> Result<String, Raised> {
    let moment = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
    date::formatted(strtime::format(pattern, &moment), pattern)
}

/// Any day: which one changes nothing about the names of what it lies in.
fn a_day() -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1)
}
