//! What a function still wants, shown behind the cursor while it is typed.

use super::cursor::Cursor;
use super::meta::{self, METAS};
use super::names::Names;

/// A hint: what is shown, and how much of it is typed when the person takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What is shown.
    pub shown: String,
    /// What is typed; `None` if it is only to be read.
    pub typed: Option<String>,
}

/// The values that the innermost open call still wants, and what the function does.
pub fn hint(line: &str, names: &Names) -> Option<Hint> {
    let read = |shown: String| Some(Hint { shown, typed: None });
    if let Some(word) = line.strip_prefix(':') {
        let meta = METAS.iter().find(|meta| meta.name == word)?;
        return read(format!(" {} — {}", meta.takes, meta.doc));
    }
    if line.is_empty() || line.contains('\n') || meta::is_meta(line) {
        return None;
    }
    let cursor = Cursor::new(line);
    if cursor.text.is_some() {
        return None;
    }
    if !cursor.word.is_empty() {
        // A whole name that is called, before its bracket.
        let function = names.function(cursor.word)?;
        let is_method = cursor.sign() == Some(".");
        let values = function.signature.strip_prefix(&function.name)?;
        return if is_method == function.is_method {
            read(format!("{values}  {}", function.doc))
        } else {
            None
        };
    }
    let inner = cursor.open.last().filter(|inner| inner.sign == '(')?;
    let begins = cursor.sign().is_some_and(|sign| sign == "(" || sign == ",");
    let function = names.function(inner.call?).filter(|_| begins)?;
    let values = function.signature.strip_prefix(&function.name)?;
    let values = values.strip_prefix('(')?.strip_suffix(')').unwrap_or(values);
    let left: Vec<&str> = values.split(", ").skip(inner.commas).collect();
    let gap = if line.ends_with(',') { " " } else { "" };
    let doc = if inner.commas == 0 { format!("  {}", function.doc) } else { String::new() };
    read(format!("{gap}{}){doc}", left.join(", ")))
}
