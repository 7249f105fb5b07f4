//! The tenant of `--demo`: a simulator in this process.

use super::Context;
use crate::client::ApiKey;
use crate::error::Error;
use crate::settings::{Origin, Profile, Settings, Sourced, time};
use crate::simulator::{Options, Simulator};

/// How many accounts it has.
const ACCOUNTS: usize = 40;

/// Starts it, with the settings that lead to it.
pub fn open(context: &Context, read_only: bool) -> Result<(Settings, Simulator), Error> {
    let key = uuid::Uuid::from_u128(fastrand::u128(..)).simple().to_string();
    let sources = context.sources(read_only)?;
    let now = time::pretended(&sources)?;
    let options =
        Options { key: key.clone(), accounts: ACCOUNTS, rate_limit: None, now, ..Options::default() };
    let simulator = Simulator::start(options).map_err(|cause| Error::File {
        path: "the demo tenant".into(),
        doing: "start",
        cause,
    })?;
    let key =
        ApiKey::parse(&key).map_err(|why| Error::login(format!("the demo's key: {why}"), "try again"))?;
    let profile = Profile::demo(simulator.origin(), key);
    let root = sources.root();
    // The demo tenant is gone when the command ends, and its journal with it.
    let folder = std::env::temp_dir().join(format!("vitally-script-demo-{}", std::process::id()));
    let home = Sourced { value: folder, origin: Origin::Flag("--demo") };
    Ok((Settings { profile, root, home, sources }, simulator))
}
