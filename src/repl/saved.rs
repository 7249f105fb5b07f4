//! A dialogue as a script: what went wrong and what only looked is left as a comment, and what the dialogue kept by
//! itself (`it`, `out[3]`) gets a name.

use super::secret::looks_secret;
use super::transcript::{Ended, Entered};
use crate::catalogue::{self, Effect};
use crate::script::dialogue::scan::{Kind, insertions, pieces};
use crate::script::dialogue::{Written, written};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Functions beside Vitally's that do something, so that a call is more than a look.
const DO: &[&str] =
    &["each", "print", "log", "assert", "write_csv", "write_xlsx", "write_json", "write_text"];

/// What one value of before is called in an input.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Use {
    /// Where it stands, in bytes.
    from: usize,
    to: usize,
    /// The number of the input that gave it; `None` if nobody can tell.
    number: Option<usize>,
}

/// The script of a dialogue. `chosen` are the numbers of the inputs to take; without them all are taken, and those
/// that only looked are left as comments. `about` are the words of its first line.
pub fn script(all: &[Entered], chosen: Option<&[usize]>, about: &str) -> String {
    let taken: Vec<&Entered> = all
        .iter()
        .filter(|entered| entered.number == 0 || chosen.is_none_or(|chosen| chosen.contains(&entered.number)))
        .collect();
    let looks: Vec<Written> = taken.iter().map(|entered| written(&entered.text)).collect();
    let uses: Vec<Vec<Use>> = taken.iter().map(|entered| uses(entered, all)).collect();
    let needed: BTreeSet<usize> = uses.iter().flatten().filter_map(|one| one.number).collect();
    let mut lines = vec![format!("//! {about}"), String::new()];
    let mut named = BTreeSet::new();
    for (at, entered) in taken.iter().enumerate() {
        let look = &looks[at];
        let lost = uses[at].iter().any(|used| used.number.is_none_or(|number| !named.contains(&number)));
        let again = look.only_functions
            && look
                .functions
                .iter()
                .all(|function| looks.iter().skip(at + 1).any(|later| later.functions.contains(function)));
        let text = renamed(&entered.text, &uses[at]);
        let reason = if looks_secret(&entered.text) {
            lines.push(format!("// [{}] left out: it looked like a secret", entered.number));
            continue;
        } else if entered.ended == Ended::Failed {
            Some("did not work")
        } else if again {
            Some("written anew below")
        } else if lost {
            Some("uses a value that only the session had")
        } else if chosen.is_none() && !needed.contains(&entered.number) && only_looks(entered, look) {
            Some("a look")
        } else {
            None
        };
        if let Some(reason) = reason {
            lines.push(format!("// [{}] {reason}:", entered.number));
            lines.extend(entered.text.lines().map(|line| format!("// {line}").trim_end().to_string()));
            continue;
        }
        if needed.contains(&entered.number) && look.is_expression {
            named.insert(entered.number);
            let value = text.trim().trim_end_matches(';');
            lines.push(format!("let out_{} = {value};", entered.number));
        } else {
            lines.push(if look.ends { text } else { format!("{text};") });
        }
    }
    lines.join("\n") + "\n"
}

/// One input as the file of a session keeps it while the session goes on.
pub fn kept(entered: &Entered) -> String {
    let number = entered.number;
    if looks_secret(&entered.text) {
        return format!("// [{number}] left out: it looked like a secret\n");
    }
    if entered.ended == Ended::Failed {
        let lines: Vec<String> = entered.text.lines().map(|line| format!("// {line}")).collect();
        return format!("// [{number}] did not work:\n{}\n", lines.join("\n"));
    }
    format!("// [{number}]\n{}\n", entered.text)
}

/// Whether an input gave a value and did nothing else.
fn only_looks(entered: &Entered, look: &Written) -> bool {
    let acts = |name: &String| {
        let writes =
            |(_, action): (_, &catalogue::Action)| action.name == name && action.effect != Effect::Read;
        DO.contains(&name.as_str()) || catalogue::actions().any(writes)
    };
    entered.ended == Ended::Value && look.is_expression && !look.calls.iter().any(acts)
}

/// Where an input names a value of before.
fn uses(entered: &Entered, all: &[Entered]) -> Vec<Use> {
    let before: Vec<&Entered> =
        all.iter().filter(|other| other.number < entered.number && other.ended == Ended::Value).collect();
    let mut uses = Vec::new();
    look_for(&entered.text, 0, &before, &mut uses);
    uses
}

/// Looks through code that begins `offset` bytes into the input; also through what texts in back-ticks insert.
fn look_for(code: &str, offset: usize, before: &[&Entered], uses: &mut Vec<Use>) {
    let found: Vec<_> = pieces(code).into_iter().filter(|piece| piece.kind != Kind::Space).collect();
    for (at, piece) in found.iter().enumerate() {
        if piece.kind == Kind::Text && piece.text.starts_with('`') {
            for (start, inner) in insertions(piece.text) {
                look_for(inner, offset + piece.start + start, before, uses);
            }
        }
        let after_dot = at > 0 && found[at - 1].text == ".";
        let is_key = found.get(at + 1).is_some_and(|next| next.text == ":");
        if piece.kind != Kind::Word || after_dot || is_key {
            continue;
        }
        let from = offset + piece.start;
        let (length, number) = match (piece.text, &found[at + 1..]) {
            ("it", _) => (piece.text.len(), before.last().map(|last| last.number)),
            ("out", [open, number, close, ..]) if open.text == "[" && close.text == "]" => {
                let given = number.text.parse().ok();
                let gave = |number: &usize| before.iter().any(|other| other.number == *number);
                (close.start + 1 - piece.start, given.filter(gave))
            }
            ("out" | "err", _) => (piece.text.len(), None),
            _ => continue,
        };
        uses.push(Use { from, to: from + length, number });
    }
}

/// The text with names in place of what the dialogue kept by itself.
fn renamed(text: &str, uses: &[Use]) -> String {
    let mut renamed = String::new();
    let mut done = 0;
    for used in uses {
        let Some(number) = used.number else { continue };
        renamed.push_str(&text[done..used.from]);
        let _ = write!(renamed, "out_{number}");
        done = used.to;
    }
    renamed + &text[done..]
}
