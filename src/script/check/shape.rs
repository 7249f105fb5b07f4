//! What is known of a value before anything runs: where it came from decides which fields it has.

use crate::catalogue::{self, Answer, Kind, Object, Thing};

/// What is known of a value. Where a value may also be empty, `()`, that is left open.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Nothing is known.
    Unknown,
    /// Empty: `()`, or no value at all.
    Empty,
    /// A record of this kind.
    Record(&'static Object),
    /// What `ensure_…` answers: a record that also says whether it was `created`.
    Ensured(&'static Object),
    /// A list or array of records of this kind.
    Records(&'static Object),
    /// The traits of a record.
    Traits,
    /// One trait: text, a number, true or false, or a list of texts.
    Trait,
    /// The rows of a file; whether all their cells are text.
    Table(bool),
    /// One row of a file.
    Row(bool),
    /// The text in a cell of a file.
    Cell,
    /// Text.
    Text,
    /// A day or a time as Vitally sends it, which is text.
    Day,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// An array.
    Array,
}

impl Shape {
    /// A word that is the same for the same shape, for remembering what was looked at.
    pub fn word(self) -> String {
        match self {
            Shape::Record(object) => format!("a {}", object.name),
            Shape::Ensured(object) => format!("ensured {}", object.name),
            Shape::Records(object) => format!("many {}", object.name),
            Shape::Table(texts) => format!("table {texts}"),
            Shape::Row(texts) => format!("row {texts}"),
            Shape::Unknown => "?".into(),
            Shape::Empty => "()".into(),
            Shape::Traits => "traits".into(),
            Shape::Trait => "trait".into(),
            Shape::Cell => "cell".into(),
            Shape::Text => "text".into(),
            Shape::Day => "day".into(),
            Shape::Integer => "integer".into(),
            Shape::Number => "number".into(),
            Shape::Array => "array".into(),
        }
    }

    /// What is known of a value that is one or the other; an empty one says nothing.
    pub fn or(self, other: Shape) -> Shape {
        match (self, other) {
            (Shape::Empty, other) => other,
            (one, Shape::Empty) => one,
            (one, other) if one.word() == other.word() => one,
            _ => Shape::Unknown,
        }
    }

    /// What the items of a list of it are.
    pub fn item(self) -> Shape {
        match self {
            Shape::Records(object) | Shape::Record(object) => Shape::Record(object),
            Shape::Table(texts) => Shape::Row(texts),
            _ => Shape::Unknown,
        }
    }

    /// Whether comparing it with a number is a mistake.
    pub fn is_text(self) -> bool {
        matches!(self, Shape::Text | Shape::Cell | Shape::Day)
    }

    /// Whether comparing it with a text is a mistake.
    pub fn is_number(self) -> bool {
        matches!(self, Shape::Integer | Shape::Number)
    }

    /// Whether assigning to what is inside it is a mistake: it is a record or a row of a file.
    pub fn is_fixed(self) -> bool {
        matches!(self, Shape::Record(_) | Shape::Ensured(_) | Shape::Row(_))
    }

    /// The kind of record.
    pub fn object(self) -> Option<&'static Object> {
        match self {
            Shape::Record(object) | Shape::Ensured(object) => Some(object),
            _ => None,
        }
    }

    /// A documented field of it.
    pub fn field(self, name: &str) -> Shape {
        match self {
            Shape::Ensured(_) if name == "created" => Shape::Unknown,
            Shape::Record(object) | Shape::Ensured(object) => {
                object.field(name).map_or(Shape::Unknown, |field| of_kind(field.kind))
            }
            Shape::Traits => Shape::Trait,
            Shape::Row(true) => Shape::Cell,
            _ => Shape::Unknown,
        }
    }
}

fn of_kind(kind: Kind) -> Shape {
    match kind {
        Kind::Id | Kind::Text | Kind::Html | Kind::Choice(_) => Shape::Text,
        Kind::DateTime | Kind::Date => Shape::Day,
        Kind::Number => Shape::Number,
        Kind::Integer => Shape::Integer,
        Kind::Traits => Shape::Traits,
        Kind::Texts | Kind::Ids => Shape::Array,
        Kind::One(name) => catalogue::object(name).map_or(Shape::Unknown, Shape::Record),
        Kind::Many(name) => catalogue::object(name).map_or(Shape::Unknown, Shape::Records),
        Kind::Boolean | Kind::Participant | Kind::Participants | Kind::Messages | Kind::Any => Shape::Unknown,
    }
}

/// Functions that give text, and that give a whole number, whatever they get.
const TEXTS: &[&str] = &["format", "join", "trim", "to_upper", "to_lower", "title_case", "to_json", "plural"];
const COUNTS: &[&str] = &["len", "count", "days_until", "days_between"];

/// What a function answers, given the shapes of its values (with the one before the dot).
pub fn answer(name: &str, values: &[Shape]) -> Shape {
    if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
        // An array of ids gives an array of records.
        let several = || values.iter().any(|value| matches!(value, Shape::Array | Shape::Records(_)));
        return match action.answer {
            Answer::Record if action.thing != Thing::None && several() => Shape::Records(object),
            Answer::Record => Shape::Record(object),
            Answer::Records => Shape::Records(object),
            Answer::True | Answer::Json => Shape::Unknown,
        };
    }
    if let Some((object, _)) = catalogue::lists().find(|(_, list)| list.name == name) {
        return Shape::Records(object);
    }
    if let Some((verb, kind)) = name.split_once('_')
        && let Some(object) = catalogue::OBJECTS.iter().find(|object| object.name == kind)
    {
        match verb {
            "ensure" => return Shape::Ensured(object),
            "find" | "upsert" => return Shape::Record(object),
            _ => {}
        }
    }
    match name {
        "read_csv" => Shape::Table(values.len() == 1),
        "read_xlsx" => Shape::Table(false),
        "num" | "percent" => Shape::Number,
        "arg" => match values.get(1) {
            Some(Shape::Integer) => Shape::Number,
            Some(default) => *default,
            None => Shape::Text,
        },
        _ if TEXTS.contains(&name) => Shape::Text,
        _ if COUNTS.contains(&name) => Shape::Integer,
        _ => Shape::Unknown,
    }
}

/// What a method of a list answers, where it is one of its items or some of them.
pub fn picked(list: Shape, method: &str, values: usize) -> Option<Shape> {
    if !matches!(list, Shape::Records(_) | Shape::Table(_)) {
        return None;
    }
    match method {
        "first" | "last" if values == 0 => Some(list.item()),
        "find" | "min_by" | "max_by" => Some(list.item()),
        "where" | "filter" | "take" | "skip" | "first" | "last" | "to_array" | "unique" | "unique_by"
        | "sort_by" | "sorted" | "sort" | "sort_desc" | "top" | "bottom" | "reversed" => Some(list),
        _ => None,
    }
}
