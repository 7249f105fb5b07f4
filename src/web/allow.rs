//! Which hosts scripts may speak to: those that the settings name, and no other.

use std::net::IpAddr;
use url::{Host, Url};

/// One entry of `allow`: a host, perhaps with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    host: Name,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    /// Exactly this name.
    Exact(String),
    /// Every name that ends so, such as `.example.com`.
    Below(String),
    /// An address, spelled out.
    Address(IpAddr),
}

impl Entry {
    /// Reads an entry such as `hooks.slack.com`, `*.example.com` or `localhost:8080`; `None` if it is none.
    pub fn parse(text: &str) -> Option<Entry> {
        let text = text.trim();
        let (below, bare) = text.strip_prefix("*.").map_or((false, text), |bare| (true, bare));
        if bare.contains(['/', '@', '*', '?', '#', ' ']) {
            return None;
        }
        // The default port of the scheme would not be told apart from none.
        let url = Url::parse(&format!("ws://{bare}")).ok()?;
        let port = if bare.ends_with(":80") { Some(80) } else { url.port() };
        let host = match url.host()? {
            Host::Domain(name) if below && name.contains('.') => Name::Below(format!(".{}", plain(name))),
            Host::Domain(name) if !below && (name.contains('.') || name == "localhost") => {
                Name::Exact(plain(name))
            }
            Host::Ipv4(address) if !below => Name::Address(address.into()),
            Host::Ipv6(address) if !below => Name::Address(address.into()),
            Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => return None,
        };
        Some(Entry { host, port })
    }

    fn permits(&self, url: &Url) -> bool {
        let host = match (url.host(), &self.host) {
            (Some(Host::Domain(name)), Name::Exact(known)) => plain(name) == *known,
            (Some(Host::Domain(name)), Name::Below(end)) => plain(name).ends_with(end.as_str()),
            (Some(Host::Ipv4(address)), Name::Address(known)) => IpAddr::from(address) == *known,
            (Some(Host::Ipv6(address)), Name::Address(known)) => IpAddr::from(address) == *known,
            _ => false,
        };
        let port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            // On this machine and on spelled-out addresses services stand at any port.
            None => url.port().is_none() || is_spelled_out(url),
        };
        host && port
    }
}

/// Whether any entry permits an address.
pub fn permits(entries: &[Entry], url: &Url) -> bool {
    entries.iter().any(|entry| entry.permits(url))
}

/// Whether a URL says itself where it leads, without asking for a name: only then may that be a private network.
pub fn is_spelled_out(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => plain(name) == "localhost",
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_lowercase()
}
