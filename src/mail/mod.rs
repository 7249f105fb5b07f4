//! The e-mails that scripts send: through the one server that the settings name, to the addresses that they allow.

pub mod allow;
mod letter;
mod smtp;

pub use letter::{Attachment, Letter};

use crate::error::Message;
use crate::gate::Mode;
use crate::stop::Stop;
use crate::web::Trouble;
use allow::Recipients;
use secrecy::SecretString;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

/// How long sending may take, from the first packet to the server's last word.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How the way to the server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the first byte; port 465.
    Tls,
    /// After a greeting, or not at all; port 587.
    StartTls,
    /// Not, which is for a server on this machine or in the own network; port 25.
    Plain,
}

impl Security {
    /// The port that servers of this kind listen at.
    pub fn port(self) -> u16 {
        match self {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        }
    }
}

/// The server that mails leave through.
#[derive(Clone)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is encrypted.
    pub security: Security,
    /// Who logs in, if somebody has to.
    pub user: Option<String>,
    /// The password; an error says where it should have been.
    pub password: Option<Result<SecretString, Message>>,
    /// Whom mails are from, such as `CS Ops <cs-ops@example.com>`.
    pub from: String,
    /// Who may get mails.
    pub allow: Recipients,
    /// How long sending may take.
    pub patience: Duration,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The server has taken it.
    Sent,
    /// A dry run sends nothing.
    Planned,
}

/// What takes mails in place of a server, in a test.
pub trait Elsewhere {
    /// Takes a mail.
    fn take(&self, letter: &Letter);
}

/// The way out for mails.
pub struct Mail {
    elsewhere: Option<Rc<dyn Elsewhere>>,
    server: Option<Server>,
    mode: Mode,
    stop: Stop,
}

impl Mail {
    /// A way out through a server, in this mode; without a server there is none.
    pub fn new(server: Option<Server>, mode: Mode, stop: Stop) -> Mail {
        Mail { elsewhere: None, server, mode, stop }
    }

    /// No way out: somebody here takes everything.
    pub fn to(elsewhere: Rc<dyn Elsewhere>) -> Mail {
        Mail { elsewhere: Some(elsewhere), server: None, mode: Mode::Live, stop: Stop::new() }
    }

    /// Sends a mail, unless the mode keeps it back.
    pub fn send(&self, letter: &Letter) -> Result<Posted, Trouble> {
        letter.check()?;
        if let Some(elsewhere) = &self.elsewhere {
            elsewhere.take(letter);
            return Ok(Posted::Sent);
        }
        let server = self.server.as_ref().ok_or_else(unset)?;
        let message = letter.message(&server.from)?;
        if let Some(stranger) = letter.everybody().find(|address| !server.allow.permit(address)) {
            return Err(Trouble::new(
                "refused",
                format!("scripts may not write to {stranger}"),
                format!(
                    "if they should, name the address or its domain in vitally.toml: [email] and under it {}",
                    {
                        let domain = stranger.rsplit_once('@').map_or(stranger, |(_, domain)| domain);
                        format!("allow = [\"@{domain}\"]")
                    }
                ),
            ));
        }
        match self.mode {
            Mode::ReadOnly => Err(Trouble::new(
                "refused",
                "the e-mail was not sent: this run is read-only",
                "leave out --read-only, or read_only in the profile, if it is meant",
            )),
            Mode::DryRun => Ok(Posted::Planned),
            Mode::Confirm | Mode::Live => smtp::post(server, message, &self.stop).map(|()| Posted::Sent),
        }
    }
}

fn unset() -> Trouble {
    Trouble::new(
        "refused",
        "no mail server is set up, so no e-mail can be sent",
        "write a section [email] into vitally.toml: vitally-script help email shows how",
    )
}
