//! The kinds of values that a settings file holds, each refused with what it must be instead.

use super::ProtectRule;
use super::file::{Key, Reader, Set, Value};
use crate::error::Error;
use crate::web::allow::Entry;
use std::path::{Path, PathBuf};
use toml::de::{DeFloat, DeInteger, DeTable};

impl Reader<'_> {
    pub(super) fn table<'v, 'i>(
        &self,
        key: &Key<'_>,
        value: &'v Value<'i>,
    ) -> Result<&'v DeTable<'i>, Error> {
        value.get_ref().as_table().ok_or_else(|| {
            self.error(
                &key.span(),
                format!("\"{}\" must be a section", key.get_ref()),
                "a profile starts with a line such as [profile.acme]".into(),
            )
        })
    }

    pub(super) fn record_url(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<String>, Error> {
        let text = value.get_ref().as_str().map(str::trim);
        let fits = |url: &&str| {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            is_web && ["{id}", "{externalId}"].iter().any(|place| url.contains(place))
        };
        self.set(
            key,
            value,
            text.filter(fits).map(str::to_string),
            "an address in Vitally with {id} in place of the record's id",
        )
    }

    pub(super) fn text(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<String>, Error> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        self.set(key, value, text.map(str::to_string), "text in double quotes")
    }

    pub(super) fn word(
        &self,
        key: &Key<'_>,
        value: &Value<'_>,
        words: &[&str],
    ) -> Result<Set<String>, Error> {
        let text = value.get_ref().as_str().map(str::to_ascii_lowercase);
        let text = text.filter(|text| words.contains(&text.as_str()));
        self.set(key, value, text, &format!("\"{}\"", words.join("\" or \"")))
    }

    pub(super) fn flag(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<bool>, Error> {
        self.set(key, value, value.get_ref().as_bool(), "true or false")
    }

    pub(super) fn count(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<u64>, Error> {
        let number =
            value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        self.set(key, value, number, "a whole number, 0 or more")
    }

    pub(super) fn rules(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<Vec<ProtectRule>>, Error> {
        let texts = value.get_ref().as_array().and_then(|items| {
            let text = |item: &Value<'_>| {
                item.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string)
            };
            items.iter().map(text).collect::<Option<Vec<String>>>()
        });
        let rule = |text: String| {
            let is_script = Path::new(&text).extension().is_some_and(|end| end.eq_ignore_ascii_case("rhai"));
            if is_script {
                ProtectRule::Script(self.folder.join(expanded(&text)))
            } else {
                ProtectRule::Segment(text)
            }
        };
        let rules = texts.map(|texts| texts.into_iter().map(rule).collect());
        self.set(
            key,
            value,
            rules,
            "a list of segments and scripts, such as [\"Enterprise\", \"protect.rhai\"]",
        )
    }

    pub(super) fn hosts(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Vec<Entry>, Error> {
        let texts = value.get_ref().as_array();
        let entries = texts.and_then(|items| {
            items
                .iter()
                .map(|item| item.get_ref().as_str().and_then(Entry::parse))
                .collect::<Option<Vec<_>>>()
        });
        let wanted = "a list of hosts, such as [\"hooks.slack.com\", \"*.example.com\", \"localhost:8080\"]";
        self.set(key, value, entries, wanted).map(|set| set.value)
    }

    pub(super) fn share(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Set<f64>, Error> {
        let value_ref = value.get_ref();
        let text =
            value_ref.as_float().map(DeFloat::as_str).or(value_ref.as_integer().map(DeInteger::as_str));
        let number = text.and_then(|text| text.parse().ok()).filter(|share| (0.0..=0.9).contains(share));
        self.set(key, value, number, "a number from 0 to 0.9")
    }

    pub(super) fn set<T>(
        &self,
        key: &Key<'_>,
        value: &Value<'_>,
        read: Option<T>,
        wanted: &str,
    ) -> Result<Set<T>, Error> {
        match read {
            Some(read) => Ok(Set { value: read, place: self.place(&key.span()) }),
            None => Err(self.error(
                &value.span(),
                format!("\"{}\" must be {wanted}", key.get_ref()),
                String::new(),
            )),
        }
    }
}

/// A path in which a leading `~` means the person's own folder.
pub(super) fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}
