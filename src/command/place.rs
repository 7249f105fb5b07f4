//! The files of a project that scripts may use.

use crate::files::Place;
use crate::settings::{KeySource, ProtectRule, Settings};

/// The project's files, without what holds keys, state and the rules of profiles.
pub fn files(settings: &Settings) -> Place {
    let mut place = Place::new(&settings.root);
    place.close(&settings.home.value);
    let names = settings.sources.names();
    let others = names.iter().filter_map(|name| settings.other(name).ok());
    for profile in others.chain([settings.profile.clone()]) {
        if let Some(KeySource::File(path)) = &profile.key.value {
            place.close(path);
        }
        for rule in &profile.protect.value {
            if let ProtectRule::Script(path) = rule {
                place.close(path);
            }
        }
    }
    place
}
