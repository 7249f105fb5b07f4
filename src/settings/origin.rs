//! Which address a region, a subdomain and a base URL mean together.

use crate::error::Message;

/// The origin that requests go to, or why the three cannot work together.
pub fn origin(
    region: Option<&str>,
    subdomain: Option<&str>,
    base_url: Option<&str>,
) -> Result<String, Message> {
    if let Some(url) = base_url {
        return from_base_url(url);
    }
    let region = region.map(str::to_ascii_lowercase);
    match (region.as_deref(), subdomain) {
        (Some("eu"), None) => Ok("https://rest.vitally-eu.io".into()),
        (Some("eu"), Some(subdomain)) => Err(Message::new(
            format!("the EU region has one address for everybody, and a subdomain is set: \"{subdomain}\""),
            "leave out the subdomain, or use region \"us\" if you open Vitally at NAME.vitally.io",
        )),
        (Some("us") | None, Some(subdomain)) => from_subdomain(subdomain),
        (Some("us"), None) => Err(Message::new(
            "the US region needs a subdomain, and none is set",
            "set VITALLY_SUBDOMAIN to the name before .vitally.io in your browser, or subdomain in vitally.toml",
        )),
        (None, None) => Err(Message::new(
            "nobody said which Vitally to talk to",
            "set VITALLY_SUBDOMAIN to the name before .vitally.io in your browser, or VITALLY_REGION=eu; \
             or add --demo to try things without a Vitally",
        )),
        (Some(other), _) => {
            Err(Message::new(format!("there is no region \"{other}\""), "the regions are: us, eu"))
        }
    }
}

fn from_subdomain(subdomain: &str) -> Result<String, Message> {
    let legal = !subdomain.is_empty()
        && subdomain.len() <= 63
        && subdomain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !subdomain.starts_with('-')
        && !subdomain.ends_with('-');
    if legal {
        return Ok(format!("https://{}.rest.vitally.io", subdomain.to_ascii_lowercase()));
    }
    Err(Message::new(
        format!("\"{subdomain}\" is not a subdomain"),
        "give only the name before .vitally.io, such as acme for https://acme.vitally.io",
    ))
}

fn from_base_url(url: &str) -> Result<String, Message> {
    let wrong = |why: &str| {
        Message::new(
            format!("the base URL \"{url}\" {why}"),
            "such as http://127.0.0.1:8080 or https://proxy.example.com",
        )
    };
    let trimmed = url.trim().trim_end_matches('/');
    let trimmed = trimmed.strip_suffix("/resources").unwrap_or(trimmed).trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match host {
        None => Err(wrong("does not start with https:// or http://")),
        Some("") => Err(wrong("names no host")),
        Some(host) if host.contains('@') => Err(Message::new(
            "the base URL holds a user name or password",
            "leave it out: the key is set with VITALLY_API_KEY",
        )),
        Some(host) if host.contains(['?', '#', ' ']) => Err(wrong("is more than an address")),
        Some(_) => Ok(trimmed.to_string()),
    }
}
