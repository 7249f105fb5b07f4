//! `simulator`: a small Vitally on this machine.

use super::{Context, signals};
use crate::cli::{self, Format};
use crate::error::Error;
use crate::exit;
use crate::settings::time;
use crate::simulator::{Options, RateMode, Simulator, Switches};
use serde_json::json;
use std::time::Duration;

/// Serves until Ctrl-C. The address is the only line on stdout.
pub fn run(context: &Context, options: cli::Simulator) -> Result<u8, Error> {
    let given = options.key.map(|typed| typed.0).filter(|key| !key.trim().is_empty());
    let set = match given {
        Some(key) => Some(key),
        None => context.sources(false)?.variable("VITALLY_API_KEY").map(|found| found.value),
    };
    let new = set.is_none().then(|| uuid::Uuid::from_u128(fastrand::u128(..)).simple().to_string());
    let simulator = Simulator::start(Options {
        port: options.port,
        key: set.or_else(|| new.clone()).unwrap_or_default(),
        accounts: options.accounts,
        seed: options.seed,
        latency: Duration::from_millis(options.latency_ms),
        rate_limit: options.rate_limit.0,
        rate_mode: if options.sliding_window { RateMode::SlidingWindow } else { RateMode::TokenBucket },
        write_cost: options.write_cost,
        traits: options.traits,
        now: time::pretended(&context.sources(false)?)?,
        switches: Switches {
            at_end: !options.no_at_end,
            upsert: !options.conflict_on_known_external_id,
            delete_users_at_once: options.delete_users_at_once,
            archived_omitted_is_both: options.archived_omitted_is_both,
        },
    })
    .map_err(|cause| Error::File {
        path: format!("port {}", options.port).into(),
        doing: "listen on",
        cause,
    })?;
    let origin = simulator.origin();
    if context.console.format_or(Format::Table) == Format::Json {
        context.console.line(&json!({ "address": origin, "key": new }).to_string());
    } else {
        context.console.line(&origin);
        if let Some(key) = new {
            context.console.say(&format!("VITALLY_BASE_URL={origin} VITALLY_API_KEY={key}"));
        }
    }
    context.console.say("the simulator runs until Ctrl-C");
    signals::wait(&context.stop);
    Ok(exit::DONE)
}
