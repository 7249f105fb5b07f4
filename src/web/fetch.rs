//! Sends a script's request, follows where it is led, and looks at every address before it connects: the only file
//! that does so. The client to Vitally is another one, which holds a key.

use super::address::admits;
use super::allow::{self, Entry};
use super::{Answer, LARGEST, Request, Trouble, host, permitted};
use crate::handshake;
use crate::stop::{Reason, Stop};
use rustls::crypto::ring;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::{self, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};
use url::Url;

/// How often a redirect is followed.
const REDIRECTS: usize = 5;
/// How often a waiting script looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// What the guard's errors begin with, to be told apart.
const GUARD: &str = "guard: ";

/// Sends requests, with connections that are kept.
pub struct Fetcher {
    agent: Agent,
    allow: Arc<[Entry]>,
}

impl Fetcher {
    /// A fetcher that goes to these hosts only.
    pub fn new(allow: &[Entry]) -> Fetcher {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(tls)
            .user_agent(concat!("vitally-script/", env!("CARGO_PKG_VERSION")))
            .build();
        Fetcher {
            agent: Agent::with_parts(config, DefaultConnector::default(), Guard::default()),
            allow: allow.into(),
        }
    }

    /// The answer to a request. It is waited for on another thread, because nothing wakes a read when it is to stop;
    /// what comes after that is thrown away.
    pub fn fetch(&self, request: Request, stop: &Stop) -> Result<Answer, Trouble> {
        let (agent, allow) = (self.agent.clone(), Arc::clone(&self.allow));
        let (place, reads) = (host(&request.url), request.method == "GET");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // Nobody listens any more after Ctrl-C.
            let _ = tell.send(followed(&agent, &allow, request));
        });
        while !stop.is_set() {
            match told.recv_timeout(LOOK) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Trouble::new("network", format!("{place} gave no answer"), "try again"));
                }
            }
        }
        let why = if stop.reason() == Some(Reason::TimedOut) { "the time was up" } else { "it was stopped" };
        let maybe = if reads { "" } else { "; it may have been done" };
        Err(Trouble::new("stopped", format!("{place} had not answered when {why}{maybe}"), "run it again"))
    }
}

