//! Where something is made: in this script, in one that it imports, in the standard library, or in the list of functions,
//! which are written down for editors to open.

use super::Workplace;
use super::declared::imports;
use super::document::Document;
use crate::reference;
use crate::script::dialogue::scan::{Kind, Piece};
use crate::script::library;
use lsp_types::{Location, Position, Range, Uri};
use std::path::{Path, PathBuf};
use url::Url;

/// Where the word at a position is made.
pub fn definition(document: &Document, position: Position, workplace: &Workplace) -> Option<Location> {
    let (pieces, at) = document.pieces_at(document.offset(position));
    let (at, piece) = (at?, pieces[at?]);
    let before = |count: usize| at.checked_sub(count).map(|place| pieces[place].text);
    if piece.kind == Kind::Text {
        let path = piece.text.trim_matches('"');
        return imports(&pieces)
            .iter()
            .any(|import| import.path == path)
            .then(|| top(&imported(document, path, workplace)?))
            .flatten();
    }
    if piece.kind != Kind::Word {
        return None;
    }
    let name = piece.text;
    // math::half, where math is an import.
    if let (Some(":"), Some(":"), Some(module)) = (before(1), before(2), before(3)) {
        let import = imports(&pieces).into_iter().find(|import| import.alias == module)?;
        let file = imported(document, import.path, workplace)?;
        return function_in(&file, name);
    }
    if before(1) != Some(".") {
        if let Some(import) = imports(&pieces).iter().find(|import| import.alias == name) {
            return top(&imported(document, import.path, workplace)?);
        }
        if let Some(own) = declaration(&pieces, at, name) {
            return Some(Location::new(
                document.uri.clone(),
                document.range(own.start, own.start + own.text.len()),
            ));
        }
    }
    let module = library::MODULES.iter().find(|(_, text)| text.contains(&format!("\nfn {name}(")));
    if let Some((module, text)) = module {
        let file = kept(&workplace.definitions.join("std").join(format!("{module}.rhai")), text)?;
        return function_in(&file, name);
    }
    let file = workplace.definitions.join("vitally.d.rhai");
    function_in(&kept(&file, &reference::definitions())?, name)
}

/// The function or the variable of that name, as it was declared last before the place; functions may come later.
fn declaration<'a>(pieces: &[Piece<'a>], at: usize, name: &str) -> Option<Piece<'a>> {
    let function = pieces.windows(2).find(|window| window[0].text == "fn" && window[1].text == name);
    let called = pieces.get(at + 1).is_some_and(|next| next.text == "(");
    let variable = pieces[..at].iter().enumerate().rev().find(|(place, piece)| {
        let before = place.checked_sub(1).map(|before| pieces[before].text).unwrap_or_default();
        let after = pieces.get(place + 1).map(|piece| piece.text).unwrap_or_default();
        let value = ["|", ",", "("].contains(&before) && ["|", ",", ")"].contains(&after);
        piece.text == name && (["let", "const", "for"].contains(&before) || value && is_value(pieces, *place))
    });
    let variable = variable.map(|(_, piece)| *piece);
    let function = function.map(|window| window[1]);
    if called { function.or(variable) } else { variable.or(function) }
}

/// Whether a name stands among the values of a function: `fn f(a, b)` or `|a, b|`.
fn is_value(pieces: &[Piece], at: usize) -> bool {
    let list = |piece: &&Piece| piece.kind == Kind::Word || piece.text == ",";
    let start = at - pieces[..at].iter().rev().take_while(list).count();
    let Some(opened) = start.checked_sub(1) else { return false };
    let back = |count: usize| opened.checked_sub(count).map(|place| pieces[place].text).unwrap_or_default();
    match pieces[opened].text {
        "|" => ["(", ",", "=", ":"].contains(&back(1)),
        "(" => back(2) == "fn",
        _ => false,
    }
}

/// The file that an import names.
fn imported(document: &Document, path: &str, workplace: &Workplace) -> Option<PathBuf> {
    if let Some(module) = path.strip_prefix("std/") {
        let text = library::embedded(module)?;
        return kept(&workplace.definitions.join("std").join(format!("{module}.rhai")), text);
    }
    let mut file = document.path()?.parent()?.join(path);
    if file.extension().is_none() {
        file.set_extension("rhai");
    }
    file.is_file().then_some(file)
}

/// A file of that text, written if it is not there yet.
fn kept(path: &Path, text: &str) -> Option<PathBuf> {
    if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(path, text).ok()?;
    }
    Some(path.into())
}

fn function_in(file: &Path, name: &str) -> Option<Location> {
    let text = std::fs::read_to_string(file).ok()?;
    let starts = [format!("fn {name}("), format!("private fn {name}(")];
    let (row, line) =
        text.lines().enumerate().find(|(_, line)| starts.iter().any(|start| line.starts_with(start)))?;
    let column = line.find(name)?;
    let place = |column: usize| Position::new(super::document::number(row), super::document::number(column));
    Some(Location::new(address(file)?, Range::new(place(column), place(column + name.len()))))
}

fn top(file: &Path) -> Option<Location> {
    Some(Location::new(address(file)?, Range::default()))
}

fn address(file: &Path) -> Option<Uri> {
    let real = file.canonicalize().ok()?;
    Url::from_file_path(real).ok()?.as_str().parse().ok()
}
