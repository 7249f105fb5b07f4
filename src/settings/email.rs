//! `[email]` in `vitally.toml`: the server that scripts send e-mails through, and to whom.

use super::file::{Key, Reader, Value};
use crate::error::Error;
use crate::mail::Security;
use crate::mail::allow::Recipients;
use crate::schedule::length;
use std::time::Duration;

/// The server that scripts send e-mails through.
#[derive(Clone, Debug)]
pub struct EmailSection {
    /// The server's name.
    pub server: String,
    /// Its port; that of its kind if nobody says.
    pub port: Option<u16>,
    /// How the way there is encrypted.
    pub security: Security,
    /// Who logs in.
    pub user: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// Whom mails are from.
    pub from: String,
    /// Who may get mails.
    pub allow: Recipients,
    /// How long sending may take.
    pub timeout: Option<Duration>,
}

/// The keys of the section.
const KEYS: &[&str] = &["server", "port", "security", "user", "password_env", "from", "allow", "timeout"];

impl Reader<'_> {
    /// The section `[email]`.
    pub(super) fn email(&self, key: &Key<'_>, value: &Value<'_>) -> Result<EmailSection, Error> {
        let (mut server, mut port, mut security, mut user) = (None, None, Security::StartTls, None);
        let (mut password_env, mut from, mut allow, mut timeout) = (None, None, Recipients::default(), None);
        for (name, value) in self.table(key, value)? {
            match name.get_ref().as_ref() {
                "server" => server = Some(self.text(name, value)?.value),
                "port" => port = Some(self.port(name, value)?),
                "security" => {
                    security = match self.word(name, value, &["tls", "starttls", "none"])?.value.as_str() {
                        "tls" => Security::Tls,
                        "none" => Security::Plain,
                        _ => Security::StartTls,
                    }
                }
                "user" => user = Some(self.text(name, value)?.value),
                "password_env" => password_env = Some(self.text(name, value)?.value),
                "from" => from = Some(self.text(name, value)?.value),
                "allow" => allow = self.recipients(name, value)?,
                "timeout" => timeout = Some(self.patience(name, value)?),
                "password" => {
                    return Err(self.error(
                        &name.span(),
                        "a password never stands in this file".into(),
                        "write password_env = \"SMTP_PASSWORD\", and SMTP_PASSWORD=… into the file .env of the project"
                            .into(),
                    ));
                }
                _ => return Err(self.unknown(name, KEYS, "in [email]")),
            }
        }
        let missing = |what: &str, such_as: &str| {
            self.error(&key.span(), format!("[email] needs {what}"), format!("such as {such_as}"))
        };
        let server = server.ok_or_else(|| missing("a server", "server = \"smtp.example.com\""))?;
        let from = from.ok_or_else(|| missing("a sender", "from = \"CS Ops <cs-ops@example.com>\""))?;
        if user.is_some() != password_env.is_some() {
            return Err(missing(
                "user and password_env together, or neither",
                "password_env = \"SMTP_PASSWORD\"",
            ));
        }
        let here = matches!(server.as_str(), "localhost" | "127.0.0.1" | "::1");
        if user.is_some() && security == Security::Plain && !here {
            return Err(missing(
                "an encrypted way, because a password goes over it",
                "security = \"starttls\" or security = \"tls\"",
            ));
        }
        Ok(EmailSection { server, port, security, user, password_env, from, allow, timeout })
    }

    fn port(&self, key: &Key<'_>, value: &Value<'_>) -> Result<u16, Error> {
        let number = self.count(key, value)?.value;
        let number = u16::try_from(number).ok().filter(|number| *number > 0);
        self.set(key, value, number, "a number from 1 to 65535, such as 587").map(|set| set.value)
    }

    fn recipients(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Recipients, Error> {
        let texts = value.get_ref().as_array().and_then(|items| {
            items.iter().map(|item| item.get_ref().as_str()).collect::<Option<Vec<&str>>>()
        });
        let wanted = "a list of addresses and domains, such as [\"@example.com\", \"sam@example.org\"], or [\"*\"] for all";
        self.set(key, value, texts.and_then(Recipients::parse), wanted).map(|set| set.value)
    }

    fn patience(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Duration, Error> {
        let seconds = value.get_ref().as_str().and_then(length::seconds);
        let length = seconds
            .and_then(|seconds| u64::try_from(seconds).ok())
            .filter(|seconds| (1..=300).contains(seconds));
        let wanted = "a length of time from \"1s\" to \"5m\"";
        self.set(key, value, length.map(Duration::from_secs), wanted).map(|set| set.value)
    }
}
