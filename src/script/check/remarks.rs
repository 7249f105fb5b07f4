//! What the shapes of values give away: fields that there are not, results that are lost, what cannot be compared.

use super::program::Facts;
use super::shape::Shape;
use super::values::Link;
use crate::script::diagnose::Trouble;
use crate::script::record;
use crate::script::thing::with_article;
use crate::script::words::did_you_mean;
use rhai::{Expr, FnCallExpr, Position};

type Found = Option<(Trouble, Position)>;

/// A field that no record of its kind has, or a trait whose key has dots in it.
pub fn field(value: Shape, name: &str, position: Position, rest: &[Link], facts: &Facts) -> Found {
    if let Shape::Traits = value {
        let mut key = name.to_string();
        for link in rest {
            match link.item {
                Expr::Property(names, _) if !link.index && names.2 != "len" => {
                    key = format!("{key}.{}", names.2);
                }
                _ => break,
            }
        }
        let trouble = Trouble::new(
            format!("a trait has no fields of its own: .{name} is a whole trait"),
            format!("if the trait is called {key}, write .traits[\"{key}\"]"),
        );
        return (key != name).then(|| (trouble.coded("V025"), position));
    }
    let object = value.object()?;
    let known = object.field(name).is_some() || matches!((value, name), (Shape::Ensured(_), "created"));
    if known || facts.mentioned.contains(name) || matches!(name, "len" | "is_empty") {
        return None;
    }
    let near = did_you_mean(name, object.fields.iter().map(|field| field.name));
    let traits = if object.field("traits").is_some() { "; your own fields are in .traits" } else { "" };
    let help = format!("`vitally-script fields {}` lists its fields{traits}", object.name);
    let trouble = Trouble::new(format!("{} has no field \"{name}\"{near}", with_article(object.name)), help);
    Some((trouble.coded("V024"), position))
}

/// Methods of lists whose first value may name a field.
const BY_FIELD: &[&str] = &[
    "where",
    "filter",
    "map",
    "pluck",
    "find",
    "any",
    "some",
    "all",
    "none",
    "count",
    "group_by",
    "count_by",
    "sum_by",
    "index_by",
    "unique_by",
    "sum",
    "avg",
    "median",
    "min",
    "max",
    "min_by",
    "max_by",
    "sort_by",
    "top",
    "bottom",
    "lookup",
    "pivot",
];

/// A field named by a text, as in `sort_by("mrr")`, that no record of the list has; only where another one is near.
pub fn named(list: Shape, call: &FnCallExpr, method: bool) -> Vec<(Trouble, Position)> {
    let Shape::Records(object) = list else { return Vec::new() };
    if !BY_FIELD.contains(&call.name.as_str()) {
        return Vec::new();
    }
    let names = match call.args.get(usize::from(!method)) {
        Some(Expr::StringConstant(name, position)) => vec![(name.as_str(), *position)],
        Some(Expr::Map(map, _)) => map.0.iter().map(|(key, _)| (key.name.as_str(), key.pos)).collect(),
        _ => Vec::new(),
    };
    let unknown = names.into_iter().filter(|(name, _)| !name.contains('.') && object.field(name).is_none());
    unknown
        .filter_map(|(name, position)| {
            let near = did_you_mean(name, object.fields.iter().map(|field| field.name));
            let help = format!("`vitally-script fields {}` lists its fields", object.name);
            let message = format!("{} has no field \"{name}\"{near}", with_article(object.name));
            (!near.is_empty()).then(|| (Trouble::new(message, help).coded("V024"), position))
        })
        .collect()
}

/// Storing something in a record.
pub fn assigned(inside: Shape, item: &Expr) -> Found {
    let (name, position) = match item {
        Expr::Property(names, position) => (names.2.as_str(), *position),
        Expr::StringConstant(name, position) => (name.as_str(), *position),
        _ => return None,
    };
    if !inside.is_fixed() {
        return None;
    }
    let (message, help) = record::assigning(inside.object(), name);
    Some((Trouble::new(message, help).coded("V045"), position))
}

