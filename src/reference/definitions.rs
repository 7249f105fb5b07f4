//! The functions in the form that editors with a Rhai extension read, and that `lsp` leads to: `.d.rhai`.

use crate::catalogue::{self, Answer, Object};
use crate::script::library;
use std::fmt::Write as _;

/// Where the definitions lie in a folder for scripts.
pub const FILE: &str = "definitions/vitally.d.rhai";

/// Words of the language itself, which it does not let anybody define.
const BUILT_IN: &[&str] = &["print", "debug"];

/// One function of the definitions.
struct Definition {
    doc: String,
    example: &'static str,
    name: &'static str,
    /// What is given to it; the value before the dot comes first.
    values: String,
    answer: String,
}

/// All of them.
pub fn definitions() -> String {
    let mut text = String::from(
        "// Made by vitally-script from its own list of functions, for editors. Nothing here is run.\n\
         // vitally-script docs --export DIR writes it anew.\n\nmodule static;\n",
    );
    for object in catalogue::OBJECTS {
        let list = |list: &catalogue::List| Definition {
            doc: list.doc.into(),
            example: list.example,
            name: list.name,
            values: inside(&list.signature()),
            answer: "list".into(),
        };
        object.lists.iter().map(list).for_each(|one| one.write(&mut text));
        object.actions.iter().map(|action| of_action(object, action)).for_each(|one| one.write(&mut text));
    }
    for entry in library::entries() {
        // Constants such as job are no functions.
        if entry.signature.contains('(') && !BUILT_IN.contains(&entry.name) {
            of_entry(entry).write(&mut text);
        }
    }
    text
}

fn of_action(object: &Object, action: &'static catalogue::Action) -> Definition {
    let answer = match action.answer {
        Answer::Record => object.name.to_string(),
        Answer::Records => "Array".into(),
        Answer::True => "bool".into(),
        Answer::Json => "?".into(),
    };
    let doc = format!("{} ({})", action.doc, action.effect.word());
    Definition {
        doc,
        example: action.example,
        name: action.name,
        values: inside(&action.signature(object.name)),
        answer,
    }
}

fn of_entry(entry: &'static library::Entry) -> Definition {
    let values = inside(entry.signature);
    // What stands before a dot is the first value.
    let before = entry.signature.split('(').next().unwrap_or_default();
    let values = match before.rsplit_once('.') {
        Some((owner, _)) => {
            let owner = if owner.is_empty() { "value" } else { owner };
            format!("{owner}, {values}").trim_end_matches(", ").to_string()
        }
        None => values,
    };
    let name = before.rsplit('.').next().unwrap_or(entry.name);
    Definition { doc: entry.doc.into(), example: entry.example, name, values, answer: "?".into() }
}

impl Definition {
    /// Every way to call it, one after the other: values in brackets may be left out.
    fn write(&self, text: &mut String) {
        for values in ways(&self.values) {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n/// {}.\n///\n/// ```rhai\n", self.doc);
            for line in self.example.lines() {
                let _ = writeln!(text, "/// {line}");
            }
            let _ = writeln!(text, "/// ```\nfn {}({values}) -> {};", self.name, self.answer);
        }
    }
}

/// What stands between the brackets of a signature.
fn inside(signature: &str) -> String {
    let first = signature.split(" or ").next().unwrap_or(signature);
    let start = first.find('(').map_or(first.len(), |at| at + 1);
    let end = first.rfind(')').unwrap_or(first.len()).max(start);
    first[start..end].to_string()
}

/// The values of every way to call a function, each with its type.
fn ways(values: &str) -> Vec<String> {
    let mut ways = Vec::new();
    let parts = parts(values);
    let optional = parts.iter().filter(|part| part.starts_with('[')).count();
    for left_out in (0..=optional).rev() {
        let mut skipped = 0;
        let kept: Vec<String> = parts
            .iter()
            .rev()
            .filter(|part| {
                let skip = part.starts_with('[') && skipped < left_out;
                skipped += usize::from(skip);
                !skip
            })
            .map(|part| part.trim_matches(['[', ']']).to_string())
            .collect();
        let mut seen = Vec::new();
        let typed = kept.iter().rev().map(|part| typed(part, &mut seen)).collect::<Vec<_>>();
        ways.push(typed.join(", "));
    }
    ways
}

/// The values of a signature, at the commas that stand in no brackets.
fn parts(values: &str) -> Vec<String> {
    let (mut parts, mut depth, mut in_bars) = (vec![String::new()], 0_i32, false);
    for letter in values.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '|' => in_bars = !in_bars,
            _ => {}
        }
        if letter == ',' && depth == 0 && !in_bars {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.into_iter().map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect()
}

/// A value as a name with a type; no name is given twice.
fn typed(part: &str, seen: &mut Vec<String>) -> String {
    let (name, kind) = if part.starts_with("#{") {
        ("options".to_string(), "map")
    } else if part.starts_with('|') || part == "function" {
        ("function".to_string(), "Fn")
    } else if part.starts_with('"') {
        ("text".to_string(), "String")
    } else {
        let name: String = part.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        (name.trim_matches('_').to_string(), "?")
    };
    // A few names of values are words of the language.
    let reserved =
        ["default", "fn", "in", "new", "this", "type", "use", "var", "is", "to"].contains(&name.as_str());
    let mut own = if reserved || name.is_empty() { format!("{name}_value") } else { name };
    while seen.contains(&own) {
        own.push('2');
    }
    seen.push(own.clone());
    format!("{own}: {kind}")
}
