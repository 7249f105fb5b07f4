//! Reads as the gate asks for them, sent without the product's client.

use super::http;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use vitally_script::catalogue::{self, Effect};
use vitally_script::gate::{Ask, Shape};
use vitally_script::simulator::Simulator;

/// The request that reads one record; instances have none, and are searched by their id.
pub fn one(object: &str, key: &str, parent: Option<&str>) -> Ask {
    let page = catalogue::object(object).expect("an object");
    if object == "custom_object_instance" {
        let path = format!("/customObjects/{}/instances/search", parent.unwrap_or_default());
        return Ask { object: page, path, query: vec![("id".into(), key.into())], shape: Shape::Search };
    }
    let get = page.actions.iter().find(|action| action.effect == Effect::Read).expect("a read");
    let path = get.path.replace("{id}", &encoded(key));
    Ask { object: page, path, query: Vec::new(), shape: Shape::One(key.into()) }
}

/// The record in an answer of either shape.
pub fn first(answer: Value) -> Option<Value> {
    match answer {
        Value::Array(found) => found.into_iter().next(),
        other => Some(other),
    }
}

/// A read without the product's client; `None` if it is refused.
pub fn read(simulator: &Simulator, ask: &Ask) -> Option<Value> {
    let query: Vec<String> =
        ask.query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let reply = http::get(simulator, &format!("{}?{}", ask.path, query.join("&")));
    (reply.status == 200).then(|| reply.json())
}

/// The pages of a list, of three records each; `None` if it is refused.
pub fn walk(simulator: &Simulator, path: &str, query: &[(String, String)]) -> Option<Vec<Vec<Value>>> {
    let mut pages = Vec::new();
    let mut from = String::new();
    loop {
        let filters: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let target = format!("{path}?limit=3&from={}&{}", encoded(&from), filters.join("&"));
        let reply = http::get(simulator, &target);
        if reply.status != 200 {
            return None;
        }
        let page = reply.json();
        pages.push(page["results"].as_array().expect("a page").clone());
        match page["next"].as_str() {
            Some(next) => from = next.to_string(),
            None => return Some(pages),
        }
    }
}

/// Text as it stands in a path or query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
