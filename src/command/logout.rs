//! `logout`: the stored key of a profile goes.

use super::keys::{self, Kept};
use super::{Context, login};
use crate::error::Error;
use crate::exit;
use crate::settings::places;
use std::io::ErrorKind;

/// Deletes the stored key.
pub fn run(context: &Context) -> Result<u8, Error> {
    let settings = login::settings(context)?;
    let name = &settings.profile.name;
    let nothing = || context.console.say(&format!("no key of {name} is stored on this computer"));
    match keys::kept(&settings, &places::keys(&settings.sources))? {
        Kept::Nowhere => nothing(),
        Kept::Here(place) => match std::fs::remove_file(&place) {
            Ok(()) => {
                context.console.say(&format!("the key of {name} is deleted from this computer"));
                context.console.say("  Vitally accepts it until somebody deletes it there");
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => nothing(),
            Err(cause) => return Err(Error::File { path: place, doing: "delete", cause }),
        },
    }
    if settings.sources.variable("VITALLY_API_KEY").is_some() {
        context.console.warn("VITALLY_API_KEY is still set");
    }
    Ok(exit::DONE)
}
