//! One process writes at a time, and the others are told who it is.

use crate::support::again::{FOLDER, again};
use crate::support::journal::{change, new_run};
use crate::support::program::Folder;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{self, Child};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use vitally_script::error::Error;
use vitally_script::gate::Status;
use vitally_script::report::{self, Style};
use vitally_script::store::{SqliteStore, Store, StoreError};

/// What somebody is told who cannot open the store, with the exit code.
fn turned_away(home: &Path) -> (String, u8) {
    let error = Error::from(SqliteStore::open(home).err().expect("somebody else writes"));
    (report::text(&error, Style::default()), error.exit_code())
}

fn message(home: &Path, holder: &str) -> (String, u8) {
    let text = format!(
        "error: another vitally-script is writing to {}: {holder}\n\
         help: wait until it ends or stop it, or set VITALLY_SCRIPT_HOME to another folder\n",
        home.display()
    );
    (text, 9)
}

#[test]
fn a_second_opening_in_the_same_process_is_told_who_writes() {
    let folder = Folder::new();
    let home = folder.path();
    let store = SqliteStore::open(&home).unwrap();
    let me = process::id();
    assert_eq!(turned_away(&home), message(&home, &format!("process {me}")));
    let run = store.start_run(&new_run("renewals\n.rhai")).unwrap();
    assert_eq!(turned_away(&home), message(&home, &format!("process {me}, run {run} (run renewals .rhai)")));
    store.finish_run(&run, "done", "2026-11-25T09:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(turned_away(&home), message(&home, &format!("process {me}")));
    drop(store);
    SqliteStore::open(&home).unwrap();
}

#[test]
fn of_many_threads_one_opens_the_store() {
    let folder = Folder::new();
    let home = folder.path();
    let opened = AtomicUsize::new(0);
    let stores: Vec<_> = thread::scope(|scope| {
        let open = || {
            let store = SqliteStore::open(&home);
            match &store {
                Ok(_) => drop(opened.fetch_add(1, Ordering::Relaxed)),
                Err(StoreError::Busy { path, .. }) => assert_eq!(path, &home),
                Err(other) => panic!("{other:?}"),
            }
            store
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened.into_inner(), 1);
    drop(stores);
    SqliteStore::open(&home).unwrap();
}

#[test]
fn another_process_is_named_and_its_run_goes_on_until_it_is_killed() {
    let folder = Folder::new();
    let home = folder.path();
    let (mut child, run) = holding(&home);
    assert_eq!(
        turned_away(&home),
        message(&home, &format!("process {}, run {run} (run other.rhai)", child.id()))
    );
    let reader = SqliteStore::read(&home).unwrap();
    let outcome = || reader.run(&run).unwrap().unwrap().outcome;
    assert_eq!(outcome(), "running");
    assert_eq!(reader.count(&run).unwrap(), [(Status::Sending, 1)]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcome(), "crashed");
    // Another one takes over, and that does not bring the run back.
    let store = SqliteStore::open(&home).unwrap();
    store.start_run(&new_run("next.rhai")).unwrap();
    assert_eq!(outcome(), "crashed");
    assert_eq!(store.run(&run).unwrap().unwrap().outcome, "crashed");
    let seen: Vec<String> = reader.runs(9).unwrap().into_iter().map(|run| run.outcome).collect();
    assert_eq!(seen, ["running", "crashed"]);
}

#[test]
fn readers_never_keep_a_process_from_opening_the_store() {
    const OPENINGS: usize = 100;
    let folder = Folder::new();
    let home = folder.path();
    drop(SqliteStore::open(&home).unwrap());
    let opened = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reader = SqliteStore::read(&home).unwrap();
                while opened.load(Ordering::Relaxed) < OPENINGS {
                    reader.runs(9).unwrap();
                }
            });
        }
        scope.spawn(|| {
            while opened.fetch_add(1, Ordering::Relaxed) < OPENINGS {
                // After a crash readers look whether somebody still holds the lock.
                fs::write(home.join("store.holder"), "process 1\nffff\n").unwrap();
                if let Err(error) = SqliteStore::open(&home) {
                    opened.store(OPENINGS, Ordering::Relaxed);
                    panic!("{error:?}");
                }
            }
        });
    });
}

/// Another process that holds the store and runs something until its input ends.
fn holding(home: &Path) -> (Child, String) {
    let mut child = again("store_busy::holds_the_store", home).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let run = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("run: ").map(str::to_string));
    (child, run.expect("the other process starts a run"))
}

#[test]
#[ignore = "a part that other tests play in a process of its own"]
fn holds_the_store() {
    let Some(home) = env::var_os(FOLDER) else { return };
    let store = SqliteStore::open(Path::new(&home)).unwrap();
    let run = store.start_run(&new_run("other.rhai")).unwrap();
    store.write_changes(&run, Status::Sending, &[change(1, "a-1")]).unwrap();
    println!("\nrun: {run}");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
