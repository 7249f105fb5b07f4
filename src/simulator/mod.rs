//! The local Vitally: a small tenant behind real HTTP. Shares no code with the client, so that the two can disagree.

mod accepts;
mod answer;
mod auth;
mod backdoor;
mod conversation;
mod custom_object;
mod delete;
mod derive;
mod faults;
mod html;
mod kind;
mod limiter;
mod meeting;
mod moment;
mod options;
mod page;
mod pause;
mod project;
mod record;
mod references;
mod render;
mod request;
mod route;
mod search;
mod seed;
mod server;
mod shape;
mod state;
mod table;
mod world;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use faults::{Effect, Fault};
pub use options::{Options, RateMode, Switches};
pub use state::Seen;

use request::Request;
use server::Server;
use state::State;

/// The id of the one survey of the seeded tenant; no list names it.
pub const SURVEY: &str = "5b1f0000-0000-4000-8000-000000000001";

/// A running simulator; it stops when dropped.
pub struct Simulator {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Simulator {
    /// Builds the tenant and starts to listen.
    pub fn start(options: Options) -> std::io::Result<Simulator> {
        let port = options.port;
        let state = Arc::new(Mutex::new(State::new(options)));
        let server = Server::start(port, state.clone())?;
        Ok(Simulator { server, state })
    }

    /// Where it listens, such as `http://127.0.0.1:41234`. The API is under `/resources` there.
    pub fn origin(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        self.server.wait();
    }

    /// Orders a fault.
    pub fn fail(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Forgets the faults that are still to come.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// The last 10,000 requests under `/resources`, the oldest first.
    pub fn requests(&self) -> Vec<Seen> {
        self.state().seen.iter().cloned().collect()
    }

    /// The latest of them.
    pub fn last_request(&self) -> Option<Seen> {
        self.state().seen.back().cloned()
    }

    /// How many requests came, by verb.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.state().counts.clone()
    }

    /// How many requests came that were no GET.
    pub fn writes(&self) -> u64 {
        self.state().counts.iter().filter(|(verb, _)| *verb != "GET").map(|(_, count)| count).sum()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        let mut state = self.state();
        state.seen.clear();
        state.counts.clear();
    }

    /// Follows other readings of the open points from now on.
    pub fn set_switches(&self, switches: Switches) {
        self.state().world.switches = switches;
    }

    /// How long every answer takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.state().options.latency = latency;
    }

    /// How many requests a minute are answered from now on, beginning with a full budget; all of them if `None`.
    pub fn set_rate_limit(&self, limit: Option<u32>) {
        self.state().limit(limit);
    }

    /// The tenant's time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.state().world.now()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Stops the tenant's clock at a moment.
    pub fn set_now(&self, now: Timestamp) {
        self.state().world.clock = Some(now.as_millisecond());
    }

    /// Moves the tenant's clock on; it stands still afterwards.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state();
        let ms = i64::try_from(by.as_millis()).unwrap_or(0);
        state.world.clock = Some(state.world.now().saturating_add(ms));
    }

    /// Deactivates the user with this id or externalId, as people do in the app; says whether there is one.
    pub fn deactivate_user(&self, user: &str) -> bool {
        self.backdoor("POST", &format!("/users/{user}/deactivate"), &json!({})).0 == 200
    }

    /// Completes the project with this id, as people do in the app; says whether there is one.
    pub fn complete_project(&self, project: &str) -> bool {
        self.backdoor("POST", &format!("/projects/{project}/complete"), &json!({})).0 == 200
    }

    /// Uses the back door without HTTP: the path is what follows `/backdoor`. Gives the status and the JSON.
    pub fn backdoor(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::new(method, &format!("/backdoor{path}"), body.to_string().into_bytes());
        let answer = backdoor::answer(&mut self.state(), &request).unwrap_or_else(|refused| refused);
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }

    /// Begins anew with so many accounts, made from this seed; the clock goes on where it is.
    pub fn refill(&self, accounts: usize, seed: u64) {
        let mut state = self.state();
        let now = Timestamp::from_millisecond(state.world.now()).ok();
        let now = state.world.clock.and(now);
        *state = State::new(Options { accounts, seed, now, ..state.options.clone() });
    }

    /// Asks the API without HTTP, as somebody else would who uses the same tenant: it is no request that is counted,
    /// and no fault falls on it. The path is what follows `/resources`. Gives the status and the JSON.
    pub fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::new(method, &format!("/resources{path}"), body.to_string().into_bytes());
        let answer = route::route(&mut self.state().world, &request).unwrap_or_else(|refused| refused);
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
