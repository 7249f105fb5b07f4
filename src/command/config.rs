//! `config show`.

use super::{Context, form};
use crate::cli::{Config, ConfigCommand, Format};
use crate::client::ApiKey;
use crate::error::Error;
use crate::settings::{KeySource, Origin, Profile, ProtectRule, Settings, Sourced, key, secret};
use crate::{exit, show};
use serde_json::{Value, json};
use std::fmt::Display;

/// Shows every setting, its value, and where it comes from.
pub fn run(context: &Context, options: &Config) -> Result<u8, Error> {
    let ConfigCommand::Show { origin } = options.command;
    let settings = context.settings(false)?;
    let entries = entries(&settings);
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let mut columns = vec!["setting".to_string(), "value".to_string()];
        columns.extend(origin.then(|| "from".to_string()));
        let rows: Vec<Vec<Value>> = entries
            .into_iter()
            .map(|(name, value, from)| {
                let mut row = vec![name.into(), value];
                row.extend(origin.then(|| from.to_string().into()));
                row
            })
            .collect();
        context.console.line(&show::table(&columns, &rows, context.console.width()));
        return Ok(exit::DONE);
    }
    let entries = entries.into_iter().map(|(name, value, from)| {
        if origin {
            json!({ "setting": name, "value": value, "from": from.to_string() })
        } else {
            json!({ "setting": name, "value": value })
        }
    });
    form::write(&context.console, &entries.collect(), None, format);
    Ok(exit::DONE)
}

/// Every setting with its value and origin; the key is three stars, wherever it is.
pub fn entries(settings: &Settings) -> Vec<(&'static str, Value, Origin)> {
    let profile = &settings.profile;
    let key = match &profile.key.value {
        Some(KeySource::Given(_)) => "***".into(),
        Some(KeySource::File(path)) => format!("*** in the file {}", path.display()).into(),
        Some(KeySource::Keyring(name)) => format!("*** in {}", key::in_keyring(name)).into(),
        Some(KeySource::Command(_)) => "*** from api_key_command".into(),
        None => Value::Null,
    };
    let address = profile.address().map_or(Value::Null, Value::from);
    let address_from = if profile.base_url.value.is_some() {
        &profile.base_url.origin
    } else if profile.subdomain.value.is_some() {
        &profile.subdomain.origin
    } else {
        &profile.region.origin
    };
    vec![
        ("profile", profile.name.clone().into(), profile.chosen.clone()),
        text("region", &profile.region),
        text("subdomain", &profile.subdomain),
        base_url(&profile.base_url),
        ("address", address, address_from.clone()),
        ("env", profile.environment.value.word().into(), profile.environment.origin.clone()),
        ("api_key", key, profile.key.origin.clone()),
        ("read_only", profile.read_only.value.into(), profile.read_only.origin.clone()),
        number("max_changes", &profile.max_changes),
        number("max_deletes", &profile.max_deletes),
        ("protect", rules(profile), profile.protect.origin.clone()),
        ("rate_reserve", profile.rate_reserve.value.into(), profile.rate_reserve.origin.clone()),
        text("timezone", &profile.timezone),
        text("record_url", &profile.record_url),
        path("project", settings.root.display(), Origin::Default),
        path("home", settings.home.value.display(), settings.home.origin.clone()),
    ]
}

fn rules(profile: &Profile) -> Value {
    let rules: Vec<String> = profile.protect.value.iter().map(ProtectRule::text).collect();
    if rules.is_empty() { Value::Null } else { rules.join(", ").into() }
}

fn text(name: &'static str, set: &Sourced<Option<String>>) -> (&'static str, Value, Origin) {
    // A key that came to the wrong place is not shown there, either.
    let shown = |value: &str| if ApiKey::is_likely(value) { "***".into() } else { value.into() };
    (name, set.value.as_deref().map_or(Value::Null, shown), set.origin.clone())
}

fn base_url(set: &Sourced<Option<String>>) -> (&'static str, Value, Origin) {
    let value = set.value.as_deref().map_or(Value::Null, |url| secret::without_login(url).into());
    ("base_url", value, set.origin.clone())
}

fn number(name: &'static str, set: &Sourced<Option<u64>>) -> (&'static str, Value, Origin) {
    (name, set.value.map_or("any number".into(), Value::from), set.origin.clone())
}

fn path(name: &'static str, path: impl Display, origin: Origin) -> (&'static str, Value, Origin) {
    (name, path.to_string().into(), origin)
}
