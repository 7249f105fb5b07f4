//! The one way in: the bytes of a file, or of standard input for `-`.

use super::{Place, Trouble};
use crate::script::words::nearest;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The largest file that is read, in bytes: it is held as a whole.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What messages call standard input.
const INPUT: &str = "standard input";

/// A file's name for messages, and its bytes.
pub fn read(place: &Place, path: &str) -> Result<(String, Vec<u8>), Trouble> {
    if path == "-" {
        return Ok((INPUT.into(), input(place)?));
    }
    let real = place.find(path)?;
    if let Some(bytes) = place.pretended.as_ref().and_then(|kept| kept.borrow().get(&real).cloned()) {
        return Ok((path.to_string(), bytes));
    }
    if real.is_dir() {
        return Err(Trouble::file(format!("{path} is a folder, not a file"), "name a file in it"));
    }
    let bytes = File::open(&real).and_then(whole).map_err(|cause| {
        if cause.kind() == ErrorKind::NotFound {
            missing(path, &real)
        } else {
            Trouble::reading(path, &cause)
        }
    })?;
    bytes.map(|bytes| (path.to_string(), bytes)).ok_or_else(|| too_large(path))
}

fn input(place: &Place) -> Result<Vec<u8>, Trouble> {
    if place.input_was_read.replace(true) {
        return Err(Trouble::file(
            "standard input was read before, and there is nothing left of it",
            "read it once, and keep what it gave in a variable",
        ));
    }
    let bytes = whole(io::stdin().lock()).map_err(|cause| Trouble::reading(INPUT, &cause))?;
    bytes.ok_or_else(|| too_large(INPUT))
}

/// Everything there is; `None` if it is too much.
fn whole(source: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

fn too_large(name: &str) -> Trouble {
    Trouble::file(
        format!("{name} is larger than {} MB", LARGEST / 1024 / 1024),
        "split it, and run the script for each part",
    )
}

fn missing(path: &str, real: &Path) -> Trouble {
    let names: Vec<String> = real
        .parent()
        .and_then(|folder| folder.read_dir().ok())
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let wanted = real.file_name().unwrap_or_default().to_string_lossy();
    let help = match nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {}?", Path::new(path).with_file_name(near).display()),
        None => "check the name; files are looked for in the project folder".into(),
    };
    Trouble::file(format!("there is no file {path}"), help)
}
