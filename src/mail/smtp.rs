//! Speaks to the mail server: the only file that does so.

use super::{Security, Server};
use crate::handshake;
use crate::stop::{Reason, Stop};
use crate::web::Trouble;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often a waiting script looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Whether the mail is sent or given up is decided once, by whoever comes first: what was given up never leaves.
#[derive(Clone, Default)]
struct Decision(Arc<AtomicBool>);

impl Decision {
    /// Takes the decision, unless it has been taken.
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Hands a mail to the server. It is waited for on another thread, because nothing wakes a read when it is to stop.
pub fn post(server: &Server, message: Message, stop: &Stop) -> Result<(), Trouble> {
    let (own, place) = (server.clone(), server.host.clone());
    let (tell, told) = mpsc::channel();
    let decision = Decision::default();
    let theirs = decision.clone();
    std::thread::spawn(move || {
        // Nobody listens any more after Ctrl-C.
        let _ = tell.send(hand_over(&own, &message, &theirs));
    });
    let until = Instant::now() + server.patience;
    while !stop.is_set() && Instant::now() < until {
        match told.recv_timeout(LOOK) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Trouble::new("network", format!("{place} gave no answer"), "try again"));
            }
        }
    }
    let given_up = decision.take();
    if !stop.is_set() {
        return Err(if given_up { silent(server) } else { late(server) });
    }
    let why = if stop.reason() == Some(Reason::TimedOut) { "the time was up" } else { "it was stopped" };
    let what = if given_up { "nothing was sent" } else { "it may have been sent" };
    Err(Trouble::new(
        "stopped",
        format!("{place} had not taken the e-mail when {why}; {what}"),
        "run it again",
    ))
}

fn hand_over(server: &Server, message: &Message, decision: &Decision) -> Result<(), Trouble> {
    let mut line = connect(server)?;
    if let Some(user) = &server.user {
        let password = match &server.password {
            Some(Ok(password)) => password.expose_secret().to_string(),
            Some(Err(missing)) => {
                line.abort();
                return Err(Trouble { kind: "refused", message: missing.clone() });
            }
            None => String::new(),
        };
        let login = Credentials::new(user.clone(), password);
        line.auth(DEFAULT_MECHANISMS, &login).map_err(|error| not_let_in(server, &error))?;
    }
    if !decision.take() {
        line.abort();
        return Err(silent(server));
    }
    line.send(message.envelope(), &message.formatted()).map_err(|error| not_taken(server, &error))?;
    // The mail is on its way, whatever the server says to a goodbye.
    let _ = line.quit();
    Ok(())
}

/// A line to the server, encrypted as the settings want it.
fn connect(server: &Server) -> Result<SmtpConnection, Trouble> {
    let failed = |error: Error| not_reached(server, &error);
    let tls = match server.security {
        Security::Plain => None,
        Security::Tls | Security::StartTls => Some(TlsParameters::new(server.host.clone()).map_err(failed)?),
    };
    let name = ClientId::default();
    let at_once = tls.as_ref().filter(|_| server.security == Security::Tls);
    let place = (server.host.as_str(), server.port);
    let mut line =
        SmtpConnection::connect(place, Some(server.patience), &name, at_once, None).map_err(failed)?;
    if let (Security::StartTls, Some(tls)) = (server.security, &tls) {
        if !line.can_starttls() {
            line.abort();
            return Err(Trouble::new(
                "refused",
                format!("{} does not encrypt, and nothing was sent", server.host),
                "ask whoever runs it for its port with TLS: security = \"tls\" and port in [email] of vitally.toml",
            ));
        }
        line.starttls(tls, &name).map_err(failed)?;
    }
    Ok(line)
}

fn not_reached(server: &Server, error: &Error) -> Trouble {
    let place = format!("{}:{}", server.host, server.port);
    if is_late(error) {
        return silent(server);
    }
    if let Some(refusal) = handshake::refusal(error) {
        let help = if handshake::is_about_identity(refusal) {
            "check server in [email] of vitally.toml, and this computer's clock; a certificate of your own company must \
             be installed on this computer"
        } else {
            "check port and security in [email] of vitally.toml: 465 goes with \"tls\", 587 with \"starttls\""
        };
        return Trouble::new(
            "network",
            format!(
                "the secure connection to {place} could not be made: {}; nothing was sent",
                handshake::words(refusal)
            ),
            help,
        );
    }
    Trouble::new(
        "network",
        format!("the mail server {place} cannot be reached{}", said(error)),
        "check server, port and security in [email] of vitally.toml",
    )
}

fn silent(server: &Server) -> Trouble {
    Trouble::new(
        "timeout",
        format!("the mail server {}:{} did not answer; nothing was sent", server.host, server.port),
        "check server, port and security in [email] of vitally.toml (465 goes with \"tls\", 587 with \"starttls\"), or \
         try again later",
    )
}

fn not_let_in(server: &Server, error: &Error) -> Trouble {
    if is_late(error) {
        return silent(server);
    }
    Trouble::new(
        "unauthorized",
        format!("{} did not accept the login{}", server.host, said(error)),
        "check user and the password that password_env in [email] of vitally.toml leads to; many services want an \
         app password",
    )
}

fn not_taken(server: &Server, error: &Error) -> Trouble {
    let place = &server.host;
    if error.is_permanent() {
        return Trouble::new(
            "invalid",
            format!("{place} refused the e-mail{}", said(error)),
            "check its addresses",
        );
    }
    if error.is_transient() {
        return Trouble::new(
            "server",
            format!("{place} takes no e-mail now{}", said(error)),
            "try again later",
        );
    }
    if is_late(error) {
        return late(server);
    }
    if error.is_client() {
        return Trouble::new(
            "invalid",
            format!("{place} cannot take the e-mail{}", said(error)),
            "check its addresses",
        );
    }
    Trouble::new(
        "maybe_applied",
        format!("the line to {place} broke off; the e-mail may have been sent"),
        "ask somebody whom it was for before you send it again",
    )
}

fn late(server: &Server) -> Trouble {
    Trouble::new(
        "maybe_applied",
        format!(
            "{} did not answer within {} s; the e-mail may have been sent",
            server.host,
            server.patience.as_secs()
        ),
        "ask somebody whom it was for before you send it again",
    )
}

/// Whether the time was up. Unix says of a read that took too long that there is nothing to read yet.
fn is_late(error: &Error) -> bool {
    let waits = |cause: &std::io::Error| cause.kind() == ErrorKind::WouldBlock;
    error.is_timeout() || error.source().and_then(|cause| cause.downcast_ref()).is_some_and(waits)
}

/// What the server said, in its own words.
fn said(error: &Error) -> String {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    let words: String = words.trim().chars().filter(|letter| !letter.is_control()).take(200).collect();
    if words.is_empty() { String::new() } else { format!(": {words}") }
}
