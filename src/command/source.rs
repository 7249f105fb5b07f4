//! Scripts from files, standard input and the command line.

use crate::error::Error;
use crate::report;
use crate::script::Script;
use crate::script::words::nearest;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// What a script from standard input is called.
pub const STDIN: &str = "stdin";

/// Reads a script from a file, or from standard input for `-`.
pub fn script(path: &Path, root: &Path) -> Result<Script, Error> {
    if path == Path::new("-") {
        return Ok(Script {
            name: STDIN.into(),
            text: standard_input()?,
            path: None,
            root: root.into(),
            hidden_lines: 0,
        });
    }
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|cause| unreadable(path, &cause))?;
    let text = text(bytes, &name)?;
    Ok(Script { text, root: root_of(path, root), path: Some(path.into()), name, hidden_lines: 0 })
}

/// A script that was typed as code, or comes from standard input for `-`.
pub fn code(code: &str, name: &str, root: &Path) -> Result<Script, Error> {
    let text = if code == "-" { standard_input()? } else { code.to_string() };
    if text.trim().is_empty() {
        return Err(empty(name));
    }
    Ok(Script { name: name.into(), text, path: None, root: root.into(), hidden_lines: 0 })
}

/// A script that no file holds, from its text as it was kept.
pub fn again(text: &str, name: &str, root: &Path) -> Script {
    Script { name: name.into(), text: text.into(), path: None, root: root.into(), hidden_lines: 0 }
}

fn standard_input() -> Result<String, Error> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|cause| Error::File {
        path: "standard input".into(),
        doing: "read",
        cause,
    })?;
    text(bytes, "standard input")
}

fn text(bytes: Vec<u8>, name: &str) -> Result<String, Error> {
    let help = "save it as UTF-8 in your editor";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Error::usage(format!("{name} is saved as UTF-16, and scripts are UTF-8"), help));
    }
    let text = String::from_utf8(bytes).map_err(|cause| {
        let at = cause.utf8_error().valid_up_to();
        let line = String::from_utf8_lossy(&cause.as_bytes()[..at]).matches('\n').count() + 1;
        Error::usage(format!("{name} is not UTF-8 text: line {line} (byte {}) cannot be read", at + 1), help)
    })?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(empty(name));
    }
    Ok(text)
}

fn empty(name: &str) -> Error {
    Error::usage(
        format!("{name} is empty"),
        "a script can be as short as: for account in accounts() { print(account.name); }",
    )
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Error {
    let name = path.display();
    if path.is_dir() {
        return Error::usage(
            format!("{name} is a folder, and a script is a file"),
            "name one script in it; check takes whole folders",
        );
    }
    if cause.kind() == ErrorKind::NotFound {
        let help = match neighbour(path) {
            Some(near) => format!("did you mean {}?", near.display()),
            None => "check the name, and the folder you are in".into(),
        };
        return Error::usage(format!("there is no script {name}"), help);
    }
    Error::usage(
        format!("cannot read {name}: {}", report::cause(cause)),
        "check the file, and that you are allowed to read it",
    )
}

/// A script in the same folder whose name is close, or lacks only its ending.
fn neighbour(path: &Path) -> Option<PathBuf> {
    let whole = path.with_extension("rhai");
    if whole.is_file() {
        return Some(whole);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "rhai"))
        .collect();
    let near = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near))
}

/// The folder that imports may not leave: the project's if the script lies in it, else the script's own.
fn root_of(path: &Path, root: &Path) -> PathBuf {
    let own = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let inside = || Some(own.canonicalize().ok()?.starts_with(root.canonicalize().ok()?));
    if inside() == Some(true) { root.into() } else { own.into() }
}
