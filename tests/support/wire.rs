//! A client that talks to a test server without waiting long, and remembers what it reported.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use vitally_script::catalogue::Method;
use vitally_script::client::{ApiKey, Client, Target, Timeouts, Watch, WriteRequest, Writer, connect};
use vitally_script::stop::Stop;

/// The key of every test.
pub const KEY: &str = "sk_live_canary_7731";

/// Remembers what it heard.
#[derive(Default)]
pub struct Heard {
    requests: Mutex<Vec<String>>,
    notices: Mutex<Vec<String>>,
    details: Mutex<Vec<String>>,
}

impl Watch for Heard {
    fn request(&self, line: &dyn Fn() -> String) {
        self.requests.lock().expect("no test panicked here").push(line());
    }

    fn notice(&self, line: &str) {
        self.notices.lock().expect("no test panicked here").push(line.to_string());
    }

    fn detail(&self, line: &str) {
        self.details.lock().expect("no test panicked here").push(line.to_string());
    }
}

impl Heard {
    /// The lines of `-vv`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panicked here").clone()
    }

    /// The further lines of `-v`.
    pub fn details(&self) -> Vec<String> {
        self.details.lock().expect("no test panicked here").clone()
    }

    /// What a person was told.
    pub fn notices(&self) -> Vec<String> {
        self.notices.lock().expect("no test panicked here").clone()
    }
}

/// Both halves, with what they report and the flag that stops them.
pub struct Wire {
    /// The reading half.
    pub client: Client,
    /// The writing half.
    pub writer: Writer,
    /// What was reported.
    pub heard: Arc<Heard>,
    /// The wish to stop.
    pub stop: Stop,
}

/// Opens a connection to this origin that waits only milliseconds between tries.
pub fn wire(origin: &str) -> Wire {
    wire_with(origin, quick())
}

/// Opens a connection with these timeouts.
pub fn wire_with(origin: &str, timeouts: Timeouts) -> Wire {
    let stop = Stop::new();
    let heard = Arc::new(Heard::default());
    let target = target(origin, timeouts);
    let (client, writer) = connect(target, stop.clone(), Arc::clone(&heard) as Arc<dyn Watch>);
    Wire { client, writer, heard, stop }
}

/// A target with the key of every test.
pub fn target(origin: &str, timeouts: Timeouts) -> Target {
    let key = ApiKey::parse(KEY).expect("the key is well formed");
    Target { origin: origin.to_string(), key, rate_reserve: 0.05, timeouts }
}

/// Short waits between tries, and the usual patience with answers.
pub fn quick() -> Timeouts {
    let moment = Duration::from_millis(1);
    Timeouts { backoff: moment, second: moment, ..Timeouts::default() }
}

/// Little patience with answers, for servers that never answer.
pub fn impatient() -> Timeouts {
    Timeouts { total: Duration::from_millis(150), ..quick() }
}

/// A write with a small body, or none for a DELETE.
pub fn write(method: Method, path: &str, repeatable: bool) -> WriteRequest {
    let body = (method != Method::Delete).then(|| serde_json::json!({ "name": "Acme" }));
    WriteRequest { method, path: path.into(), query: Vec::new(), body, repeatable }
}
