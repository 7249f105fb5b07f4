//! The requests that scripts make by themselves: to hosts that the settings name, never to private networks, and
//! never with the key to Vitally, which this part has not got.

pub mod address;
pub mod allow;
mod fetch;

use crate::error::Message;
use crate::gate::Mode;
use crate::stop::Stop;
use allow::Entry;
use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// The most bytes of an answer.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// How long a request may take, with all its redirects, unless the script says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The longest that a script can say.
pub const LONGEST: Duration = Duration::from_secs(300);

/// One request.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// Where to.
    pub url: Url,
    /// Name, value, and whether the value is a secret.
    pub headers: Vec<(String, String, bool)>,
    /// What is sent along.
    pub body: Option<Vec<u8>>,
    /// How long it may take.
    pub patience: Duration,
    /// Whether the address itself is a secret.
    pub secret: bool,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of a request.
#[derive(Debug)]
pub enum Sent {
    /// It was sent.
    Answered(Answer),
    /// A dry run sends nothing but reads.
    Planned,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What a script can look at: `refused`, `network`, `timeout`, `maybe_applied`, `invalid` or `stopped`.
    pub kind: &'static str,
    /// What happened, and what to do. The address is named by its host alone: the rest may be a secret.
    pub message: Message,
}

impl Trouble {
    /// A trouble of a kind: what happened, and what to do.
    pub fn new(kind: &'static str, text: impl Into<String>, help: impl Into<String>) -> Trouble {
        Trouble { kind, message: Message::new(text, help) }
    }
}

/// What answers in place of the internet, in a test.
pub trait Elsewhere {
    /// The answer to a request.
    fn answer(&self, request: &Request) -> Result<Answer, Trouble>;
}

/// The way out for a script's own requests.
pub struct Web {
    /// Whoever answers in place of the internet.
    elsewhere: Option<Rc<dyn Elsewhere>>,
    allow: Vec<Entry>,
    mode: Mode,
    stop: Stop,
    fetcher: OnceCell<fetch::Fetcher>,
}

impl Web {
    /// A way out to these hosts, in this mode.
    pub fn new(allow: Vec<Entry>, mode: Mode, stop: Stop) -> Web {
        Web { elsewhere: None, allow, mode, stop, fetcher: OnceCell::new() }
    }

    /// No way out: somebody here answers everything.
    pub fn to(elsewhere: Rc<dyn Elsewhere>) -> Web {
        let (allow, stop) = (Vec::new(), Stop::new());
        Web { elsewhere: Some(elsewhere), allow, mode: Mode::Live, stop, fetcher: OnceCell::new() }
    }

    /// Sends a request, unless the mode keeps it back.
    pub fn send(&self, request: Request) -> Result<Sent, Trouble> {
        if let Some(elsewhere) = &self.elsewhere {
            well_formed(&request.url)?;
            return elsewhere.answer(&request).map(Sent::Answered);
        }
        permitted(&self.allow, &request)?;
        let reads = matches!(request.method, "GET" | "HEAD");
        match self.mode {
            Mode::ReadOnly if !reads => Err(Trouble::new(
                "refused",
                format!("{} was not sent to {}: this run is read-only", request.method, host(&request.url)),
                "leave out --read-only, or read_only in the profile, if it is meant",
            )),
            Mode::DryRun if !reads => Ok(Sent::Planned),
            Mode::ReadOnly | Mode::DryRun | Mode::Confirm | Mode::Live => {
                let fetcher = self.fetcher.get_or_init(|| fetch::Fetcher::new(&self.allow));
                fetcher.fetch(request, &self.stop).map(Sent::Answered)
            }
        }
    }
}

/// The host of an address, with its port if that is not the usual one.
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_string(), |port| format!("{host}:{port}"))
}

/// Whether a request may go where it wants to.
fn permitted(allow: &[Entry], request: &Request) -> Result<(), Trouble> {
    let url = &request.url;
    well_formed(url)?;
    if !allow::permits(allow, url) {
        return Err(Trouble::new(
            "refused",
            format!("scripts may not speak to {}", host(url)),
            format!(
                "if they should, name it in vitally.toml: [http] and under it allow = [\"{}\"]",
                host(url)
            ),
        ));
    }
    let secret = request.secret || request.headers.iter().any(|(_, _, secret)| *secret);
    if secret && url.scheme() == "http" && !allow::is_spelled_out(url) {
        return Err(Trouble::new(
            "refused",
            format!("a secret is not sent to {} without encryption", host(url)),
            "write https:// instead of http://",
        ));
    }
    Ok(())
}

/// Whether an address can be asked at all.
fn well_formed(url: &Url) -> Result<(), Trouble> {
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(Trouble::new(
            "refused",
            format!("an address that begins with {}: cannot be asked", url.scheme()),
            "it begins with https://",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Trouble::new(
            "refused",
            format!("the address at {} has a user name or password in it", host(url)),
            "send it as a header: headers: #{ Authorization: secret(\"NAME\") }",
        ));
    }
    Ok(())
}