/// Sends a request and follows redirects, each of which must be permitted as the first one was.
fn followed(agent: &Agent, allow: &[Entry], mut request: Request) -> Result<Answer, Trouble> {
    let until = Instant::now() + request.patience;
    for _ in 0..=REDIRECTS {
        let answer = exchange(agent, &request, until.saturating_duration_since(Instant::now()))?;
        let Some(target) = target(&request.url, &answer) else { return Ok(answer) };
        if request.url.scheme() == "https" && target.scheme() != "https" {
            return Err(Trouble::new(
                "refused",
                format!("{} leads to an address without encryption", host(&request.url)),
                "ask for the https:// address that is meant",
            ));
        }
        if target.origin() != request.url.origin() {
            request.headers.retain(|(name, _, secret)| {
                !secret && !["authorization", "cookie"].contains(&name.to_ascii_lowercase().as_str())
            });
            if request.secret || !matches!(request.method, "GET" | "HEAD") {
                return Err(Trouble::new(
                    "refused",
                    format!(
                        "{} leads to another host, {}, and was not followed",
                        host(&request.url),
                        host(&target)
                    ),
                    "ask for the address that is meant",
                ));
            }
        }
        if answer.status == 303 || matches!(answer.status, 301 | 302) && request.method == "POST" {
            (request.method, request.body) = ("GET", None);
            request.headers.retain(|(name, _, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        request.url = target;
        permitted(allow, &request)?;
    }
    Err(Trouble::new(
        "network",
        format!("{} leads from address to address without an end", host(&request.url)),
        "look at the address in a browser",
    ))
}

/// Where an answer leads to, if it does.
fn target(from: &Url, answer: &Answer) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let (_, location) = answer.headers.iter().find(|(name, _)| name == "location")?;
    from.join(location).ok()
}

/// One request and its answer.
fn exchange(agent: &Agent, request: &Request, patience: Duration) -> Result<Answer, Trouble> {
    let place = host(&request.url);
    if patience.is_zero() {
        return Err(late(request, &place));
    }
    let mut built = http::Request::builder().method(request.method).uri(request.url.as_str());
    for (name, value, secret) in &request.headers {
        let mut value = http::HeaderValue::from_str(value).map_err(|_| unfit(name))?;
        value.set_sensitive(*secret);
        let name = header::HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit(name))?;
        built = built.header(name, value);
    }
    let body = request.body.clone();
    let sent = match body {
        Some(body) => built.body(body).map_err(Error::from).and_then(|request| {
            agent.run(agent.configure_request(request).timeout_global(Some(patience)).build())
        }),
        None => built.body(()).map_err(Error::from).and_then(|request| {
            let allowed = agent.configure_request(request).allow_non_standard_methods(true);
            agent.run(allowed.timeout_global(Some(patience)).build())
        }),
    };
    let answer = sent.map_err(|error| trouble(&error, request, &place))?;
    let status = answer.status().as_u16();
    let headers = answer.headers().iter().map(|(name, value)| {
        (name.as_str().to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let body = answer.into_body().into_with_config().limit(LARGEST).read_to_vec();
    let body = body.map_err(|error| trouble(&error, request, &place))?;
    Ok(Answer { status, headers, body })
}

fn unfit(name: &str) -> Trouble {
    Trouble::new(
        "invalid",
        format!("the header \"{name}\" cannot be sent as it is"),
        "names are letters and -, and values are one line",
    )
}

fn late(request: &Request, place: &str) -> Trouble {
    let seconds = request.patience.as_secs();
    let kind = if request.method == "GET" { "timeout" } else { "maybe_applied" };
    let maybe = if request.method == "GET" { "" } else { "; it may have been done" };
    Trouble::new(
        kind,
        format!("{place} did not answer within {seconds} s{maybe}"),
        "try again later, or give it longer: #{ timeout: \"60s\" }",
    )
}

/// What went wrong, without the address.
fn trouble(error: &Error, request: &Request, place: &str) -> Trouble {
    let reads = request.method == "GET";
    let refusal = match error {
        Error::Io(cause) => handshake::refusal(cause),
        Error::Rustls(refusal) => Some(refusal),
        _ => None,
    };
    // Anything else that the TLS library refuses may come after the request.
    if let Some(refusal) = refusal
        && (reads || handshake::is_about_identity(refusal))
    {
        return insecure(place, &handshake::words(refusal));
    }
    match error {
        Error::Timeout(_) => late(request, place),
        Error::HostNotFound => Trouble::new(
            "network",
            format!("there is no host called {place}, or no connection to the internet"),
            "check the spelling of the address",
        ),
        Error::BodyExceedsLimit(_) => Trouble::new(
            "invalid",
            format!("the answer of {place} is larger than {} MB", LARGEST / 1024 / 1024),
            "ask for less, page by page",
        ),
        Error::Io(cause) if cause.to_string().starts_with(GUARD) => Trouble::new(
            "refused",
            format!("{place} {}", cause.to_string().trim_start_matches(GUARD)),
            "scripts reach the open internet only; a service in your own network is named by its address in [http] allow",
        ),
        Error::Io(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => {
            Trouble::new("network", format!("nothing answers at {place}"), "check the address and its port")
        }
        Error::Rustls(_) | Error::Tls(_) | Error::Pem(_) => insecure(place, "it could not prove who it is"),
        Error::ConnectionFailed => {
            Trouble::new("network", format!("there is no connection to {place}"), "try again later")
        }
        _ if reads => Trouble::new("network", format!("the answer of {place} broke off"), "try again later"),
        _ => Trouble::new(
            "maybe_applied",
            format!("the answer of {place} broke off; it may have been done"),
            "look there before you send it again, or give it an idempotency_key",
        ),
    }
}

fn insecure(place: &str, words: &str) -> Trouble {
    Trouble::new(
        "network",
        format!("the secure connection to {place} could not be made: {words}"),
        "check the address and this computer's clock; a certificate of your own company must be installed on this computer",
    )
}

/// Looks names up, and lets no connection go to a private network: what it answers is what is connected to, so a name
/// cannot mean one thing when it is looked at and another when it is used.
#[derive(Debug, Default)]
struct Guard(DefaultLookup);

/// The system's own way to look names up.
#[derive(Default)]
struct DefaultLookup(DefaultResolver);

impl std::fmt::Debug for DefaultLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DefaultLookup")
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.0.resolve(uri, config, timeout)?;
        let spelled_out = Url::parse(&uri.to_string()).is_ok_and(|url| allow::is_spelled_out(&url));
        if !admits(found.iter().map(SocketAddr::ip), spelled_out) {
            let what = format!("{GUARD}leads into a private network, and scripts may not go there");
            return Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, what)));
        }
        Ok(found)
    }
}
