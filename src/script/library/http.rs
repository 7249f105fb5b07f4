//! Requests to other services. Which ones, the settings say; the key to Vitally is never with them.

use super::super::host::{Host, Level};
use super::super::raise::{Raised, mistake, raise};
use super::super::value;
use super::super::words::{described, did_you_mean};
use super::secret::Secret;
use super::{Entry, entry, run};
use crate::web::{self, Answer, Request, Sent, Trouble};
use rhai::{Dynamic, Engine, Map};
use std::rc::Rc;
use url::Url;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "http_get",
        "http_get(url, [#{ query, headers, timeout }])",
        "Asks another service, and gives #{ status, ok, headers, body, json }. Its host must be named in vitally.toml: \
         [http] and under it allow = [\"api.example.com\"]",
        "let tried = attempt(|| http_get(\"https://api.crm.example/customers\", #{ query: #{ page: 1 } }));\n\
         print(if tried.ok { tried.value.json } else { tried.error.message });",
    ),
    entry(
        "http_post",
        "http_post(url, body, [#{ query, headers, timeout, idempotency_key }])",
        "Sends a map or list as JSON, or a text as it is. A dry run sends nothing: it says what it would send, and the answer \
         has planned: true",
        "if arg(\"send\", false) { print(http_post(\"https://api.crm.example/notes\", #{ text: \"Renewed\" }).status); }",
    ),
    entry(
        "http_put",
        "http_put(url, body, [#{ query, headers, timeout, idempotency_key }])",
        "The same with PUT",
        "if arg(\"send\", false) { print(http_put(\"https://api.crm.example/notes/1\", #{ text: \"Renewed\" }).ok); }",
    ),
    entry(
        "http_patch",
        "http_patch(url, body, [#{ query, headers, timeout, idempotency_key }])",
        "The same with PATCH",
        "if arg(\"send\", false) { print(http_patch(\"https://api.crm.example/notes/1\", #{ text: \"Renewed\" }).ok); }",
    ),
    entry(
        "http_delete",
        "http_delete(url, [#{ query, headers, timeout }])",
        "The same with DELETE, and nothing to send",
        "if arg(\"send\", false) { print(http_delete(\"https://api.crm.example/notes/1\").ok); }",
    ),
];

/// The functions that send something along, and their methods.
const SENDING: &[(&str, &str)] = &[("http_post", "POST"), ("http_put", "PUT"), ("http_patch", "PATCH")];
/// Those that do not.
const ASKING: &[(&str, &str)] = &[("http_get", "GET"), ("http_delete", "DELETE")];
/// What a request can be told.
const OPTIONS: &[&str] = &["query", "headers", "timeout", "idempotency_key"];
/// How much of a body a dry run shows, in characters.
const SHOWN: usize = 100;

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    for &(name, method) in ASKING {
        let sender = Rc::clone(host);
        engine.register_fn(name, move |url: Dynamic| call(&sender, method, &url, None, &Map::new()));
        let sender = Rc::clone(host);
        engine
            .register_fn(name, move |url: Dynamic, options: Map| call(&sender, method, &url, None, &options));
    }
    for &(name, method) in SENDING {
        let sender = Rc::clone(host);
        engine.register_fn(name, move |url: Dynamic, body: Dynamic| {
            call(&sender, method, &url, Some(&body), &Map::new())
        });
        let sender = Rc::clone(host);
        engine.register_fn(name, move |url: Dynamic, body: Dynamic, options: Map| {
            call(&sender, method, &url, Some(&body), &options)
        });
    }
}

fn call(
    host: &Host,
    method: &'static str,
    url: &Dynamic,
    body: Option<&Dynamic>,
    options: &Map,
) -> Result<Map, Raised> {
    let mut request = request(method, url, options)?;
    if let Some(body) = body {
        let kind = if body.is_string() { "text/plain; charset=utf-8" } else { "application/json" };
        request.body = Some(match body.as_immutable_string_ref() {
            Ok(text) => text.as_bytes().to_vec(),
            Err(_) => value::to_json(body)?.to_string().into_bytes(),
        });
        if request.headers.iter().all(|(name, _, _)| !name.eq_ignore_ascii_case("content-type")) {
            request.headers.push(("Content-Type".into(), kind.into(), false));
        }
    }
    match send(host, request)? {
        Sent::Answered(answer) => Ok(answered(&answer)),
        Sent::Planned => Ok(planned()),
    }
}

