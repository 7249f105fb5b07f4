//! `docs --export DIR`: everything as files, for reading without the program and for editors.

use crate::command::Context;
use crate::error::Error;
use crate::reference;
use crate::{exit, report};
use std::fs;
use std::path::Path;

/// Writes the files; those of an earlier export are replaced.
pub fn write(context: &Context, folder: &Path) -> Result<u8, Error> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |cause: std::io::Error| {
            let help = "choose another folder, or make this one writable";
            Error::usage(format!("{} cannot be written: {}", path.display(), report::cause(&cause)), help)
        }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let files = [
        ("reference.md", reference::markdown(), "for people and for programs that read Markdown"),
        ("reference.html", reference::html(), "one page with a search field; open it in a browser"),
        ("vitally.d.rhai", reference::definitions(), "for editors with a Rhai extension"),
    ];
    for (name, text, what) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(failed(&path))?;
        context.console.say(&format!("{} is written: {what}", path.display()));
    }
    Ok(exit::DONE)
}
