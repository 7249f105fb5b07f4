//! HTTP Basic: the key as user name, an empty password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answer::Answer;

/// Refuses a request without the key; the text for a missing header is the service's own.
pub(super) fn check(header: Option<&str>, key: &str) -> Result<(), Answer> {
    let Some(header) = header else {
        return Err(Answer::error(401, "Authorization header not present."));
    };
    let wrong = || Answer::error(401, "Invalid API key.");
    let (scheme, token) = header.split_once(' ').ok_or_else(wrong)?;
    let decoded = STANDARD.decode(token.trim()).map_err(|_| wrong())?;
    let same = decoded.strip_suffix(b":").is_some_and(|name| name == key.as_bytes());
    if scheme.eq_ignore_ascii_case("basic") && same { Ok(()) } else { Err(wrong()) }
}
