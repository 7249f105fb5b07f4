//! Messages to Slack, through an incoming webhook.

use super::super::host::Host;
use super::super::raise::{Raised, mistake, raise};
use super::super::value;
use super::super::words::described;
use super::{Entry, entry, http};
use crate::web::{self, Sent};
use rhai::{Dynamic, Engine, Map};
use serde_json::{Value, json};
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[entry(
    "slack",
    "slack(webhook, message)",
    "Posts to Slack. The webhook is a secret or its address, and hooks.slack.com must be named in vitally.toml: [http] and \
     under it allow = [\"hooks.slack.com\"]. The message is a text, a list of blocks, or a whole map",
    "if env(\"SLACK_OPS_HOOK\") != () { slack(secret(\"SLACK_OPS_HOOK\"), plural(3, \"renewal\") + \" this week\"); }",
)];

/// Registers the function.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let sender = Rc::clone(host);
    engine.register_fn("slack", move |webhook: Dynamic, message: Dynamic| post(&sender, &webhook, &message));
}

fn post(host: &Host, webhook: &Dynamic, message: &Dynamic) -> Result<bool, Raised> {
    let payload = match value::to_json(message)? {
        Value::String(text) if !text.trim().is_empty() => json!({ "text": text }),
        Value::Array(blocks) if !blocks.is_empty() => json!({ "blocks": blocks }),
        Value::Object(whole) if !whole.is_empty() => Value::Object(whole),
        _ => {
            return Err(mistake(
                format!("slack needs a message, and got {}", described(message)),
                "a text, or a list of blocks as Slack describes them",
            ));
        }
    };
    let mut request = http::request("POST", webhook, &Map::new())?;
    // Whoever knows the address of a webhook can post to it.
    request.secret = true;
    request.headers.push(("Content-Type".into(), "application/json".into(), false));
    request.body = Some(payload.to_string().into_bytes());
    let place = web::host(&request.url);
    let Sent::Answered(answer) = http::send(host, request)? else { return Ok(true) };
    if (200..300).contains(&answer.status) {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&answer.body).trim().chars().take(200).collect::<String>();
    let (kind, help) = match answer.status {
        429 => ("rate_limited", "Slack takes about one message a second; put several into one"),
        500.. => ("server", "try again later"),
        _ => ("invalid", "check the webhook's address in Slack, and the blocks"),
    };
    Err(raise(kind, format!("{place} answered {}: {said}", answer.status), Some(help.into())))
}
