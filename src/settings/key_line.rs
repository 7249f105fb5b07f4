//! The line of a settings file that says where a key is.

use super::{File, KeySource};
use serde_json::Value;
use std::path::Path;

/// The line for a key in the keyring, `api_key_keyring = "…"`.
pub fn of_keyring(name: &str) -> String {
    format!("api_key_keyring = {}", quoted(name))
}

/// The line for a key in a file, `api_key_file = "…"`; a place below the person's own folder begins with `~`.
pub fn of_file(place: &Path) -> String {
    let below =
        etcetera::home_dir().ok().and_then(|home| place.strip_prefix(home).ok().map(Path::to_path_buf));
    let path = match below {
        Some(below) => format!("~/{}", below.display()),
        None => place.display().to_string(),
    };
    format!("api_key_file = {}", quoted(&path))
}

/// A text as TOML writes it; JSON's way is one of its ways.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A profile's name as it stands in `[profile.NAME]`.
pub fn section_name(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.into() } else { quoted(name) }
}

/// Whether a line says where a stored key is.
fn names_place(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default().trim();
    name == "api_key_file" || name == "api_key_keyring"
}

/// The text of a settings file with this line in a profile's section, instead of one that says where the key was before;
/// `None` where it would not say so then.
pub fn with_line(path: &Path, text: &str, profile: &str, line: &str, place: &KeySource) -> Option<String> {
    let heads = [format!("[profile.{}]", section_name(profile)), format!("[profile.{}]", quoted(profile))];
    let is_head = |line: &str| heads.iter().any(|head| line.split('#').next().unwrap_or(line).trim() == head);
    let mut changed = String::with_capacity(text.len() + line.len() + 1);
    let mut is_inside = false;
    for old in text.split_inclusive('\n') {
        is_inside = if old.trim_start().starts_with('[') { is_head(old) } else { is_inside };
        if is_inside && names_place(old) {
            continue;
        }
        changed.push_str(old);
        if is_head(old) {
            if !old.ends_with('\n') {
                changed.push('\n');
            }
            changed.push_str(line);
            changed.push('\n');
        }
    }
    let file = File::parse(path, &changed).ok()?;
    file.key_of(profile)?.is_same_place(place).then_some(changed)
}