/// Storing something in the copy that a loop works on.
pub fn lost(variable: &str, field: &str) -> Trouble {
    Trouble::new(
        format!("{variable} is a copy that ends with the loop, so setting \"{field}\" changes nothing"),
        format!("use the copy later in the loop, or make a new list: rows.map(|{variable}| with_field({variable}, \"{field}\", …))"),
    )
    .coded("V045")
}

/// Methods that change the list before the dot and give nothing.
const IN_PLACE: &[(&str, &str)] = &[
    ("push", "list + [item]"),
    ("append", "list + other"),
    ("insert", "list.insert(place, item); on a line of its own"),
    ("truncate", ".take(count)"),
    ("chop", ".last(count)"),
    ("dedup", ".unique()"),
    ("reverse", ".reversed()"),
];

/// Methods that leave what stands before the dot as it is and give something new.
const PURE: &[&str] = &[
    "trim",
    "replace",
    "to_upper",
    "to_lower",
    "title_case",
    "sorted",
    "sort_by",
    "reversed",
    "unique",
    "where",
    "filter",
    "take",
    "skip",
    "plus",
    "minus",
    "split",
    "pluck",
    "with_field",
];

/// The last call of a chain of dots.
fn last_call(value: &Expr) -> Option<(&str, Position)> {
    match value {
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => last_call(&parts.rhs),
        Expr::MethodCall(call, position) => Some((call.name.as_str(), *position)),
        _ => None,
    }
}

/// `let x = list.push(1)`: what changes its list gives nothing.
pub fn keeps_nothing(value: &Expr) -> Found {
    let (name, position) = last_call(value)?;
    let (_, instead) = IN_PLACE.iter().find(|(known, _)| *known == name)?;
    let trouble = Trouble::new(
        format!("{name} changes the list itself and gives nothing, so nothing is kept here"),
        format!("write it on a line of its own, or keep {instead}"),
    );
    Some((trouble.coded("V040"), position))
}

/// `text.trim();`: what gives something new does nothing by itself.
pub fn thrown_away(value: &Expr) -> Found {
    let (name, position) = last_call(value)?;
    let trouble = Trouble::new(
        format!("{name} gives a new value and leaves the old one as it is, and nobody keeps the new one"),
        format!("keep it: let changed = ….{name}(…);"),
    );
    PURE.contains(&name).then(|| (trouble.coded("V041"), position))
}

/// What an operator does that is not meant.
pub fn operator(call: &FnCallExpr, values: &[Shape], position: Position) -> Found {
    let (sign, [one, two]) = (call.name.as_str(), values) else { return None };
    match sign {
        "*" => call.args.iter().zip(values).find_map(|(value, shape)| whole_division(value, *shape)),
        "+" if two.is_number() && matches!(one, Shape::Cell | Shape::Day) => {
            let trouble = match one {
                Shape::Day => Trouble::new(
                    "a number is joined to the text of a day here: 2026-12-01 and 30 become 2026-12-0130",
                    "write date(day).plus(\"30d\")",
                ),
                _ => Trouble::new(
                    "a number is joined to the text of a cell here: 10 and 1 become 101",
                    "write num(row.column) to calculate with it",
                ),
            };
            Some((trouble.coded("V044"), position))
        }
        "<" | ">" | "<=" | ">=" | "==" | "!=" => {
            let text = if one.is_text() && two.is_number() {
                one
            } else if two.is_text() && one.is_number() {
                two
            } else {
                return None;
            };
            let trouble = match text {
                Shape::Cell => Trouble::new(
                    "every cell of a file is text, and text cannot be compared with a number",
                    "write num(row.column), or read the file with types: #{ column: \"number\" }",
                ),
                _ => Trouble::new(
                    "a text is compared with a number here",
                    "write num(…) around the text, or the number in double quotes",
                ),
            };
            Some((trouble.coded("V043"), position))
        }
        _ => None,
    }
}

/// A division of whole numbers that is multiplied afterwards.
fn whole_division(value: &Expr, shape: Shape) -> Found {
    let Expr::FnCall(call, position) = value else { return None };
    let divides = call.op_token.is_some() && call.name == "/" && matches!(shape, Shape::Integer);
    let trouble = Trouble::new(
        "dividing whole numbers drops what is left over, before this is multiplied: 1 / 3 is 0",
        "write percent(part, whole), or multiply first",
    );
    divides.then(|| (trouble.coded("V042"), *position))
}
