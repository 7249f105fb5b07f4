//! Failures in words: what happened, and what to do next.

use super::fault::{Cause, Fault};
use super::order::Order;
use super::target::{self, BadTarget};
use super::transport::{LARGEST_BODY, Reply, Transport};
use super::words;
use super::{Failure, Kind};

/// Why a try did not bring an answer worth having.
pub(super) enum Trouble {
    /// No answer.
    Fault(Fault),
    /// An answer of another status than 2xx.
    Refused(Reply),
    /// A 2xx that is not the JSON it should be.
    Garbled(Reply),
    /// A 2xx that is too large.
    TooLarge(Reply),
}

/// Tells of one trouble after so many tries.
pub(super) fn failure(order: &Order, transport: &Transport, trouble: &Trouble, tries: u32) -> Failure {
    let (kind, message, help) = match trouble {
        Trouble::Fault(fault) => of_fault(fault, transport),
        Trouble::Refused(reply) => of_status(reply, order),
        Trouble::Garbled(reply) => of_garbled(reply),
        Trouble::TooLarge(_) => (
            Kind::Server,
            format!("Vitally's answer is larger than {} MiB, which is not taken", LARGEST_BODY >> 20),
            "ask for less at once, for example with a smaller limit".to_string(),
        ),
    };
    let after = if tries > 1 { format!(", after {tries} tries") } else { String::new() };
    // A server may repeat the key in what it says.
    let message = transport.target().key.hide_in(&format!("{message}{after}"));
    let mut failure = order.failure(kind, message, Some(help));
    failure.status = match trouble {
        Trouble::Fault(_) => None,
        Trouble::Refused(reply) | Trouble::Garbled(reply) | Trouble::TooLarge(reply) => Some(reply.status),
    };
    failure
}

/// A write whose end is not known, because of `cause`.
pub(super) fn unclear(cause: Failure) -> Failure {
    Failure {
        kind: Kind::MaybeApplied,
        message: format!("it is not known whether Vitally did this: {}", cause.message),
        help: Some(
            "look in Vitally before you run it again: a second try could make a second record. With an \
             externalId a repeat is safe."
                .into(),
        ),
        maybe_applied: true,
        ..cause
    }
}

/// A write that can be repeated, but whose end is not known.
pub(super) fn in_doubt(cause: Failure) -> Failure {
    let help = cause.help.unwrap_or_default();
    let help = format!(
        "{}. A try that got no clear answer may have done it; to repeat it does no harm.",
        help.trim_end_matches('.')
    );
    Failure { maybe_applied: true, help: Some(help), ..cause }
}

/// Asked to stop.
pub(super) fn stopped(order: &Order, in_doubt: bool) -> Failure {
    let message = match (order.is_write(), in_doubt) {
        (true, true) => "stopped while Vitally had not answered yet; it may have done this all the same",
        (true, false) => "stopped before this was sent",
        (false, _) => "stopped before Vitally answered",
    };
    let help = in_doubt.then(|| "look in Vitally whether it was done before you run it again".to_string());
    Failure { maybe_applied: in_doubt, ..order.failure(Kind::Stopped, message.into(), help) }
}

/// The machine gave no thread to send it.
pub(super) fn not_started(order: &Order) -> Failure {
    order.failure(
        Kind::Network,
        "this computer could not start the request; nothing was sent".into(),
        Some("it has too little memory or too many programs running; close some and run it again".into()),
    )
}

fn host(transport: &Transport) -> &str {
    let origin = &transport.target().origin;
    origin.split_once("://").map_or(origin.as_str(), |(_, host)| host)
}

