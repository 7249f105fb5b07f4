//! What can stand at the cursor: what the dialogue completes, and what the script has declared.

use super::Workplace;
use super::declared;
use super::document::Document;
use crate::repl::complete::complete;
use crate::script::testing;
use lsp_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, Position, Range, TextEdit};

/// The most things that are offered: nobody reads more.
const MOST: usize = 200;

/// Everything that can stand at a position.
pub fn items(document: &Document, position: Position, workplace: &Workplace) -> Vec<CompletionItem> {
    let offset = document.offset(position);
    let before = document.text.get(..offset).unwrap_or_default();
    let (pieces, _) = document.pieces_at(offset);
    let end = pieces.iter().position(|piece| piece.start >= offset).unwrap_or(pieces.len());
    let names = declared::names(&pieces, end, &workplace.profiles);
    // Only in a dialogue do lines begin with a command.
    let code = before.trim_start_matches([':', '?']);
    let cut = before.len() - code.len();
    let found = complete(code, code.len(), &names, &|typed| files(document, typed));
    let range = Range::new(document.position(cut + found.start), position);
    let item = |text: &str, detail: Option<String>, kind| CompletionItem {
        label: text.into(),
        kind: Some(kind),
        detail,
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, text.into()))),
        ..CompletionItem::default()
    };
    let mut items: Vec<CompletionItem> = found
        .candidates
        .iter()
        .take(MOST)
        .map(|candidate| {
            let described = candidate.shown != candidate.text;
            let words = candidate.shown.split_whitespace().collect::<Vec<_>>().join(" ");
            let kind =
                if words.contains('(') { CompletionItemKind::FUNCTION } else { CompletionItemKind::FIELD };
            item(&candidate.text, described.then_some(words), kind)
        })
        .collect();
    let word = code.get(found.start..).unwrap_or_default();
    let free = !code[..found.start].ends_with(['.', '"', '`']);
    if document.is_of_tests() && free {
        let own = testing::ENTRIES.iter().filter(|entry| !word.is_empty() && entry.name.starts_with(word));
        items.extend(own.map(|entry| {
            item(entry.name, Some(format!("{} {}", entry.signature, entry.doc)), CompletionItemKind::FUNCTION)
        }));
    }
    items
}

/// The files beside the script whose names begin so.
fn files(document: &Document, typed: &str) -> Vec<String> {
    let Some(path) = document.path() else { return Vec::new() };
    let folder = path.parent().unwrap_or(&path);
    let (inner, start) = typed.rsplit_once('/').map_or(("", typed), |(inner, start)| (inner, start));
    let Ok(entries) = std::fs::read_dir(folder.join(inner)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            if name.starts_with('.') || !name.starts_with(start) {
                return None;
            }
            let slash = if entry.path().is_dir() { "/" } else { "" };
            Some(if inner.is_empty() { format!("{name}{slash}") } else { format!("{inner}/{name}{slash}") })
        })
        .collect();
    found.sort();
    found
}
