//! One try of one request over HTTP. This is the only place that talks to Vitally; the scripts' own `http_*` calls
//! use another library on purpose, which never sees a Vitally key.

use super::Target;
use super::order::Order;
use crate::catalogue::Method;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use std::error::Error as _;
use std::io::Read as _;
use std::sync::{Mutex, PoisonError};

/// The largest body we take, after decompression: 32 MiB.
pub(super) const LARGEST_BODY: u64 = 32 * 1024 * 1024;

/// An answer of any status.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The body ended before its end; only for a status of 300 and up, where the status says enough.
    pub(super) too_large: bool,
}

impl Reply {
    /// A header by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Why no answer came.
pub(super) struct Fault {
    /// Whether bytes of the request may have reached a server.
    pub(super) sent: bool,
    pub(super) cause: Cause,
}

/// What went wrong on the way.
pub(super) enum Cause {
    /// No such host, or no name server.
    NoHost,
    /// Nobody listens there, or no route.
    NoConnection(String),
    /// The host does not answer to a connection.
    ConnectTimeout,
    /// The certificate or the encryption is not accepted.
    Tls(String),
    /// Connected, and no whole answer in time.
    Timeout,
    /// The connection broke off.
    Broken,
    /// The request cannot be put into bytes.
    Unsendable,
    /// The HTTP library cannot start on this machine.
    Unready(String),
}

/// The HTTP client of one target, built at the first request.
pub(super) struct Transport {
    built: Mutex<Option<Client>>,
    target: Target,
}

impl Transport {
    pub(super) fn new(target: Target) -> Transport {
        Transport { built: Mutex::new(None), target }
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Sends one request and reads its answer whole.
    pub(super) fn send(&self, order: &Order) -> Result<Reply, Fault> {
        let client = self.client()?;
        let method = match order.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut key = HeaderValue::from_str(&self.target.key.basic_auth())
            .map_err(|_| Fault { sent: false, cause: Cause::Unsendable })?;
        key.set_sensitive(true);
        let mut request = client
            .request(method, format!("{}/resources{}", self.target.origin, order.path()))
            .timeout(self.target.timeouts.total)
            .header(AUTHORIZATION, key)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = order.body() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        read(request.send().map_err(|error| fault(&error))?)
    }

    fn client(&self) -> Result<Client, Fault> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*built {
            return Ok(client.clone());
        }
        let client =
            self.build().map_err(|error| Fault { sent: false, cause: Cause::Unready(innermost(&error)) })?;
        Ok(built.insert(client).clone())
    }

    fn build(&self) -> reqwest::Result<Client> {
        // A second installation is refused, and the first is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let timeouts = &self.target.timeouts;
        let mut builder = Client::builder()
            .user_agent(concat!("vitally-script/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(timeouts.idle)
            .pool_max_idle_per_host(16);
        if self.target.origin.starts_with("http://") {
            // Only loopback is reached without TLS: no certificates to load, and no proxy on the way.
            builder = builder.no_proxy().tls_certs_only([]);
        }
        builder.build()
    }
}

fn read(response: Response) -> Result<Reply, Fault> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let announced = response.content_length();
    let mut body = Vec::new();
    let mut too_large = announced.is_some_and(|length| length > LARGEST_BODY);
    if !too_large {
        if let Some(length) = announced {
            body.reserve_exact(usize::try_from(length).unwrap_or_default() + 1);
        }
        let whole = response.take(LARGEST_BODY + 1).read_to_end(&mut body);
        too_large = body.len() as u64 > LARGEST_BODY;
        if let Err(error) = whole
            && status < 300
        {
            let timed_out = is_timeout(&error);
            return Err(Fault { sent: true, cause: if timed_out { Cause::Timeout } else { Cause::Broken } });
        }
    }
    Ok(Reply { status, headers, body, too_large })
}

fn is_timeout(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

fn fault(error: &reqwest::Error) -> Fault {
    if error.is_builder() {
        return Fault { sent: false, cause: Cause::Unsendable };
    }
    if error.is_connect() {
        let cause = if error.is_dns() {
            Cause::NoHost
        } else if let Some(tls) = tls_reason(error) {
            Cause::Tls(tls)
        } else if error.is_timeout() {
            Cause::ConnectTimeout
        } else {
            Cause::NoConnection(innermost(error))
        };
        return Fault { sent: false, cause };
    }
    Fault { sent: true, cause: if error.is_timeout() { Cause::Timeout } else { Cause::Broken } }
}

/// What the TLS library says, if it was the one to refuse.
fn tls_reason(error: &reqwest::Error) -> Option<String> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls_words(tls));
        }
        // An I/O error names as its source what is below the error it holds, so that has to be looked at first.
        let held = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        source = match held {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    None
}

/// The usual reasons in plain words.
fn tls_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    let words = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::UnknownIssuer => "this computer does not trust its certificate",
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired",
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet",
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            _ => "its certificate is not valid",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS",
        other => return other.to_string(),
    };
    words.to_string()
}

/// The innermost cause, which is the system's own word, such as "Connection refused".
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let words = cause.to_string();
    words.split(" (os error").next().unwrap_or_default().to_lowercase()
}

impl Cause {
    /// A few words for the line of a try.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Cause::NoHost => "no such host",
            Cause::NoConnection(_) => "no connection",
            Cause::ConnectTimeout => "no connection in time",
            Cause::Tls(_) => "no secure connection",
            Cause::Timeout => "no answer in time",
            Cause::Broken => "connection broken off",
            Cause::Unsendable => "not sent",
            Cause::Unready(_) => "not ready",
        }
    }
}
