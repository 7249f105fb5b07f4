//! The one way out: every file that a script writes goes through here.

use super::{Place, Trouble};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is on the disk.
    Kept,
    /// A dry run would make it.
    WouldMake,
    /// A dry run would put it in the place of another.
    WouldReplace,
}

/// Writes a file as a whole: `fill` writes beside it, and only what it finishes takes the file's place. Folders on
/// the way are made. In a dry run the disk stays as it is.
pub fn write<T, E: From<Trouble>>(
    place: &Place,
    path: &str,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<(T, Written), E> {
    let target = target(place, path)?;
    if let Some(pretended) = &place.pretended {
        let mut bytes = Vec::new();
        let filled = fill(&mut bytes)?;
        let replaces = target.exists() || pretended.borrow().contains_key(&target);
        pretended.borrow_mut().insert(target, bytes);
        return Ok((filled, if replaces { Written::WouldReplace } else { Written::WouldMake }));
    }
    let failed = |cause: io::Error| Trouble::writing(path, &cause);
    let mut part = Part::create(&target).map_err(failed)?;
    let filled = fill(&mut part.file)?;
    part.keep(&target).map_err(failed)?;
    Ok((filled, Written::Kept))
}

/// Puts a text in the place of a file that is there, as a whole: after a crash it is the old one or the new one.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = path.canonicalize()?;
    let mut part = Part::create(&target)?;
    part.file.write_all(text.as_bytes())?;
    part.keep(&target)
}

fn target(place: &Place, path: &str) -> Result<PathBuf, Trouble> {
    if path == "-" {
        return Err(Trouble::file(
            "a script cannot write a file to standard output",
            "name a file; or let the rows be the last value of the script, and run it with -o csv",
        ));
    }
    let target = place.find(path)?;
    if target.is_dir() {
        return Err(Trouble::file(format!("{path} is a folder, not a file"), "name a file in it"));
    }
    let fixed = target.metadata().is_ok_and(|there| !there.is_file() || there.permissions().readonly());
    if fixed {
        return Err(Trouble::file(
            format!("{path} is there already and cannot be written"),
            "choose another name, or make the file writable",
        ));
    }
    Ok(target)
}

/// An unfinished file; it is removed if nobody keeps it.
struct Part {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Part {
    fn create(target: &Path) -> io::Result<Part> {
        let folder = target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = folder.join(format!(".{name}.{:08x}.part", fastrand::u32(..)));
        let file = BufWriter::new(File::create_new(&path)?);
        Ok(Part { path, file })
    }

    fn keep(mut self, target: &Path) -> io::Result<()> {
        self.file.flush()?;
        let file = self.file.get_ref();
        if let Ok(before) = target.metadata() {
            file.set_permissions(before.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&self.path, target)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.path);
    }
}
