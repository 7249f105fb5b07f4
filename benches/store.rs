//! What keeping a change costs: `cargo bench --bench store`. Prints one line per figure.

use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use vitally_script::gate::{Change, Outcome, Status};
use vitally_script::store::{NewRun, SqliteStore, Store};

fn main() {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-store");
    drop(fs::remove_dir_all(&home));
    let started = Instant::now();
    let store = SqliteStore::open(&home).expect("a new store");
    println!("make a store: {:?}", started.elapsed());
    let run = store.start_run(&new_run()).expect("a run");
    for threads in [1, 16] {
        let (commits, took) = calls(&store, &run, threads);
        println!("{threads} threads: {:.0} durable calls/s", f64::from(commits) / took.as_secs_f64());
    }
    drop(store);
    batches(&home);
    opening(&home, "a large store");
    fs::remove_dir_all(&home).expect("the folder was made above");
    drop(SqliteStore::open(&home).expect("a new store").start_run(&new_run()));
    opening(&home, "a small store");
    fs::remove_dir_all(&home).expect("the folder was made above");
}

/// Calls with one change each, for a while.
fn calls(store: &SqliteStore, run: &str, threads: u32) -> (u32, Duration) {
    const EACH: u32 = 1000;
    let started = Instant::now();
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let first = u64::from(threads * 1_000_000 + thread * EACH);
                for seq in first..first + u64::from(EACH) {
                    store.write_changes(run, Status::Sending, &[change(seq)]).expect("room on the disk");
                }
            });
        }
    });
    (threads * EACH, started.elapsed())
}

/// Written and settled in batches of 64, and the size of the file.
fn batches(home: &Path) {
    const BATCHES: u64 = 1500;
    drop(fs::remove_dir_all(home));
    let store = SqliteStore::open(home).expect("a new store");
    let run = store.start_run(&new_run()).expect("a run");
    let (mut written, mut settled) = (Duration::ZERO, Duration::ZERO);
    for batch in 0..BATCHES {
        let seqs = batch * 64..(batch + 1) * 64;
        let changes: Vec<Change> = seqs.clone().map(change).collect();
        let outcomes: Vec<Outcome> = seqs.map(outcome).collect();
        let started = Instant::now();
        store.write_changes(&run, Status::Sending, &changes).expect("room on the disk");
        written += started.elapsed();
        let started = Instant::now();
        store.settle(&run, &outcomes).expect("room on the disk");
        settled += started.elapsed();
    }
    let changes = u32::try_from(BATCHES * 64).expect("a small number");
    println!("batches of 64: write {:?}, settle {:?} a change", written / changes, settled / changes);
    let started = Instant::now();
    let mut from = 0;
    while let Some(last) = store.changes(&run, from, 1000).expect("what was written").last() {
        from = last.change.seq + 1;
    }
    println!("walk {from} changes in pieces of 1000: {:?}", started.elapsed());
    let started = Instant::now();
    store.runs(20).expect("what was written");
    println!("list the runs: {:?}", started.elapsed());
    drop(store);
    let size = fs::metadata(home.join("store.db")).expect("the file").len();
    println!("{} bytes a change", size / u64::from(changes));
}

fn opening(home: &Path, what: &str) {
    let time = |open: &dyn Fn() -> SqliteStore| {
        let mut times: Vec<Duration> = (0..21)
            .map(|_| {
                let started = Instant::now();
                let store = open();
                let took = started.elapsed();
                drop(store);
                took
            })
            .collect();
        times.sort();
        times[10]
    };
    let write = time(&|| SqliteStore::open(home).expect("the store"));
    let read = time(&|| SqliteStore::read(home).expect("the store"));
    fs::write(home.join("store.holder"), "process 1\nffff\n").expect("room on the disk");
    let started = Instant::now();
    drop(SqliteStore::open(home).expect("the store"));
    let crashed = started.elapsed();
    println!("open {what}: {write:?} to write, {read:?} to read, {crashed:?} after a crash");
}

fn new_run() -> NewRun {
    NewRun {
        kind: "run".into(),
        script: "renewals.rhai".into(),
        script_hash: "9f2c".into(),
        arguments: json!({ "days": 60 }),
        profile: "production".into(),
        origin: "https://acme.rest.vitally.io".into(),
        mode: "live".into(),
        of: None,
        code: None,
        beside: None,
        started_with: None,
        started: "2026-11-25T09:00:00Z".parse().expect("a time"),
    }
}

/// An update of one field and one trait, with its before-image.
fn change(seq: u64) -> Change {
    Change {
        seq,
        row: None,
        action: "update".into(),
        object: "account".into(),
        id: Some(format!("{seq:08x}-7e41-4c5f-a9c2-0d2f6b7c1e55")),
        external_id: Some(format!("crm-{seq}")),
        provisional: None,
        name: Some("Acme, Inc.".into()),
        parent: None,
        query: Vec::new(),
        before: json!({ "healthScore": 7.5, "traits": { "tier": "silver" } }).as_object().cloned(),
        after: json!({ "healthScore": 8.0, "traits": { "tier": "gold" } }).as_object().cloned(),
        script: "renewals.rhai".into(),
        line: 12,
    }
}

fn outcome(seq: u64) -> Outcome {
    Outcome { seq, status: Status::Applied, id: None, before: None, reason: None, kind: None }
}
