//! What a script has declared before a place in it: variables with what they are as far as can be told, functions,
//! imports.

use crate::catalogue;
use crate::repl::names::Names;
use crate::repl::receiver::{Receiver, receiver};
use crate::script::dialogue::scan::{Kind, Piece};
use crate::script::dialogue::{Seen, Shape, Variable};

/// One import.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// What it names, without quotes.
    pub path: &'a str,
    /// What it is called in the script.
    pub alias: &'a str,
}

/// The names before the piece `end`; functions are known everywhere.
pub fn names(pieces: &[Piece], end: usize, profiles: &[String]) -> Names {
    let mut seen = Seen { functions: functions(pieces), ..Seen::default() };
    seen.modules = imports(pieces).iter().map(|import| import.alias.to_string()).collect();
    let mut names = Names::new(seen, profiles.to_vec());
    for at in 0..end.min(pieces.len()) {
        for (name, kind) in declared_at(pieces, at, &names) {
            names.seen.variables.retain(|known| known.name != name);
            names.seen.variables.insert(0, variable(name, kind));
        }
    }
    names
}

/// The imports of a script.
pub fn imports<'a>(pieces: &[Piece<'a>]) -> Vec<Import<'a>> {
    let of = |window: &[Piece<'a>]| match window {
        [import, path, with, alias]
            if import.text == "import" && with.text == "as" && path.kind == Kind::Text =>
        {
            Some(Import { path: path.text.trim_matches('"'), alias: alias.text })
        }
        _ => None,
    };
    pieces.windows(4).filter_map(of).collect()
}

/// The functions of a script with the names of their values.
pub fn functions(pieces: &[Piece]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (at, window) in pieces.windows(3).enumerate() {
        if window[0].text == "fn" && window[1].kind == Kind::Word && window[2].text == "(" {
            let values = pieces[at + 3..].iter().take_while(|piece| piece.text != ")");
            let values = values.filter(|piece| piece.kind == Kind::Word).map(|piece| piece.text.to_string());
            found.push((window[1].text.to_string(), values.collect()));
        }
    }
    found
}

/// What is declared by the piece at a place.
fn declared_at(pieces: &[Piece], at: usize, names: &Names) -> Vec<(String, Receiver)> {
    let word =
        |place: usize| pieces.get(place).filter(|piece| piece.kind == Kind::Word).map(|piece| piece.text);
    match pieces[at].text {
        "let" | "const" => {
            let Some(name) = word(at + 1) else { return Vec::new() };
            let kind = match pieces.get(at + 2) {
                Some(sign) if sign.text == "=" => receiver(expression(&pieces[at + 3..], &[";"]), names),
                _ => Receiver::Unknown,
            };
            vec![(name.into(), kind)]
        }
        "for" => {
            let Some(name) = word(at + 1).filter(|_| word(at + 2) == Some("in")) else { return Vec::new() };
            vec![(name.into(), item_of(receiver(expression(&pieces[at + 3..], &["{"]), names)))]
        }
        "fn" => {
            functions(&pieces[at..]).into_iter().take(1).flat_map(|(_, values)| values).map(unknown).collect()
        }
        "|" if opens_values(pieces, at) => {
            let values = pieces[at + 1..].iter().take_while(|piece| piece.text != "|");
            let values: Vec<&str> =
                values.filter(|piece| piece.kind == Kind::Word).map(|piece| piece.text).collect();
            let first = values.first().map(|name| (name.to_string(), handed(pieces, at, names)));
            first.into_iter().chain(values.iter().skip(1).map(|name| unknown(name.to_string()))).collect()
        }
        _ => Vec::new(),
    }
}

fn unknown(name: String) -> (String, Receiver) {
    (name, Receiver::Unknown)
}

/// Whether a bar begins the values of a function without a name: it stands where a value may.
fn opens_values(pieces: &[Piece], at: usize) -> bool {
    at > 0 && ["(", ",", "=", ":", "return"].contains(&pieces[at - 1].text)
}

/// What the function at a bar is handed first: a record by `on`, a row by `each`, an item by the verbs of lists.
fn handed(pieces: &[Piece], at: usize, names: &Names) -> Receiver {
    let mut depth = 0;
    let opened = pieces[..at].iter().rposition(|piece| match piece.text {
        ")" | "]" | "}" => {
            depth += 1;
            false
        }
        "(" | "[" | "{" if depth > 0 => {
            depth -= 1;
            false
        }
        sign => sign == "(",
    });
    let Some(opened) = opened.filter(|opened| *opened > 0) else { return Receiver::Unknown };
    let first = pieces.get(opened + 1).map(|piece| piece.text.trim_matches('"')).unwrap_or_default();
    match (pieces[opened - 1].text, pieces[..opened - 1].split_last()) {
        ("on", _) => catalogue::triggers().find(|(_, trigger)| trigger.name == first).map_or(
            Receiver::Unknown,
            |(object, _)| Receiver::Fields {
                keys: object.fields.iter().map(|field| field.name.to_string()).collect(),
                traits: Vec::new(),
            },
        ),
        ("each", _) => item_of(receiver(expression(&pieces[opened + 1..], &[","]), names)),
        (_, Some((dot, before))) if dot.text == "." => item_of(receiver(before, names)),
        _ => Receiver::Unknown,
    }
}

/// The pieces of a value, up to what ends it outside of brackets.
fn expression<'p, 'a>(pieces: &'p [Piece<'a>], ends: &[&str]) -> &'p [Piece<'a>] {
    let mut depth = 0_i32;
    let end = pieces.iter().position(|piece| {
        let over = depth == 0 && ends.contains(&piece.text);
        match piece.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        over || depth < 0
    });
    &pieces[..end.unwrap_or(pieces.len())]
}

fn item_of(list: Receiver) -> Receiver {
    match list {
        Receiver::Items { keys, traits } => Receiver::Fields { keys, traits },
        _ => Receiver::Unknown,
    }
}

fn variable(name: String, kind: Receiver) -> Variable {
    let (shape, keys, traits) = match kind {
        Receiver::Fields { keys, traits } => (Shape::Fields, keys, traits),
        Receiver::Items { keys, traits } => (Shape::Items, keys, traits),
        Receiver::Text => (Shape::Text, Vec::new(), Vec::new()),
        Receiver::Traits(_) | Receiver::Unknown => (Shape::Other, Vec::new(), Vec::new()),
    };
    let word = match shape {
        Shape::Fields => "a record or a row",
        Shape::Items => "a list",
        Shape::Text => "a text",
        Shape::Other => "your variable",
    };
    Variable { name, constant: false, kind: word.into(), shape, keys, traits }
}
