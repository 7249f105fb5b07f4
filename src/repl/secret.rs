//! Lines that are not kept: they look as if they held a key.

/// Words before which somebody types a secret.
const SIGNS: &[&str] =
    &["api_key", "apikey", "secret", "password", "passwd", "token", "authorization", "bearer", "login"];

/// Whether a line looks as if it held a secret. Rather one too many than a key in a file.
pub fn looks_secret(text: &str) -> bool {
    let text = text.to_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}
