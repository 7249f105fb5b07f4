//! Many lives, none of which may lose, double or make up an event.

use super::faulty::Bug;
use super::simulate::{Verdict, simulate};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;
use vitally_script::store::SqliteStore;

/// A folder in memory where there is one: the disk is not what is tested here.
pub fn folder(name: &str) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let root = if memory.is_dir() { memory } else { PathBuf::from(env!("CARGO_TARGET_TMPDIR")) };
    root.join(format!("vitally-script-{name}-{}", std::process::id()))
}

/// Lives through many seeds on two threads, each with a store of its own.
fn lives(from: u64, count: u64, name: &str) -> Verdict {
    let next = AtomicU64::new(0);
    let run = |thread: usize| {
        let home = folder(&format!("{name}-{thread}"));
        let mut sum = Verdict::default();
        loop {
            // A fresh store now and then, so that old lives do not slow down new ones.
            let store = SqliteStore::open(&home).unwrap();
            for _ in 0..100 {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= count {
                    drop(store);
                    std::fs::remove_dir_all(&home).unwrap();
                    return sum;
                }
                sum.add(&simulate(&store, from + seed, Bug::None, seed.is_multiple_of(2)));
            }
            drop(store);
            std::fs::remove_dir_all(&home).unwrap();
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|thread| scope.spawn(move || run(thread))).collect();
        let mut sum = Verdict::default();
        for thread in threads {
            sum.add(&thread.join().unwrap());
        }
        sum
    })
}

#[test]
fn nothing_is_lost_doubled_or_made_up() {
    let start = Instant::now();
    let sum = lives(1, 1_000, "lives");
    eprintln!("1,000 seeds in {:.1?}: {sum:?}", start.elapsed());
    assert!(!sum.is_bad(), "{}", sum.first.unwrap_or_default());
    assert!(sum.events > 20_000 && sum.crashes > 2_000, "the lives were too easy: {sum:?}");
}

/// `HOOK_SEEDS=50000 cargo test --release --test all long_run -- --ignored --nocapture` prints the figures of
/// `docs/reliability.md`.
#[test]
#[ignore = "takes minutes"]
fn long_run() {
    let count = std::env::var("HOOK_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(50_000);
    let start = Instant::now();
    let sum = lives(1_000_000, count, "long");
    println!("seeds 1000000 to {}: {sum:?} in {:.0?}", 1_000_000 + count - 1, start.elapsed());
    assert!(!sum.is_bad(), "{}", sum.first.unwrap_or_default());
}
