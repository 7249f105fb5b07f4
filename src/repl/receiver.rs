//! What stands before a dot, as far as can be told without running it.

use super::names::Names;
use crate::catalogue::{self, Answer};
use crate::script::dialogue::scan::{Kind, Piece};
use crate::script::dialogue::{Shape, Variable};

/// What stands before a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A record, a row or a map with these keys.
    Fields {
        /// Its keys.
        keys: Vec<String>,
        /// The keys of its traits.
        traits: Vec<String>,
    },
    /// The traits of a record.
    Traits(Vec<String>),
    /// A list; its items have these keys.
    Items {
        /// The keys.
        keys: Vec<String>,
        /// The keys of their traits.
        traits: Vec<String>,
    },
    /// A text.
    Text,
    /// Nobody knows.
    Unknown,
}

/// Verbs after which a list still is a list of the same items.
const KEEP: &[&str] =
    &["where", "filter", "take", "skip", "sort_by", "sorted", "reversed", "unique_by", "to_array"];
/// Verbs that give one of the items.
const PICK: &[&str] = &["find", "min_by", "max_by", "first", "last"];

/// What the code that ends here gives.
pub fn receiver(code: &[Piece], names: &Names) -> Receiver {
    let Some(last) = code.last() else { return Receiver::Unknown };
    match (last.kind, last.text) {
        (Kind::Text, _) => Receiver::Text,
        (Kind::Word, word) => match code {
            [before @ .., dot, _] if dot.text == "." => field(receiver(before, names), word),
            _ => names.variable(word).map_or(Receiver::Unknown, of_variable),
        },
        (_, "]") => match opening(code).map(|at| receiver(&code[..at], names)) {
            Some(Receiver::Items { keys, traits }) => Receiver::Fields { keys, traits },
            _ => Receiver::Unknown,
        },
        (_, ")") => {
            let Some(at) = opening(code) else { return Receiver::Unknown };
            match &code[..at] {
                [before @ .., dot, verb] if dot.text == "." => called(receiver(before, names), verb.text),
                [.., name] => of_call(name.text),
                [] => Receiver::Unknown,
            }
        }
        _ => Receiver::Unknown,
    }
}

/// Where the bracket was opened that is closed at the end.
fn opening(code: &[Piece]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, piece) in code.iter().enumerate().rev() {
        match piece.text {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn of_variable(variable: &Variable) -> Receiver {
    let (keys, traits) = (variable.keys.clone(), variable.traits.clone());
    match variable.shape {
        Shape::Fields => Receiver::Fields { keys, traits },
        Shape::Items => Receiver::Items { keys, traits },
        Shape::Text => Receiver::Text,
        Shape::Other => Receiver::Unknown,
    }
}

fn field(of: Receiver, name: &str) -> Receiver {
    match of {
        Receiver::Fields { traits, .. } if name == "traits" => Receiver::Traits(traits),
        _ => Receiver::Unknown,
    }
}

fn called(on: Receiver, verb: &str) -> Receiver {
    match on {
        Receiver::Items { keys, traits } if KEEP.contains(&verb) => Receiver::Items { keys, traits },
        Receiver::Items { keys, traits } if PICK.contains(&verb) => Receiver::Fields { keys, traits },
        _ => Receiver::Unknown,
    }
}

fn of_call(name: &str) -> Receiver {
    let keys =
        |object: &catalogue::Object| object.fields.iter().map(|field| field.name.to_string()).collect();
    let traits = Vec::new();
    if let Some((object, _)) = catalogue::lists().find(|(_, list)| list.name == name) {
        return Receiver::Items { keys: keys(object), traits };
    }
    match catalogue::actions().find(|(_, action)| action.name == name) {
        Some((object, action)) if action.answer == Answer::Record => {
            Receiver::Fields { keys: keys(object), traits }
        }
        Some((object, action)) if action.answer == Answer::Records => {
            Receiver::Items { keys: keys(object), traits }
        }
        _ => Receiver::Unknown,
    }
}
