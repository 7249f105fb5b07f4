//! What must not be shown: a key may stand where none belongs.

/// Whether a line of a settings file may hold a key or a password.
pub fn may_be_in(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["key", "token", "secret", "basic ", "password"].iter().any(|word| lower.contains(word))
        || lower.contains("://") && lower.contains('@')
}

/// An address without the user name and password that someone wrote into it.
pub fn without_login(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) if scheme.is_empty() => format!("***{}", &rest[at..]),
        Some(at) => format!("{scheme}://***{}", &rest[at..]),
        None => url.to_string(),
    }
}
