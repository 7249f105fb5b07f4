//! The file of a session: every input is in it as soon as it has ended.

use super::super::Console;
use super::super::session::Session;
use super::talk::file_name;
use crate::repl::saved;
use crate::repl::transcript::Entered;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The file of a session, made with its first input.
pub struct SessionFile {
    path: PathBuf,
    about: String,
    file: Option<File>,
    /// A demo's file ends with the demo, so nobody is told of it.
    is_told: bool,
    failed: bool,
}

impl SessionFile {
    /// The file of a session that begins now.
    pub fn new(session: &Session) -> SessionFile {
        let profile = &session.settings.profile;
        let begun = session.now().strftime("%Y-%m-%dT%H%M%S");
        let name = format!("{begun}-{}-{}.rhai", file_name(&profile.name), std::process::id());
        SessionFile {
            path: session.settings.home.value.join("sessions").join(name),
            about: format!("a session with {}, begun {}", profile.label(), session.now()),
            file: None,
            is_told: !session.is_demo(),
            failed: false,
        }
    }

    /// Adds an input that has ended. A file that cannot be written is said once.
    pub fn add(&mut self, console: &Console, entered: &Entered) {
        if let Err(cause) = self.write(entered)
            && !std::mem::replace(&mut self.failed, true)
        {
            console.warn(&format!(
                "the session cannot be kept in {}: {}",
                self.path.display(),
                crate::report::cause(&cause)
            ));
        }
    }

    fn write(&mut self, entered: &Entered) -> io::Result<()> {
        let file = if let Some(file) = &mut self.file {
            file
        } else {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = own(&self.path)?;
            writeln!(file, "//! {}", self.about)?;
            self.file.insert(file)
        };
        file.write_all(saved::kept(entered).as_bytes())?;
        file.sync_data()
    }

    /// Where it is, once something was typed.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|_| self.path.as_path())
    }

    /// Says where it is.
    pub fn tell(&self, console: &Console) {
        if self.file.is_some() && self.is_told {
            console.detail(&format!("what was typed is in {}", self.path.display()));
        }
    }
}

/// Opens a file that nobody else may read: what is typed names customers.
fn own(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
