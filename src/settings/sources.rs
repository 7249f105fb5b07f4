//! Everything the settings are made from, gathered from the system in one place.

use super::email::EmailSection;
use super::{File, Origin, Sourced, places};
use crate::error::Error;
use crate::web::allow::Entry;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// What the command line says about the settings.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--profile NAME`.
    pub profile: Option<String>,
    /// `--read-only`.
    pub read_only: bool,
}

/// Everything the settings are made from.
#[derive(Clone, Default)]
pub struct Sources {
    /// The command line.
    pub flags: Flags,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The project's `.env`.
    pub dotenv: BTreeMap<String, String>,
    /// `vitally.toml`, from the current folder or one above it.
    pub project: Option<File>,
    /// The user's own settings file.
    pub user: Option<File>,
    /// The current folder.
    pub folder: PathBuf,
}

impl fmt::Debug for Sources {
    /// Leaves out the environment, which holds the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("flags", &self.flags)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Sources {
    /// Reads the files that belong to `folder`, beside the given environment.
    pub fn gather(
        flags: Flags,
        environment: BTreeMap<String, String>,
        folder: PathBuf,
    ) -> Result<Sources, Error> {
        let project =
            match folder.ancestors().map(|above| above.join("vitally.toml")).find(|path| path.is_file()) {
                Some(path) => Some(File::read(&path)?),
                None => None,
            };
        let root = project.as_ref().and_then(|file| file.path.parent()).unwrap_or(&folder);
        let dotenv = read_dotenv(&root.join(".env"))?;
        let mut sources = Sources { flags, environment, dotenv, project, user: None, folder };
        let home = sources.variable("VITALLY_SCRIPT_HOME").map(|home| home.value);
        sources.user = match places::user_file(home.as_deref()).filter(|path| path.is_file()) {
            Some(path) => Some(File::read(&path)?),
            None => None,
        };
        Ok(sources)
    }

    /// The project's folder: that of `vitally.toml`, else the current one.
    pub fn root(&self) -> PathBuf {
        let project = self.project.as_ref().and_then(|file| file.path.parent());
        project.unwrap_or(&self.folder).to_path_buf()
    }

    /// The scripts that a dialogue begins with: the user's own, and that of a project with a `vitally.toml`.
    pub fn init_files(&self) -> Vec<PathBuf> {
        let home = self.variable("VITALLY_SCRIPT_HOME").map(|home| home.value);
        let own = places::user_file(home.as_deref()).and_then(|path| path.parent().map(Path::to_path_buf));
        let project = self.project.as_ref().and_then(|file| file.path.parent()).map(Path::to_path_buf);
        let files = own.into_iter().chain(project).map(|folder| folder.join("init.rhai"));
        files.filter(|path| path.is_file()).collect()
    }

    /// A variable that is set and not empty: the environment first, then `.env`.
    pub fn variable(&self, name: &'static str) -> Option<Sourced<String>> {
        let filled =
            |map: &BTreeMap<String, String>| map.get(name).filter(|text| !text.trim().is_empty()).cloned();
        filled(&self.environment)
            .map(|value| Sourced { value, origin: Origin::Environment(name) })
            .or_else(|| filled(&self.dotenv).map(|value| Sourced { value, origin: Origin::DotEnv(name) }))
    }

    /// What a script sees for `env("NAME")`; the key is not among it.
    pub fn for_scripts(&self, name: &str) -> Option<String> {
        if name.eq_ignore_ascii_case("VITALLY_API_KEY") {
            return None;
        }
        self.environment.get(name).or_else(|| self.dotenv.get(name)).cloned()
    }

    /// The hosts that scripts may speak to, of both files.
    pub fn http_allow(&self) -> Vec<Entry> {
        [&self.project, &self.user].into_iter().flatten().flat_map(|file| file.http_allow.clone()).collect()
    }

    /// The server that scripts send e-mails through: that of the project, or else the user's.
    pub fn email(&self) -> Option<&EmailSection> {
        [&self.project, &self.user].into_iter().flatten().find_map(|file| file.email.as_ref())
    }

    /// The profiles of both files, in alphabetical order.
    pub fn names(&self) -> Vec<String> {
        let files = [&self.project, &self.user];
        let mut names: Vec<String> =
            files.into_iter().flatten().flat_map(|file| file.profiles.keys().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// What the files call the default profile.
    pub(super) fn default_profile(&self) -> Option<Sourced<String>> {
        let of = |file: &Option<File>, origin: fn(crate::error::Place) -> Origin| {
            let set = file.as_ref()?.default_profile.clone()?;
            Some(Sourced { value: set.value, origin: origin(set.place) })
        };
        of(&self.project, Origin::Project).or_else(|| of(&self.user, Origin::User))
    }
}

fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>, Error> {
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let lines = dotenvy::from_path_iter(path).map_err(|cause| dotenv_error(path, cause))?;
    lines.collect::<Result<_, _>>().map_err(|cause| dotenv_error(path, cause))
}

/// The line itself is never shown: it may hold the key.
fn dotenv_error(path: &Path, cause: dotenvy::Error) -> Error {
    match cause {
        dotenvy::Error::Io(cause) => Error::File { path: path.into(), doing: "read", cause },
        _ => Error::usage(
            format!("{} has a line that is not NAME=value", path.display()),
            "put values with spaces or special characters in quotes: NAME=\"a value\"",
        ),
    }
}
