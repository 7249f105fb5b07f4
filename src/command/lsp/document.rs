//! The scripts that are open in the editor, and places in them: editors count in UTF-16, and from 0.

use crate::script::Script;
use crate::script::dialogue::scan::{Kind, Piece, insertions, pieces};
use crate::script::testing::ENDING;
use lsp_types::{Position, Range, Uri};
use std::path::{Path, PathBuf};
use url::Url;

/// One open script.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its address.
    pub uri: Uri,
    /// Its text as the editor has it, saved or not.
    pub text: String,
    /// Counts the changes.
    pub version: i32,
}

/// All open scripts.
#[derive(Default)]
pub struct Documents {
    open: Vec<(Document, bool)>,
}

impl Documents {
    /// Takes the text of a script, in place of an earlier one.
    pub fn put(&mut self, uri: Uri, text: String, version: i32) {
        self.close(&uri);
        self.open.push((Document { uri, text, version }, true));
    }

    /// Forgets a script.
    pub fn close(&mut self, uri: &Uri) {
        self.open.retain(|(known, _)| known.uri != *uri);
    }

    /// The script at an address.
    pub fn get(&self, uri: &Uri) -> Option<&Document> {
        self.open.iter().map(|(document, _)| document).find(|document| document.uri == *uri)
    }

    /// Every script is to be looked at again.
    pub fn look_at_all_again(&mut self) {
        self.open.iter_mut().for_each(|(_, changed)| *changed = true);
    }

    /// The scripts that have changed since the last time.
    pub fn changed(&mut self) -> Vec<Document> {
        let changed = self.open.iter_mut().filter(|(_, changed)| *changed);
        changed
            .map(|(document, changed)| {
                *changed = false;
                document.clone()
            })
            .collect()
    }
}

impl Document {
    /// The file, if it is one.
    pub fn path(&self) -> Option<PathBuf> {
        Url::parse(self.uri.as_str()).ok()?.to_file_path().ok()
    }

    /// As the rest of the program knows scripts. What is not saved in the project may not import from it.
    pub fn script(&self, root: &Path) -> Script {
        let path = self.path();
        let name = path.as_ref().map_or_else(|| "script".into(), |path| path.display().to_string());
        let own = path.as_deref().and_then(Path::parent).unwrap_or(root);
        let root = if own.starts_with(root) { root } else { own };
        Script { name, text: self.text.clone(), path: path.clone(), root: root.into(), hidden_lines: 0 }
    }

    /// Whether it is a file of tests.
    pub fn is_of_tests(&self) -> bool {
        self.uri.as_str().ends_with(ENDING)
    }

    /// The byte at a position; the end of the line if it is behind that.
    pub fn offset(&self, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match self.text[start..].find('\n') {
                Some(end) => start += end + 1,
                None => return self.text.len(),
            }
        }
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let mut units = 0;
        for (at, letter) in line.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += letter.len_utf16();
        }
        start + line.len()
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count();
        Position::new(number(line), number(before[start..].encode_utf16().count()))
    }

    /// Where some bytes stand.
    pub fn range(&self, start: usize, end: usize) -> Range {
        Range::new(self.position(start), self.position(end))
    }

    /// The pieces without spaces and comments, and which of them a byte stands in or behind. Code that is put into a text
    /// in back-ticks stands in place of the text if the byte is in it.
    pub fn pieces_at(&self, offset: usize) -> (Vec<Piece<'_>>, Option<usize>) {
        let mut all = code(&self.text, 0);
        while let Some((place, start, inner)) = all.iter().enumerate().find_map(|(place, piece)| {
            let inside = piece.text.starts_with('`');
            let put = if inside { insertions(piece.text) } else { Vec::new() };
            let put = put.into_iter().map(|(start, inner)| (piece.start + start, inner));
            let (start, inner) =
                put.into_iter().find(|(start, inner)| (*start..=start + inner.len()).contains(&offset))?;
            Some((place, start, inner))
        }) {
            all.splice(place..=place, code(inner, start));
        }
        let inside = |piece: &Piece| piece.start <= offset && offset < piece.start + piece.text.len();
        let behind = |piece: &Piece| piece.kind == Kind::Word && piece.start + piece.text.len() == offset;
        let at = all.iter().position(inside);
        let word = at.filter(|at| all[*at].kind != Kind::Sign);
        let at = word.or_else(|| all.iter().position(behind)).or(at);
        (all, at)
    }
}

/// The pieces of some code without spaces and comments, counted from a byte of the whole.
fn code(text: &str, start: usize) -> Vec<Piece<'_>> {
    let written = |piece: &Piece| !matches!(piece.kind, Kind::Space | Kind::Comment);
    pieces(text)
        .into_iter()
        .filter(written)
        .map(|piece| Piece { start: piece.start + start, ..piece })
        .collect()
}

/// A number as the protocol has them.
pub fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
