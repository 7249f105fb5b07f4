//! `logout`: the stored key of a profile goes.

use super::{Context, login, stored};
use crate::error::Error;
use crate::exit;

/// Deletes the stored key.
pub fn run(context: &Context) -> Result<u8, Error> {
    let settings = login::settings(context)?;
    let name = &settings.profile.name;
    let waiting = context.console.waiting(&context.stop);
    let deleted = stored::kept(&settings)?.map(|place| place.delete(&waiting)).transpose()?;
    if deleted == Some(true) {
        context.console.say(&format!("the key of {name} is deleted from this computer"));
        context.console.say("  Vitally accepts it until somebody deletes it there");
    } else {
        context.console.say(&format!("no key of {name} is stored on this computer"));
    }
    if settings.sources.variable("VITALLY_API_KEY").is_some() {
        context.console.warn("VITALLY_API_KEY is still set");
    }
    Ok(exit::DONE)
}
