//! `[notify]` in `vitally.toml`: who is told when jobs fail, recover, or do not run in time, and the heartbeat.

use super::file::{Key, Reader, Set, Value};
use crate::error::Error;
use crate::schedule::length;
use std::path::PathBuf;
use std::time::Duration;

/// Who is told about jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifySection {
    /// An address that messages are posted to.
    pub url: Option<String>,
    /// The environment variable that holds such an address, which is as good as a password.
    pub url_env: Option<String>,
    /// A command that gets the message.
    pub command: Option<String>,
    /// After so many failed runs in a row.
    pub after_failures: u32,
    /// A time at which a job has not run so long after it is told of.
    pub expect_within: Duration,
    /// A file that is written again and again while all is well.
    pub heartbeat_file: Option<PathBuf>,
    /// An address that is asked again and again while all is well.
    pub heartbeat_url: Option<String>,
    /// The environment variable that holds such an address.
    pub heartbeat_url_env: Option<String>,
    /// How often.
    pub heartbeat_every: Duration,
}

impl Default for NotifySection {
    fn default() -> NotifySection {
        NotifySection {
            url: None,
            url_env: None,
            command: None,
            after_failures: 1,
            expect_within: Duration::from_secs(60 * 60),
            heartbeat_file: None,
            heartbeat_url: None,
            heartbeat_url_env: None,
            heartbeat_every: Duration::from_secs(60),
        }
    }
}

/// The keys of the section.
const KEYS: &[&str] = &[
    "url",
    "url_env",
    "command",
    "after_failures",
    "expect_within",
    "heartbeat_file",
    "heartbeat_url",
    "heartbeat_url_env",
    "heartbeat_every",
];

impl Reader<'_> {
    /// The section `[notify]`.
    pub(super) fn notify(&self, key: &Key<'_>, value: &Value<'_>) -> Result<NotifySection, Error> {
        let mut section = NotifySection::default();
        for (name, value) in self.table(key, value)? {
            match name.get_ref().as_ref() {
                "url" => section.url = Some(self.address(name, value)?),
                "url_env" => section.url_env = Some(self.text(name, value)?.value),
                "command" => section.command = Some(self.text(name, value)?.value),
                "after_failures" => section.after_failures = self.times(name, value)?,
                "expect_within" => section.expect_within = self.length(name, value)?,
                "heartbeat_file" => section.heartbeat_file = Some(self.text(name, value)?.value.into()),
                "heartbeat_url" => section.heartbeat_url = Some(self.address(name, value)?),
                "heartbeat_url_env" => section.heartbeat_url_env = Some(self.text(name, value)?.value),
                "heartbeat_every" => section.heartbeat_every = self.length(name, value)?,
                _ => return Err(self.unknown(name, KEYS, "in [notify]")),
            }
        }
        Ok(section)
    }

    fn address(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String, Error> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| url::Url::parse(text).is_ok());
        let wanted = "an address that begins with https://; one that must stay secret belongs into url_env";
        self.set(key, value, text.map(str::to_string), wanted).map(|set| set.value)
    }

    fn times(&self, key: &Key<'_>, value: &Value<'_>) -> Result<u32, Error> {
        let Set { value: number, .. } = self.count(key, value)?;
        let number = u32::try_from(number).ok().filter(|number| *number > 0);
        self.set(key, value, number, "a whole number, 1 or more").map(|set| set.value)
    }

    fn length(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Duration, Error> {
        let seconds = value.get_ref().as_str().and_then(length::seconds);
        let length = seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
        self.set(key, value, length, "a length of time such as \"90s\", \"30m\" or \"2h\"")
            .map(|set| set.value)
    }
}