fn of_fault(fault: &Fault, transport: &Transport) -> (Kind, String, String) {
    let host = host(transport);
    match &fault.cause {
        Cause::NoHost => {
            let BadTarget { message, help } = target::unknown_host(host);
            (Kind::Network, message, help)
        }
        Cause::NoConnection(words) => (
            Kind::Network,
            format!("no connection to {host}: {}", words::tidy(words)),
            "check the internet connection, a firewall or VPN in between, and the base URL if one is set".into(),
        ),
        Cause::ConnectTimeout => (
            Kind::Timeout,
            format!("{host} did not accept a connection in time"),
            "check the internet connection, and a firewall or VPN in between; then run it again".into(),
        ),
        Cause::Tls(words) => (
            Kind::Network,
            format!("the secure connection to {host} could not be made: {}", words::tidy(words)),
            "check the base URL and this computer's clock. If the company's network inspects traffic, its certificate must be \
             installed on this computer."
                .into(),
        ),
        Cause::Timeout => (
            Kind::Timeout,
            "Vitally did not answer in time".into(),
            "run it again in a while; if it stays like this, look at Vitally's status page".into(),
        ),
        Cause::Broken => (
            Kind::Network,
            "the connection broke off before Vitally's answer was complete".into(),
            "run it again; if it stays like this, check the internet connection and any proxy or VPN in between"
                .into(),
        ),
        Cause::Unsendable | Cause::GivenUp => (
            Kind::Invalid,
            "the address of this request contains characters that cannot be sent".into(),
            "check the id or the path for spaces and unusual characters".into(),
        ),
        Cause::Unready(words) => (
            Kind::Network,
            format!("secure connections cannot be set up on this computer: {}", words::tidy(words)),
            "install the system's root certificates (the package is often called ca-certificates)".into(),
        ),
    }
}

fn of_status(reply: &Reply, order: &Order) -> (Kind, String, String) {
    let status = reply.status;
    let told = words::of_body(&reply.body);
    let says = told.map_or(String::new(), |words| format!(": {}", words.trim_end_matches('.')));
    let path = order.path().split('?').next().unwrap_or_default();
    match status {
        300..=399 => {
            let to = reply.headers.get("location").map(|to| to.split(['?', '#']).next().unwrap_or_default());
            let to = to.map_or(String::new(), |to| format!(", to {}", words::tidy(to)));
            (
                Kind::Server,
                format!("the server sent the request elsewhere instead of answering it ({status}){to}"),
                "check the subdomain and the base URL: the address is not the one of Vitally's REST API".into(),
            )
        }
        401 => (
            Kind::Unauthorized,
            format!("Vitally did not accept the API key ({status}){says}"),
            "check the key and the profile: a key belongs to one workspace and one region. Set it in \
             VITALLY_API_KEY, or in the file that api_key_file names."
                .into(),
        ),
        403 => (
            Kind::Unauthorized,
            format!("Vitally does not let this API key do that ({status}){says}"),
            "check the profile, and ask a Vitally administrator whether the key is still active".into(),
        ),
        404 => (
            Kind::NotFound,
            format!("Vitally has nothing at {} ({status}){says}", words::tidy(path)),
            "check the id and the profile: the record may have been deleted, or belong to another workspace".into(),
        ),
        409 => (
            Kind::Conflict,
            format!("Vitally refused this because it conflicts with what is there ({status}){says}"),
            "look at the existing record, and update it instead of creating another".into(),
        ),
        429 => (
            Kind::RateLimited,
            format!("Vitally's rate limit is still reached ({status}){says}"),
            "run it again in a few minutes; other integrations that use the same key share its limit".into(),
        ),
        408 => (
            Kind::Timeout,
            format!("Vitally did not receive the request in time ({status}){says}"),
            "run it again; if it stays like this, check the internet connection".into(),
        ),
        500.. => (
            Kind::Server,
            format!("Vitally failed to answer ({status}){says}"),
            "run it again in a while; if it stays like this, look at Vitally's status page".into(),
        ),
        _ => (
            Kind::Invalid,
            format!("Vitally did not accept the request ({status}){says}"),
            "correct what Vitally names and run it again; `vitally-script fields` lists every field with its type"
                .into(),
        ),
    }
}

fn of_garbled(reply: &Reply) -> (Kind, String, String) {
    let status = reply.status;
    if words::is_web_page(&reply.body) {
        return (
            Kind::Server,
            format!("Vitally answered with a web page instead of data ({status})"),
            "check the subdomain and the base URL: the address is not the one of Vitally's REST API, or a proxy or \
             login page is in between"
                .into(),
        );
    }
    let what = if reply.body.is_empty() { "is empty" } else { "is cut off or is not JSON" };
    (
        Kind::Server,
        format!("Vitally's answer {what} ({status})"),
        "run it again; if it stays like this, check the base URL and any proxy or VPN in between".into(),
    )
}
