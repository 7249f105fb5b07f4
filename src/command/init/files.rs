//! The files of a new folder. One that is there already is never written over.

use super::Tenant;
use crate::error::Error;
use crate::reference;
use crate::settings::key_line::{quoted, section_name};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// What others must not get, and what they do not need.
const IGNORED: &str = "# Keys and state stay on this computer.\n.env\n.vitally-key*\n.vitally-script/\n";

/// What every new folder gets, by the names that people see.
pub fn files() -> Vec<(&'static str, Cow<'static, str>)> {
    let mut files: Vec<(&str, Cow<str>)> = [
        (".gitignore", IGNORED),
        ("hello.rhai", include_str!("hello.rhai")),
        ("tests/hello_test.rhai", include_str!("hello_test.rhai")),
        (".vscode/settings.json", include_str!("vscode_settings.json")),
        (".vscode/extensions.json", include_str!("vscode_extensions.json")),
        (".vscode/tasks.json", include_str!("vscode_tasks.json")),
    ]
    .map(|(name, text)| (name, text.into()))
    .into();
    files.push((reference::DEFINITIONS, reference::definitions().into()));
    files
}

/// Writes a new file; `false` if there is one already.
pub fn write(path: &Path, text: &str) -> Result<bool, Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder)
        .and_then(|()| File::options().write(true).create_new(true).open(path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists && path.is_file() => Ok(false),
        Err(cause) => Err(Error::File { path: path.into(), doing: "write", cause }),
    }
}

/// The settings of one tenant.
pub fn settings(profile: &str, tenant: &Tenant, key_line: &str) -> String {
    let address =
        [("region", &tenant.region), ("subdomain", &tenant.subdomain), ("base_url", &tenant.base_url)];
    let address: String = address
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} = {}\n", quoted(value.as_deref()?))))
        .collect();
    format!(
        "# Which Vitally the scripts of this folder speak to. The key is not in here.\n\
         # What else can be said: vitally-script help settings\n\n\
         default_profile = {}\n\n[profile.{}]\n{address}\
         env = \"production\" # or \"sandbox\", if nothing in it matters\n{key_line}\n",
        quoted(profile),
        section_name(profile),
    )
}
