//! A day without the program, and almost everything changed meanwhile: it is read once, page by page, and handled
//! once.

use super::stage::Stage;
use crate::support::tenant_where;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};
use vitally_script::simulator::Options;

const SCRIPT: &str = "on(\"account_updated\", |account| print(account.id));";

/// A number from the environment, for the long runs.
fn wished(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Runs the hooks once; what was printed, how long it took, and the most memory it held, in MiB. Meanwhile `look` is told
/// how long it has been running.
fn watched(stage: &Stage, mut look: impl FnMut(Duration)) -> (String, Duration, u64) {
    let start = Instant::now();
    let out = stage.folder.join("out.txt");
    let file = std::fs::File::create(&out).unwrap();
    let mut command = stage.command(&["run", "hooks.rhai", "--once", "-q"]);
    let mut child = command.stdout(file).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0) / 1024);
        look(start.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    (std::fs::read_to_string(out).unwrap(), start.elapsed(), peak)
}

/// `HOOK_OUTAGE=100000 HOOK_LIMIT=250 cargo test --release --test all during_an_outage -- --nocapture` prints the
/// figures of `docs/reliability.md`.
#[test]
fn what_changed_during_an_outage_is_read_once_and_handled_once() {
    let accounts = wished("HOOK_OUTAGE", 1_500);
    let limit = u32::try_from(wished("HOOK_LIMIT", 0)).ok().filter(|limit| *limit > 0);
    let tenant = tenant_where(Options { accounts, ..Options::default() });
    let stage = Stage::at(tenant, SCRIPT);
    stage.once();
    let all: Vec<String> = accounts_of(&stage);
    stage.later(24 * 3600);
    for (number, id) in all.iter().enumerate() {
        if number % 50 == 0 {
            stage.later(1);
        }
        stage.api("PUT", &format!("/accounts/{id}"), &json!({ "traits": { "plan": format!("p{number}") } }));
    }
    stage.later(3600);
    stage.tenant.set_rate_limit(limit);
    stage.tenant.forget_requests();

    // The walk over everything begins when all changes are read; it takes a quarter of the budget at most.
    let mut read = None;
    let (out, took, peak) = watched(&stage, |running| {
        if read.is_none() && stage.tenant.last_request().is_some_and(|last| last.path.contains("limit=99")) {
            read = Some(running);
            println!("{accounts} changed accounts are read after {:.0} s", running.as_secs_f64());
        }
    });
    assert_eq!(out, "", "so many wait for a person");
    let seen = stage.tenant.requests();
    let requests = seen.len() as u64;
    // A look asks for pages of 100; the sweep, which is due after so long, for pages of 99.
    let looked = seen.iter().filter(|seen| seen.path.contains("limit=100")).count() as u64;
    let pages = accounts.div_ceil(100) as u64;
    println!(
        "{looked} requests for {pages} pages, {requests} with the walk over everything in {:.0} s, {peak} MiB",
        took.as_secs_f64()
    );
    assert!(looked <= pages + 2, "{looked} requests for {pages} pages");
    assert!(requests - looked <= 2 * (accounts.div_ceil(99) as u64 + 2), "{requests} requests");
    assert!(peak <= 300, "{peak} MiB");

    let released = stage.run(&["events", "release"]);
    assert_eq!(released.err, format!("{accounts} released\n"));
    let (out, took, peak) = watched(&stage, |_| ());
    println!("handled in {:.0} s, {peak} MiB", took.as_secs_f64());
    assert!(peak <= 300, "{peak} MiB");
    let handled: Vec<&str> = out.lines().collect();
    let once: BTreeSet<&str> = handled.iter().copied().collect();
    assert_eq!((handled.len(), once.len()), (accounts, accounts));
}

/// The ids of every account.
fn accounts_of(stage: &Stage) -> Vec<String> {
    let mut ids = Vec::new();
    let mut from = String::new();
    loop {
        let page = stage.api(
            "GET",
            &format!("/accounts?status=activeOrChurned&limit=100&from={from}"),
            &serde_json::Value::Null,
        );
        let results = page["results"].as_array().unwrap();
        ids.extend(results.iter().map(|account| account["id"].as_str().unwrap().to_string()));
        match page["next"].as_str() {
            Some(next) => from = next.replace('=', "%3D").replace('+', "%2B"),
            None => return ids,
        }
    }
}
