//! Many threads write at once: everything acknowledged is there, and nothing is there by half.

use crate::support::again::{FOLDER, again, again_arguments};
use crate::support::journal::{change, ended, new_run};
use crate::support::program::Folder;
use rusqlite::Connection;
use std::collections::HashSet;
use std::env;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use vitally_script::gate::Status;
use vitally_script::store::{SqliteStore, Store, StoreError};

#[test]
fn sixteen_threads_write_and_each_run_keeps_its_order() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.path()).unwrap();
    let work = |thread: u64| {
        let run = store.start_run(&new_run("a.rhai")).unwrap();
        for seq in 1..=30 {
            store.write_changes(&run, Status::Sending, &[change(seq, &format!("a-{thread}"))]).unwrap();
            store.settle(&run, &[ended(seq, Status::Applied)]).unwrap();
            // What is acknowledged can be read at once.
            assert_eq!(store.count(&run).unwrap(), [(Status::Applied, seq)]);
        }
        run
    };
    let work = &work;
    let runs: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|thread| scope.spawn(move || work(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    drop(store);
    let store = SqliteStore::open(&folder.path()).unwrap();
    let file = Connection::open(folder.path().join("store.db")).unwrap();
    for (thread, run) in runs.iter().enumerate() {
        let changes = store.changes(run, 0, 99).unwrap();
        assert!(changes.iter().all(|kept| kept.change.id == Some(format!("a-{thread}"))));
        let mut written = file
            .prepare("SELECT seq FROM changes JOIN runs ON runs.number = run WHERE runs.id = ?1 ORDER BY changes.number")
            .unwrap();
        let order: Vec<i64> =
            written.query_map([run], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(order, (1..=30).collect::<Vec<i64>>());
    }
}

#[test]
fn a_call_that_makes_no_sense_does_not_harm_the_others() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.path()).unwrap();
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    thread::scope(|scope| {
        for thread in 0..8 {
            let (store, run) = (&store, &run);
            scope.spawn(move || {
                for place in 1..=30 {
                    let change = change(thread * 100 + place, "a-1");
                    if thread % 2 == 0 {
                        store.write_changes(run, Status::Sending, &[change]).unwrap();
                    } else {
                        store.write_changes("nope", Status::Sending, &[change]).unwrap_err();
                    }
                }
            });
        }
    });
    assert_eq!(store.count(&run).unwrap(), [(Status::Sending, 120)]);
}

#[test]
fn a_full_disk_loses_nothing_acknowledged_and_writes_nothing_by_half() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.path()).unwrap();
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    store.grow_at_most(60).unwrap();
    let acknowledged = Mutex::new(HashSet::new());
    thread::scope(|scope| {
        for thread in 0..8 {
            let (store, run, acknowledged) = (&store, &run, &acknowledged);
            scope.spawn(move || {
                for place in 0.. {
                    let first = thread * 1_000_000 + place * 3;
                    let three = [first, first + 1, first + 2];
                    match store.write_changes(run, Status::Sending, &three.map(|seq| change(seq, "a-1"))) {
                        Ok(()) => acknowledged.lock().unwrap().extend(three),
                        Err(error) => {
                            let reason = "the disk is full".into();
                            let expected = StoreError::Failed { doing: "write down the changes", reason };
                            assert_eq!(error, expected);
                            break;
                        }
                    }
                }
            });
        }
    });
    let kept = |store: &SqliteStore| -> HashSet<u64> {
        store.changes(&run, 0, usize::MAX).unwrap().iter().map(|kept| kept.change.seq).collect()
    };
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 30);
    assert_eq!(kept(&store), acknowledged);
    // There is room again.
    store.grow_at_most(1_000_000).unwrap();
    store.write_changes(&run, Status::Sending, &[change(9_999_999, "a-1")]).unwrap();
    drop(store);
    let store = SqliteStore::open(&folder.path()).unwrap();
    assert_eq!(kept(&store).len(), acknowledged.len() + 1);
}

#[cfg(unix)]
#[test]
fn a_disk_that_refuses_to_write_is_survived() {
    let folder = Folder::new();
    let other = again("", &folder.path());
    let limited = "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\"";
    let ended = std::process::Command::new("sh")
        .args(["-c", limited])
        .arg(other.get_program())
        .args(again_arguments("store_commit::writes_until_the_disk_refuses"))
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    let acknowledged: u64 =
        said.lines().find_map(|line| line.strip_prefix("written: ")).unwrap().parse().unwrap();
    assert!(acknowledged > 10);
    let store = SqliteStore::open(&folder.path()).unwrap();
    let run = store.runs(1).unwrap().remove(0);
    assert_eq!(store.count(&run.id).unwrap(), [(Status::Sending, acknowledged)]);
    store.write_changes(&run.id, Status::Sending, &[change(acknowledged + 1, "a-1")]).unwrap();
}

#[test]
#[ignore = "a part that another test plays in a process of its own"]
fn writes_until_the_disk_refuses() {
    let Some(home) = env::var_os(FOLDER) else { return };
    let store = SqliteStore::open(Path::new(&home)).unwrap();
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let mut acknowledged = 0;
    let error = loop {
        match store.write_changes(&run, Status::Sending, &[change(acknowledged + 1, "a-1")]) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    let reason = "the disk could not be read or written".into();
    assert_eq!(error, StoreError::Failed { doing: "write down the changes", reason });
    assert_eq!(store.count(&run).unwrap(), [(Status::Sending, acknowledged)]);
    println!("\nwritten: {acknowledged}");
}
