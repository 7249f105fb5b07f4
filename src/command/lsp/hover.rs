//! What a word means: the page of `docs` for it, a field, or what the script itself says about its function.

use super::declared;
use super::document::Document;
use crate::catalogue;
use crate::reference;
use crate::script::dialogue::scan::{Kind, Piece};
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use std::fmt::Write as _;

/// The most kinds of records that are named for one field.
const MOST: usize = 8;

/// What stands at a position.
pub fn hover(document: &Document, position: Position) -> Option<Hover> {
    let (pieces, at) = document.pieces_at(document.offset(position));
    let piece = pieces[at?];
    let text = of_piece(document, &pieces, at?, piece)?;
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text }),
        range: Some(document.range(piece.start, piece.start + piece.text.len())),
    })
}

fn of_piece(document: &Document, pieces: &[Piece], at: usize, piece: Piece) -> Option<String> {
    let sign = |place: Option<usize>| place.and_then(|place| pieces.get(place)).map(|piece| piece.text);
    match piece.kind {
        Kind::Word => {
            let after_dot = sign(at.checked_sub(1)) == Some(".");
            let called = sign(Some(at + 1)) == Some("(");
            let is_key = sign(Some(at + 1)) == Some(":");
            if (after_dot && !called) || is_key {
                return fields(piece.text);
            }
            own(document, pieces, piece.text)
                .filter(|_| !after_dot)
                .or_else(|| reference::explain(piece.text, after_dot))
        }
        // The name of a trigger, or of a kind of record.
        Kind::Text => reference::explain(piece.text.trim_matches('"'), false),
        _ => None,
    }
}

/// A function of the script, with the `///` lines before it.
fn own(document: &Document, pieces: &[Piece], name: &str) -> Option<String> {
    let (_, values) = declared::functions(pieces).into_iter().find(|(own, _)| own == name)?;
    let window = pieces.windows(2).find(|window| window[0].text == "fn" && window[1].text == name)?;
    let before: Vec<&str> = document.text[..window[0].start].lines().collect();
    let doc: Vec<&str> = before
        .iter()
        .rev()
        .skip_while(|line| line.trim() == "private")
        .take_while(|line| line.trim_start().starts_with("///"))
        .map(|line| line.trim_start().trim_start_matches('/').trim_start())
        .collect();
    let doc = doc.into_iter().rev().collect::<Vec<_>>().join("\n");
    Some(format!("```rhai\nfn {name}({})\n```\n{doc}", values.join(", ")))
}

/// A field of the records that have one of this name.
fn fields(name: &str) -> Option<String> {
    let mut text = String::new();
    let all =
        catalogue::OBJECTS.iter().flat_map(|object| object.fields.iter().map(move |field| (object, field)));
    for (object, field) in all.filter(|(_, field)| field.name == name).take(MOST) {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "- `{}.{}`: {}; {}", object.name, field.name, field.kind.words(), field.doc);
    }
    (!text.is_empty()).then_some(text)
}
