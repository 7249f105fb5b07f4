//! The local Vitally: a small tenant behind real HTTP. Shares no code with the client, so that the two can disagree.

use std::time::Duration;

/// How to run a simulator.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The key it accepts.
    pub key: String,
    /// How many accounts the seeded tenant has; everything else grows with it.
    pub accounts: usize,
    /// The seed of the tenant: the same seed gives the same records.
    pub seed: u64,
    /// How long every answer takes.
    pub latency: Duration,
    /// Requests a minute, or none counted.
    pub rate_limit: Option<u32>,
}

/// A running simulator; it stops when dropped.
pub struct Simulator {}

impl Simulator {
    /// Builds the tenant and starts to listen.
    pub fn start(options: Options) -> std::io::Result<Simulator> {
        let _ = options;
        Ok(Simulator {})
    }

    /// Where it listens, such as `http://127.0.0.1:41234`.
    pub fn origin(&self) -> String {
        String::new()
    }
}
