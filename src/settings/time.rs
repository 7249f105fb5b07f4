//! What time it is for scripts: the system's, or the one that `VITALLY_SCRIPT_NOW` says.

use super::Sources;
use crate::error::Error;
use jiff::Timestamp;

/// The time that scripts are told, if it is not the system's.
pub fn pretended(sources: &Sources) -> Result<Option<Timestamp>, Error> {
    let Some(set) = sources.variable("VITALLY_SCRIPT_NOW") else { return Ok(None) };
    set.value.trim().parse().map(Some).map_err(|_| {
        Error::usage(
            format!("VITALLY_SCRIPT_NOW is \"{}\", which is not a time", set.value),
            "write it like 2026-12-01T09:00:00Z, or leave it out for the real time",
        )
    })
}
