//! `login`: the key of a profile comes to this computer.

use super::stored::{self, Stored};
use super::{Context, keys};
use crate::cli::Login;
use crate::error::Error;
use crate::files::replace;
use crate::settings::key_line::{section_name, with_line};
use crate::settings::{File, Settings};
use crate::{exit, report};
use std::path::{Path, PathBuf};

/// Asks for a key, checks it and stores it.
pub fn run(context: &Context, options: &Login) -> Result<u8, Error> {
    let settings = settings(context)?;
    let (profile, sources) = (&settings.profile, &settings.sources);
    let origin = profile.address()?;
    let earlier = stored::kept(&settings)?;
    if earlier.as_ref().is_none_or(|earlier| options.store_in.is_some_and(|wish| !earlier.is_in(wish))) {
        // What cannot be written down later is found before anything is asked.
        naming(&settings, &stored::in_file(sources, &profile.name))?;
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
    let waiting = context.console.waiting(&context.stop);
    let written = naming(settings, place).and_then(|(path, text)| {
        let written = replace(&path, &text);
        written.map_err(|cause| Error::File { path: path.clone(), doing: "write", cause }).map(|()| path)
    });
    let path = written.inspect_err(|_| place.take_back(&waiting))?;
    context.console.say(&format!("{} says now where it is", name_of(&path)));
    let Some(earlier) = earlier else { return Ok(()) };
    if let Some(other) = also_named(settings, &path, earlier) {
        context.console.say(&format!("  the key in {} stays, since {other} names it", earlier.shown()));
    } else if let Err(error) = earlier.delete(&waiting) {
        let why = report::message(&error).text;
        context.console.warn(&format!("the key in {} is not deleted: {why}", earlier.shown()));
    }
    Ok(())
}

/// Another section of the settings that a stored key belongs to, but for the profile's in the file at `edited`.
fn also_named(settings: &Settings, edited: &Path, place: &Stored) -> Option<String> {
    let files = [&settings.sources.project, &settings.sources.user].into_iter().flatten();
    let sections = files.flat_map(|file| file.profiles.keys().map(move |name| (file, name)));
    let mut others = sections.filter(|(file, name)| file.path != edited || **name != settings.profile.name);
    let place = place.source();
    let (file, name) =
        others.find(|(file, name)| file.key_of(name).is_some_and(|key| key.is_same_place(&place)))?;
    Some(format!("[profile.{}] in {}", section_name(name), name_of(&file.path)))
}

/// The settings file that describes the profile, with a line that says where the key is. A file that says so already is the
/// only one that can.
fn naming(settings: &Settings, place: &Stored) -> Result<(PathBuf, String), Error> {
    let (name, line) = (&settings.profile.name, place.line());
    let files = [&settings.sources.project, &settings.sources.user].into_iter().flatten();
    let files: Vec<&File> = files.filter(|file| file.profiles.contains_key(name)).collect();
    let said = files.iter().position(|file| file.key_of(name).is_some());
    let files = said.map_or(&files[..], |said| &files[said..=said]);
    for file in files {
        let text = std::fs::read_to_string(&file.path).map_err(|cause| Error::File {
            path: file.path.clone(),
            doing: "read",
            cause,
        })?;
        if let Some(text) = with_line(&file.path, &text, name, &line, &place.source()) {
            return Ok((file.path.clone(), text));
        }
    }
    Err(Error::usage(
        format!(
            "no file has a line [profile.{}] below which the key's place can be written",
            section_name(name)
        ),
        match said {
            None => format!("write this line into the profile, then log in again: {line}"),
            Some(_) => {
                format!(
                    "write this line into the profile, in the place of the old one, then log in again: {line}"
                )
            }
        },
    ))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
