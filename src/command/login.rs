//! `login`: the key of a profile comes to this computer.

use super::Context;
use super::keys::{self, Kept};
use crate::cli::Login;
use crate::error::Error;
use crate::exit;
use crate::settings::key_line::{key_line, section_name, with_line};
use crate::settings::{Settings, places};
use std::path::{Path, PathBuf};

/// Asks for a key, checks it and stores it.
pub fn run(context: &Context, options: &Login) -> Result<u8, Error> {
    let settings = settings(context)?;
    let (profile, folder) = (&settings.profile, places::keys(&settings.sources));
    let origin = profile.address()?;
    let (place, line) = match keys::kept(&settings, &folder)? {
        Kept::Here(place) => (place, None),
        Kept::Nowhere => {
            let place = keys::fresh_place(&folder, &profile.name);
            let line = naming(&settings, &place)?;
            (place, Some(line))
        }
    };
    let given = keys::given(context, &settings.sources, options.api_key_file.as_deref())?;
    if given.is_none() && !context.console.can_ask() {
        return Err(Error::Refused(crate::error::Message::new(
            "login needs a key, and nobody is there to be asked",
            "set VITALLY_API_KEY, or put the key into a file: vitally-script login --api-key-file FILE",
        )));
    }
    let key = keys::accepted(context, &origin, given)?;
    keys::store(&place, &key)?;
    if let Some((path, text)) = line {
        std::fs::write(&path, text).map_err(|cause| {
            keys::forget(&place);
            Error::File { path: path.clone(), doing: "write", cause }
        })?;
        context.console.say(&format!("{} says now where it is", name_of(&path)));
    }
    keys::tell(context, &profile.name, &place);
    if settings.sources.variable("VITALLY_API_KEY").is_some() {
        context.console.warn("VITALLY_API_KEY is set, and goes before the stored key");
    }
    Ok(exit::DONE)
}

/// The settings, of a profile that stands in a file.
pub fn settings(context: &Context) -> Result<Settings, Error> {
    if context.global.demo {
        return Err(Error::usage("the demo tenant needs no key", "leave out --demo"));
    }
    let settings = context.settings(false)?;
    if settings.sources.names().contains(&settings.profile.name) {
        return Ok(settings);
    }
    Err(Error::usage(
        "there is no vitally.toml here that names a Vitally to log in to",
        "vitally-script init writes one, and asks for the key",
    ))
}

/// The settings file that describes the profile, with a line that says where the key is.
fn naming(settings: &Settings, place: &Path) -> Result<(PathBuf, String), Error> {
    let (name, line) = (&settings.profile.name, key_line(place));
    let files = [&settings.sources.project, &settings.sources.user].into_iter().flatten();
    for file in files.filter(|file| file.profiles.contains_key(name)) {
        let text = std::fs::read_to_string(&file.path).map_err(|cause| Error::File {
            path: file.path.clone(),
            doing: "read",
            cause,
        })?;
        if let Some(text) = with_line(&file.path, &text, name, &line) {
            return Ok((file.path.clone(), text));
        }
    }
    Err(Error::usage(
        format!(
            "no file has a line [profile.{}] below which the key's place can be written",
            section_name(name)
        ),
        format!("write this line into the profile, then log in again: {line}"),
    ))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
