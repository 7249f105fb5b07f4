//! A process that is killed at any moment loses nothing that it was told is written.

use crate::support::again::{FOLDER, again};
use crate::support::journal::{change, ended, new_run};
use crate::support::program::Folder;
use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use vitally_script::gate::Status;
use vitally_script::store::{SqliteStore, Store, StoreError};

const KILLS: usize = 100;
/// How many changes are written in one call.
const TOGETHER: u64 = 3;
/// How long another process may hold the store by accident.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_hundred_kills_lose_nothing_acknowledged() {
    let folder = Folder::new();
    let home = folder.path();
    let mut random = fastrand::Rng::with_seed(0x5EED);
    let mut told = HashMap::new();
    for kill in 0..KILLS {
        let mut child = again("store_crash::writes_until_it_is_killed", &home).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        if kill % 4 == 0 {
            // Anywhere, also while the store is being made or opened.
            thread::sleep(Duration::from_micros(random.u64(..30_000)));
        } else {
            let acknowledged = random.usize(1..60);
            let seen: Vec<String> =
                lines.by_ref().filter(|line| line.starts_with("ack ")).take(acknowledged).collect();
            assert_eq!(seen.len(), acknowledged, "it writes until it is killed");
            for line in &seen {
                note(line, &mut told);
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        lines.for_each(|line| note(&line, &mut told));
        verify(&home, &told);
    }
    assert!(told.len() > 1000, "{} changes were acknowledged", told.len());
}

/// Notes what the process was told: `ack RUN SEQ STATUS`.
fn note(line: &str, told: &mut HashMap<(String, u64), Status>) {
    let words: Vec<&str> = line.split(' ').collect();
    // The line that was being written may have no end.
    if let ["ack", run, seq, status, "."] = words[..] {
        let status = Status::of(status).unwrap();
        for seq in (0..TOGETHER).map(|place| seq.parse::<u64>().unwrap() + place) {
            told.insert((run.to_string(), seq), status);
        }
    }
}

/// Everything that was acknowledged is there, and everything else as a whole or not at all. Opening it checks the file.
fn verify(home: &Path, told: &HashMap<(String, u64), Status>) {
    let store = SqliteStore::open(home).unwrap();
    let mut kept = HashMap::new();
    for run in store.runs(usize::MAX).unwrap() {
        assert_eq!((run.outcome.as_str(), run.finished), ("crashed", None));
        let changes = store.changes(&run.id, 0, usize::MAX).unwrap();
        assert_eq!(changes.len() as u64 % TOGETHER, 0, "calls are kept as a whole");
        for call in changes.chunks(TOGETHER.try_into().unwrap()) {
            assert!(call.iter().all(|change| change.status == call[0].status));
        }
        kept.extend(changes.into_iter().map(|kept| ((kept.run, kept.change.seq), kept.status)));
    }
    for (change, status) in told {
        let there = kept.get(change);
        let later = *status == Status::Sending && there == Some(&Status::Applied);
        assert!(there == Some(status) || later, "{change:?} was {status:?} and is {there:?}");
    }
}

/// Opens the store as soon as nobody holds it. A process that another test starts at this moment has what this test had
/// open, until it becomes another program.
fn opened(home: &Path) -> SqliteStore {
    let start = Instant::now();
    loop {
        match SqliteStore::open(home) {
            Err(StoreError::Busy { .. }) if start.elapsed() < PATIENCE => thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
}

#[test]
#[ignore = "a part that another test plays in a process of its own"]
fn writes_until_it_is_killed() {
    let Some(home) = env::var_os(FOLDER) else { return };
    let store = opened(Path::new(&home));
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let acknowledge = |seq: u64, status: Status| {
        let line = format!("\nack {run} {seq} {} .\n", status.word());
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    };
    thread::scope(|scope| {
        for thread in 0..4 {
            let (store, run, acknowledge) = (&store, &run, &acknowledge);
            scope.spawn(move || {
                for place in 0.. {
                    let first = thread * 300_000 + place * TOGETHER;
                    let all: Vec<u64> = (first..first + TOGETHER).collect();
                    let changes: Vec<_> = all.iter().map(|seq| change(*seq, "a-1")).collect();
                    store.write_changes(run, Status::Sending, &changes).unwrap();
                    acknowledge(first, Status::Sending);
                    let ends: Vec<_> = all.iter().map(|seq| ended(*seq, Status::Applied)).collect();
                    store.settle(run, &ends).unwrap();
                    acknowledge(first, Status::Applied);
                }
            });
        }
    });
}
