//! Where requests go: Vitally's hosts, and what people paste instead of them.

use super::ApiKey;
use reqwest::Url;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// Where requests go and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// The origin, without `/resources`, such as `https://acme.rest.vitally.io`.
    pub origin: String,
    /// The key.
    pub key: ApiKey,
    /// The share of the rate limit that is left to other users of the key, 0 to 0.9; 0.05 is usual.
    pub rate_reserve: f64,
    /// How long to wait for what; `Timeouts::default()` outside tests.
    pub timeouts: Timeouts,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole answer, from the first byte sent to the last received.
    pub total: Duration,
    /// How long an unused connection is kept.
    pub idle: Duration,
    /// Before the second try, at most; each further wait may be twice as long.
    pub backoff: Duration,
    /// A second in what the server says about its rate limit. Shorter in tests, so that they need not wait.
    pub second: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(30),
            idle: Duration::from_secs(20),
            backoff: Duration::from_millis(500),
            second: Duration::from_secs(1),
        }
    }
}

/// Why the settings name no place that requests may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTarget {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub help: String,
}

const EU: &str = "https://rest.vitally-eu.io";

/// The origin that a profile's settings mean. An empty text is the same as none.
///
/// A base URL decides alone. Otherwise the region does: `us` (also when none is given) needs the subdomain; `eu` has
/// one host for everybody, so a subdomain changes nothing there.
pub fn origin(
    region: Option<&str>,
    subdomain: Option<&str>,
    base_url: Option<&str>,
) -> Result<String, BadTarget> {
    if let Some(base_url) = given(base_url) {
        return of_base_url(base_url);
    }
    let region = given(region).map(str::to_ascii_lowercase);
    let workspace = given(subdomain).map(workspace).transpose()?;
    match (region.as_deref(), workspace) {
        (None | Some("us"), Some(Workspace::Named(name))) => Ok(format!("https://{name}.rest.vitally.io")),
        (None, Some(Workspace::Eu)) => bad(
            "the subdomain is an address of Vitally's EU region, but no region is set",
            "set region = \"eu\" in the profile, or VITALLY_REGION=eu; the EU region needs no subdomain",
        ),
        (Some("us"), Some(Workspace::Eu)) => bad(
            "the region is us, but the subdomain is an address of Vitally's EU region",
            "set region = \"eu\" and leave the subdomain out; the EU region needs none",
        ),
        (None, None) => bad(
            "nobody said which Vitally to talk to",
            "vitally-script init asks for it. Or set subdomain in the profile, or VITALLY_SUBDOMAIN, to the name before \
             .vitally.io in your browser; in the EU region set region = \"eu\" or VITALLY_REGION=eu instead. To try things without a Vitally, add \
             --demo.",
        ),
        (Some("us"), None) => bad(
            "the US region needs a subdomain, and none is set",
            "set subdomain in the profile, or VITALLY_SUBDOMAIN, to the name before .vitally.io in your browser",
        ),
        (Some("eu"), Some(Workspace::Named(_))) if given(subdomain).is_some_and(is_us_address) => bad(
            "the region is eu, but the subdomain is an address of Vitally's US region",
            "set region = \"us\" if the workspace is there; otherwise leave the subdomain out, since the EU region \
             needs none",
        ),
        (Some("eu"), _) => Ok(EU.to_string()),
        (Some(other), _) => bad(
            &format!("there is no region \"{}\"", shown(other)),
            "Vitally has two regions: \"us\" and \"eu\"",
        ),
    }
}

/// What to say when no server has this name: usually the subdomain is mistyped.
pub fn unknown_host(host: &str) -> BadTarget {
    let help = match host.strip_suffix(".rest.vitally.io") {
        Some(name) => format!(
            "check the subdomain \"{name}\": it is the first part of the address you use to log in to Vitally. If it \
             is right, check the internet connection."
        ),
        None => "check the internet connection, and the base URL if one is set".to_string(),
    };
    BadTarget { message: format!("no server was found under the name {host}"), help }
}

enum Workspace {
    /// By its name, in the US region as far as one can tell.
    Named(String),
    /// By an address in the EU region.
    Eu,
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn bad<T>(message: &str, help: &str) -> Result<T, BadTarget> {
    Err(BadTarget { message: message.to_string(), help: help.to_string() })
}

fn is_us_address(pasted: &str) -> bool {
    host_of(pasted).ends_with(".vitally.io")
}

/// The host in whatever was pasted, in lower case.
fn host_of(pasted: &str) -> String {
    let after_scheme = pasted.split_once("://").map_or(pasted, |(_, rest)| rest);
    let host = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Reads the bare name, or takes it out of an address such as `https://acme.vitally.io/home`.
fn workspace(pasted: &str) -> Result<Workspace, BadTarget> {
    let host = host_of(pasted);
    if host == "vitally-eu.io" || host.ends_with(".vitally-eu.io") {
        return Ok(Workspace::Eu);
    }
    let name =
        host.strip_suffix(".rest.vitally.io").or_else(|| host.strip_suffix(".vitally.io")).unwrap_or(&host);
    let is_name = !matches!(name, "rest" | "app" | "www")
        && (1..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !is_name {
        return bad(
            &format!("\"{}\" is not the subdomain of a Vitally workspace", shown(pasted)),
            "it is the first part of the address you use to log in: for https://acme.vitally.io it is \"acme\"",
        );
    }
    Ok(Workspace::Named(name.to_string()))
}

fn of_base_url(pasted: &str) -> Result<String, BadTarget> {
    let example = "write it like https://acme.rest.vitally.io, or like http://127.0.0.1:8080 for a simulator on this computer";
    if !pasted.contains("://") {
        return bad("the base URL does not begin with https://", example);
    }
    let Ok(url) = Url::parse(pasted) else {
        return bad("the base URL is not a web address", example);
    };
    if !url.username().is_empty() || url.password().is_some() {
        return bad(
            "the base URL contains a user name or password",
            "leave out everything before the @; the key is set by itself, in VITALLY_API_KEY or in the file that \
             api_key_file names",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return bad("the base URL contains a ? or a #", example);
    }
    if !matches!(url.path().trim_end_matches('/'), "" | "/resources") {
        return bad(&format!("the base URL has the path {}", shown(url.path())), example);
    }
    if let Some(name) = url.host_str().and_then(app_name) {
        return bad(
            "the base URL is the address of Vitally's app, not of its REST API",
            &format!("use https://{name}.rest.vitally.io, or set subdomain = \"{name}\" and no base URL"),
        );
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return bad(
                "the base URL begins with http://, so the key would travel unprotected",
                "use https://; http:// is accepted only for this computer itself, such as http://127.0.0.1:8080",
            );
        }
        _ => return bad("the base URL does not begin with https://", example),
    }
    Ok(url.origin().ascii_serialization())
}

/// The workspace in the address of Vitally's app, such as `acme.vitally.io`.
fn app_name(host: &str) -> Option<&str> {
    let name = host.strip_suffix(".vitally.io")?;
    (name.rsplit('.').next() != Some("rest")).then_some(name)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

/// What somebody wrote as a name, unless it is a key that came to the wrong place.
fn shown(name: &str) -> String {
    // What stands before an @ may be the end of a login.
    if ApiKey::is_likely(name) || name.contains('@') { "***".into() } else { super::words::tidy(name) }
}
