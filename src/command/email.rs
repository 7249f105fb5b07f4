//! The mail server of a run, with its password.

use crate::error::Message;
use crate::mail::{PATIENCE, Server};
use crate::settings::Settings;
use secrecy::SecretString;

/// The server that the settings name, if they name one. A password that is missing is told when a mail is sent.
pub fn server(settings: &Settings) -> Option<Server> {
    let section = settings.sources.email()?;
    let password = section.password_env.as_ref().map(|name| {
        let found = settings.sources.for_scripts(name).map(|text| text.trim().to_string());
        found.filter(|text| !text.is_empty()).map(SecretString::from).ok_or_else(|| {
            Message::new(
                format!("there is no password for the mail server {}", section.server),
                format!("set {name} in the environment, or write {name}=… into the file .env of the project"),
            )
        })
    });
    Some(Server {
        host: section.server.clone(),
        port: section.port.unwrap_or_else(|| section.security.port()),
        security: section.security,
        user: section.user.clone(),
        password,
        from: section.from.clone(),
        allow: section.allow.clone(),
        patience: section.timeout.unwrap_or(PATIENCE),
    })
}
