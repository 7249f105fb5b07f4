//! Objects as people name them on the command line.

use crate::catalogue::{self, Object};
use crate::error::Error;
use crate::script::words::did_you_mean;

/// The object with this singular or plural name.
pub fn named(name: &str) -> Result<&'static Object, Error> {
    let plain = name.replace('-', "_").to_lowercase();
    if let Some(object) = catalogue::object(name).or_else(|| catalogue::object(&plain)) {
        return Ok(object);
    }
    let names: Vec<&str> = catalogue::OBJECTS.iter().map(|object| object.name).collect();
    let plurals = catalogue::lists().map(|(_, list)| list.name);
    let near = did_you_mean(&plain, names.iter().copied().chain(plurals));
    Err(Error::usage(
        format!("there is no object \"{name}\"{near}"),
        format!("the objects are: {}", names.join(", ")),
    ))
}
