//! How a simulator is set up: the tenant, the key, the pace, and which of two readings of an open point it follows.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How to run a simulator.
#[derive(Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The key it accepts.
    pub key: String,
    /// How many accounts the seeded tenant has; everything else grows with it. With none there is
    /// only what a team sets up in the app.
    pub accounts: usize,
    /// Extra traits on every account, to make payloads as large as a real tenant's; about 40 bytes each.
    pub traits: usize,
    /// The seed of the tenant: the same seed and the same `now` give the same records.
    pub seed: u64,
    /// How long every answer takes.
    pub latency: Duration,
    /// Requests a minute, or none counted; then the headers name a limit that nobody reaches.
    pub rate_limit: Option<u32>,
    /// How requests are counted.
    pub rate_mode: RateMode,
    /// Units that a POST, PUT or DELETE costs; a GET costs 1.
    pub write_cost: u32,
    /// The tenant's time. Given, the clock stands still until the back door moves it; else it is the real time.
    pub now: Option<Timestamp>,
    /// The open points of the API.
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            key: "sk_live_simulator".into(),
            accounts: 40,
            traits: 0,
            seed: 1,
            latency: Duration::ZERO,
            rate_limit: Some(1000),
            rate_mode: RateMode::TokenBucket,
            write_cost: 1,
            now: None,
            switches: Switches::default(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Options")
            .field("port", &self.port)
            .field("accounts", &self.accounts)
            .field("traits", &self.traits)
            .field("seed", &self.seed)
            .field("latency", &self.latency)
            .field("rate_limit", &self.rate_limit)
            .field("rate_mode", &self.rate_mode)
            .field("write_cost", &self.write_cost)
            .field("now", &self.now)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// How requests are counted against the budget; Vitally's pages describe both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RateMode {
    /// The budget refills evenly.
    TokenBucket,
    /// A request counts for 60 seconds.
    SlidingWindow,
}

/// Which reading of an open point the simulator follows. The default is the reading the reference chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(clippy::struct_excessive_bools, reason = "independent switches, named at every use")]
pub struct Switches {
    /// Pages carry `atEnd`.
    pub at_end: bool,
    /// POST with a known externalId updates that record; otherwise it answers 409.
    pub upsert: bool,
    /// DELETE removes a user at once; otherwise it is marked and stays readable until a purge.
    pub delete_users_at_once: bool,
    /// A list without `archived` shows active and archived records; otherwise only active ones.
    pub archived_omitted_is_both: bool,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches { at_end: true, upsert: true, delete_users_at_once: false, archived_omitted_is_both: false }
    }
}