/// Why a request does not take an option, and what to do; `None` if it does.
pub fn option_problem(name: &str) -> Option<(String, String)> {
    (!OPTIONS.contains(&name)).then(|| {
        let near = did_you_mean(name, OPTIONS.iter().copied());
        (format!("a request has no option \"{name}\"{near}"), format!("it has: {}", OPTIONS.join(", ")))
    })
}

/// A request to an address that is a text or a secret.
pub fn request(method: &'static str, url: &Dynamic, options: &Map) -> Result<Request, Raised> {
    if let Some((message, help)) = options.keys().find_map(|key| option_problem(key)) {
        return Err(mistake(message, help));
    }
    let (text, secret) = revealed(url).ok_or_else(|| {
        mistake(
            format!("a request needs an address, and got {}", described(url)),
            "such as \"https://api.example.com/customers\", or secret(\"NAME\")",
        )
    })?;
    let mut url = Url::parse(&text).map_err(|_| {
        let shown = if secret { "the secret".into() } else { format!("\"{text}\"") };
        mistake(format!("{shown} is not an address"), "addresses look like https://api.example.com/customers")
    })?;
    let mut headers = Vec::new();
    for (name, value) in pairs(options, "headers")? {
        let (value, secret) = revealed(&value).unwrap_or_else(|| (value.to_string(), false));
        headers.push((name, value, secret));
    }
    for (name, value) in pairs(options, "query")? {
        if value.is::<Secret>() {
            return Err(mistake(
                "a secret cannot stand in the query, where servers write it into their logs",
                "send it as a header: headers: #{ Authorization: … }",
            ));
        }
        if !value.is_unit() {
            let plain = value::to_json(&value)?;
            let text = plain.as_str().map_or_else(|| plain.to_string(), ToString::to_string);
            url.query_pairs_mut().append_pair(&name, &text);
        }
    }
    if let Some(key) = options.get("idempotency_key") {
        headers.push(("Idempotency-Key".into(), key.to_string(), false));
    }
    let patience = match options.get("timeout") {
        None => web::PATIENCE,
        Some(length) => run::length(length, "timeout")?.min(web::LONGEST),
    };
    Ok(Request { method, url, headers, body: None, patience, secret })
}

/// Sends a request, or says what a dry run would send.
pub fn send(host: &Host, request: Request) -> Result<Sent, Raised> {
    let (method, place) = (request.method, web::host(&request.url));
    let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()).into_owned();
    let sent = host.web.send(request)?;
    if matches!(sent, Sent::Planned) {
        let mut shown: String = body.chars().take(SHOWN).collect();
        if shown.len() < body.len() {
            shown.push('…');
        }
        let what = if shown.is_empty() { String::new() } else { format!(": {shown}") };
        host.output.log(Level::Info, &format!("would send {method} to {place}{what}"));
    }
    Ok(sent)
}

impl From<Trouble> for Raised {
    fn from(trouble: Trouble) -> Raised {
        raise(trouble.kind, trouble.message.text, trouble.message.help)
    }
}

/// A text, and whether it is a secret.
fn revealed(value: &Dynamic) -> Option<(String, bool)> {
    if let Some(secret) = value.read_lock::<Secret>() {
        return Some((secret.reveal().to_string(), true));
    }
    value.as_immutable_string_ref().ok().map(|text| (text.to_string(), false))
}

fn pairs(options: &Map, key: &str) -> Result<Vec<(String, Dynamic)>, Raised> {
    let Some(value) = options.get(key) else { return Ok(Vec::new()) };
    let map = value.read_lock::<Map>().ok_or_else(|| {
        mistake(
            format!("{key} needs a map, and got {}", described(value)),
            format!("such as {key}: #{{ \"name\": \"value\" }}"),
        )
    })?;
    Ok(map.iter().map(|(name, value)| (name.to_string(), value.clone())).collect())
}

fn answered(answer: &Answer) -> Map {
    let mut headers = Map::new();
    for (name, value) in &answer.headers {
        headers.insert(name.into(), value.into());
    }
    let json = serde_json::from_slice(&answer.body).map_or(Dynamic::UNIT, value::from_json);
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    map(answer.status, headers, body.into(), json, false)
}

/// What a script gets in a dry run, so that it goes on as if all were well.
fn planned() -> Map {
    map(200, Map::new(), "".into(), Dynamic::UNIT, true)
}

fn map(status: u16, headers: Map, body: Dynamic, json: Dynamic, planned: bool) -> Map {
    let entries = [
        ("status", i64::from(status).into()),
        ("ok", (200..300).contains(&status).into()),
        ("headers", headers.into()),
        ("body", body),
        ("json", json),
        ("planned", planned.into()),
    ];
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}
