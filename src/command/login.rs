//! `login`: the key of a profile comes to this computer.

use super::stored::{self, Stored};
use super::{Context, keys};
use crate::cli::Login;
use crate::error::Error;
use crate::exit;
use crate::settings::key_line::{section_name, with_line};
use crate::settings::keyring::Waiting;
use crate::settings::{File, Settings};
use std::path::{Path, PathBuf};

/// Asks for a key, checks it and stores it.
pub fn run(context: &Context, options: &Login) -> Result<u8, Error> {
    let settings = settings(context)?;
    let (profile, sources) = (&settings.profile, &settings.sources);
    let origin = profile.address()?;
    let earlier = stored::kept(&settings)?;
    if earlier.is_none() {
        // What cannot be written down later is found before anything is asked.
        naming(&settings, &stored::in_file(sources, &profile.name).line())?;
    }
    let given = keys::given(context, sources, options.api_key_file.as_deref())?;
    if given.is_none() && !context.console.can_ask() {
        return Err(Error::Refused(crate::error::Message::new(
            "login needs a key, and nobody is there to be asked",
            "set VITALLY_API_KEY, or put the key into a file: vitally-script login --api-key-file FILE",
        )));
    }
    let key = keys::accepted(context, &origin, given)?;
    let place = stored::store(context, sources, &profile.name, earlier.as_ref(), options.store_in, &key)?;
    if earlier.as_ref() != Some(&place) {
        move_to(context, &settings, earlier.as_ref(), &place)?;
    }
    place.tell(context, &profile.name);
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

/// Says in the settings where the key is now, and deletes it where it was.
fn move_to(
    context: &Context,
    settings: &Settings,
    earlier: Option<&Stored>,
    place: &Stored,
) -> Result<(), Error> {
    let waiting = Waiting { stop: &context.stop, say: &|text| context.console.say(text) };
    let written = naming(settings, &place.line()).and_then(|(path, text)| {
        let written = std::fs::write(&path, text);
        written.map_err(|cause| Error::File { path: path.clone(), doing: "write", cause }).map(|()| path)
    });
    let path = written.inspect_err(|_| place.take_back(&waiting))?;
    context.console.say(&format!("{} says now where it is", name_of(&path)));
    if earlier.is_some_and(|earlier| earlier.delete(&waiting).is_err()) {
        context.console.warn("where the key was before, it cannot be deleted now; delete it there yourself");
    }
    Ok(())
}

/// The settings file that describes the profile, with a line that says where the key is: the file that says so already
/// comes first.
fn naming(settings: &Settings, line: &str) -> Result<(PathBuf, String), Error> {
    let name = &settings.profile.name;
    let files = [&settings.sources.project, &settings.sources.user].into_iter().flatten();
    let mut files: Vec<&File> = files.filter(|file| file.profiles.contains_key(name)).collect();
    files.sort_by_key(|file| !file.says_key_of(name));
    for file in files {
        let text = std::fs::read_to_string(&file.path).map_err(|cause| Error::File {
            path: file.path.clone(),
            doing: "read",
            cause,
        })?;
        if let Some(text) = with_line(&file.path, &text, name, line) {
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
