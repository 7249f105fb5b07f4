//! Which files scripts may use: those under the project's folder, and under folders that the person allowed.

use super::Trouble;
use crate::error::Message;
use crate::report;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Files of a project that hold settings or keys.
const SETTINGS: &[&str] = &[".env", "vitally.toml"];

/// The folders that scripts may use.
#[derive(Debug)]
pub struct Place {
    /// Where relative paths begin: the project's folder.
    root: PathBuf,
    /// The folders without links in them; the project's is the first.
    folders: Vec<PathBuf>,
    /// Files and folders among them that scripts may not touch.
    closed: Vec<PathBuf>,
    /// Standard input can be read once.
    pub(super) input_was_read: Cell<bool>,
    /// What a dry run would have written, by real path; `None` in a run that writes.
    pub(super) pretended: Option<RefCell<BTreeMap<PathBuf, Vec<u8>>>>,
}

impl Place {
    /// The project's folder.
    pub fn new(root: &Path) -> Place {
        let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        Place {
            root: root.to_path_buf(),
            folders: vec![real],
            closed: Vec::new(),
            input_was_read: Cell::new(false),
            pretended: None,
        }
    }

    /// Adds a folder.
    pub fn allow(&mut self, folder: &Path) -> Result<(), Message> {
        let shown = folder.display();
        let help = "--allow-fs names a folder that exists";
        match folder.canonicalize() {
            Ok(real) if real.is_dir() => self.folders.push(real),
            Ok(_) => return Err(Message::new(format!("{shown} is a file, not a folder"), help)),
            Err(cause) => {
                let why = report::cause(&cause);
                return Err(Message::new(format!("the folder {shown} cannot be used: {why}"), help));
            }
        }
        Ok(())
    }

    /// Writes nothing from here on: what would be written is kept in memory, and read from there.
    pub fn pretend(&mut self) {
        self.pretended = Some(RefCell::default());
    }

    /// Takes a file or a folder out again, such as the one that holds the key; not one that holds a whole folder.
    pub fn close(&mut self, path: &Path) {
        let path = self.root.join(path);
        let real = path.canonicalize().unwrap_or(path);
        if !self.folders.iter().any(|folder| folder.starts_with(&real)) {
            self.closed.push(real);
        }
    }

    /// The real path of a file that a script names. The file need not exist.
    pub fn find(&self, path: &str) -> Result<PathBuf, Trouble> {
        if path.trim().is_empty() {
            return Err(Trouble::file("the name of the file is empty", "such as \"accounts.csv\""));
        }
        let whole = self.root.join(path);
        let real = real(&whole).filter(|real| self.folders.iter().any(|folder| real.starts_with(folder)));
        let Some(real) = real else { return Err(self.outside(path, &whole)) };
        let named = real.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let settings = SETTINGS.iter().any(|name| named.eq_ignore_ascii_case(name));
        if settings || self.closed.iter().any(|closed| real.starts_with(closed)) {
            return Err(Trouble::refused(
                format!("{path} holds settings or keys, and scripts may not use it"),
                "read a setting with env(\"NAME\"), and change the file in an editor",
            ));
        }
        Ok(real)
    }

    fn outside(&self, path: &str, whole: &Path) -> Trouble {
        let project = self.folders.first().unwrap_or(&self.root).display();
        let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
        let flag = folder.map_or("DIR".into(), |folder| folder.display().to_string());
        Trouble::refused(
            format!("{path} is outside the project folder {project}, and scripts may not use it"),
            format!("move the file into the project folder, or allow its folder with --allow-fs {flag}"),
        )
    }
}

/// A path without links. What does not exist yet may stand at its end, but may not lead back up; a link that leads
/// nowhere has no real path.
fn real(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find(|above| above.symlink_metadata().is_ok())?;
    let rest = path.strip_prefix(there).ok()?;
    let plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    let real = there.canonicalize().ok().filter(|_| plain)?;
    Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
}
