//! A few lines of HTTP/1.1 over a socket, so that the simulator is tested without the product's client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use serde_json::Value;
use vitally_script::simulator::Simulator;

/// The key of `Options::default()`.
pub const KEY: &str = "sk_live_simulator";

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// The header value for a key.
pub fn basic(key: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{key}:")))
}

/// Sends a request under `/resources` and expects an answer.
pub fn send(simulator: &Simulator, method: &str, path: &str, body: &Value) -> Reply {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    exchange(simulator, method, &format!("/resources{path}"), Some(&basic(KEY)), &text).expect("an answer")
}

/// Reads.
pub fn get(simulator: &Simulator, path: &str) -> Reply {
    send(simulator, "GET", path, &Value::Null)
}

/// Reads a page's or a search's records.
pub fn results(simulator: &Simulator, path: &str) -> Vec<Value> {
    let reply = get(simulator, path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()["results"].as_array().unwrap_or_else(|| panic!("{path}: {}", reply.text())).clone()
}

/// The Vitally id of a record named in a path.
pub fn id(simulator: &Simulator, path: &str) -> String {
    get(simulator, path).json()["id"].as_str().unwrap_or_else(|| panic!("{path} has no id")).to_string()
}

/// Sends one request on a connection of its own; `None` if the connection ends without an answer.
pub fn exchange(
    simulator: &Simulator,
    method: &str,
    target: &str,
    authorization: Option<&str>,
    body: &str,
) -> Option<Reply> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    if let Some(value) = authorization {
        head += &["authorization: ", value, "\r\n"].concat();
    }
    let length = body.len().to_string();
    head += &["content-type: application/json\r\ncontent-length: ", &length, "\r\n\r\n", body].concat();
    let origin = simulator.origin();
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    stream.write_all(head.as_bytes()).expect("the request goes out");
    let mut answer = Vec::new();
    // A connection that was reset has no answer either.
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string()))
        .collect();
    Some(Reply { status, headers, body: answer[end + 4..].to_vec() })
}
