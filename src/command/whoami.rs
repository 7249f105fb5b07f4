//! `whoami`: which Vitally a command would speak to, with whose key, and whether it is accepted.

use super::opener::{no_key, target};
use super::session::Session;
use super::{Context, form, keys};
use crate::cli::Format;
use crate::error::Error;
use crate::settings::{KeySource, Profile, key};
use crate::{exit, report};
use serde_json::{Value, json};

/// Says it, and asks Vitally.
pub fn run(context: &Context) -> Result<u8, Error> {
    if context.global.demo {
        // Starts the tenant that the settings then lead to.
        Session::open(context)?;
    }
    let settings = context.settings(false)?;
    let profile = &settings.profile;
    let address = profile.address()?;
    let asked = match target(&settings, profile, &context.console, &context.stop) {
        Ok(Some(target)) => keys::check(context, target).map_err(|failure| Error::Api(Box::new(failure))),
        Ok(None) => Err(Error::Login(no_key(profile))),
        Err(error) => Err(error),
    };
    let code = asked.as_ref().map_or_else(Error::exit_code, |()| exit::DONE);
    let said = asked.err().map(|error| report::message(&error));
    let accepted = match code {
        exit::DONE => Some(true),
        exit::LOGIN => Some(false),
        _ => None,
    };
    let key = key_from(profile);
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let answer = json!({
            "profile": profile.name, "address": address, "env": profile.environment.value.word(),
            "key_from": key, "accepted": accepted, "message": said.as_ref().map(|said| &said.text),
        });
        let answer = if format == Format::Json { answer } else { Value::Array(vec![answer]) };
        form::write(&context.console, &answer, None, format);
        return Ok(code);
    }
    let accepted = match accepted {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    };
    let accepted = said.as_ref().map_or(accepted.into(), |said| format!("{accepted}: {}", said.text));
    for (name, value) in [
        ("profile", profile.name.as_str()),
        ("address", &address),
        ("env", profile.environment.value.word()),
        ("key", key.as_deref().unwrap_or("none")),
        ("accepted", &accepted),
        ("", said.and_then(|said| said.help).as_deref().unwrap_or_default()),
    ] {
        if !value.is_empty() {
            context.console.line(&format!("{name:<9} {value}"));
        }
    }
    Ok(code)
}

/// Where the key comes from; never the key.
fn key_from(profile: &Profile) -> Option<String> {
    let origin = &profile.key.origin;
    profile.key.value.as_ref().map(|source| match source {
        KeySource::Given(_) => origin.to_string(),
        KeySource::File(path) => format!("the file {} ({origin})", path.display()),
        KeySource::Keyring(name) => format!("{} ({origin})", key::in_keyring(name)),
        KeySource::Command(_) => format!("api_key_command ({origin})"),
    })
}
