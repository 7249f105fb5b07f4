//! What cannot be used is reported and left as it is.

use crate::support::journal::{change, new_run};
use crate::support::program::Folder;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use vitally_script::error::Error;
use vitally_script::gate::Status;
use vitally_script::report::{self, Style};
use vitally_script::store::{SqliteStore, Store, StoreError};

const DAMAGED: &str = "put a copy of it back, or move it away to begin anew; runs in it can then not be resumed \
                       or undone";

/// A store with so many changes, closed; its file.
fn store(folder: &Folder, changes: u64) -> PathBuf {
    let store = SqliteStore::open(&folder.path()).unwrap();
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let changes: Vec<_> = (1..=changes).map(|seq| change(seq, &format!("a-{seq}"))).collect();
    store.write_changes(&run, Status::Applied, &changes).unwrap();
    folder.path().join("store.db")
}

fn told(error: StoreError) -> (String, u8) {
    let error = Error::from(error);
    (report::text(&error, Style::default()), error.exit_code())
}

/// What somebody is told who opens the store to write or to read; its file is not touched.
fn refused(home: &Path) -> (String, u8) {
    let file = home.join("store.db");
    let before = fs::read(&file).ok();
    let (writing, reading) = (SqliteStore::open(home).err(), SqliteStore::read(home).err());
    let writing = told(writing.expect("it cannot be opened"));
    assert_eq!(told(reading.expect("it cannot be read")), writing);
    assert!(fs::read(&file).ok() == before, "the file is as it was");
    writing
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let folder = Folder::new();
    let file = store(&folder, 3);
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let expected = format!(
        "error: {} was made by a newer vitally-script\n\
         help: install the newer version, or set VITALLY_SCRIPT_HOME to another folder\n",
        file.display()
    );
    assert_eq!(refused(&folder.path()), (expected, 2));
}

#[test]
fn what_is_no_store_is_refused() {
    let foreign = |file: &Path| {
        fs::remove_file(file).unwrap();
        Connection::open(file).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    };
    let empty = |file: &Path| fs::write(file, "").unwrap();
    let text = |file: &Path| fs::write(file, "not a store ".repeat(1000)).unwrap();
    let ways: [&dyn Fn(&Path); 3] = [&foreign, &empty, &text];
    for spoil in ways {
        let folder = Folder::new();
        let file = store(&folder, 3);
        spoil(&file);
        let expected = format!(
            "error: {} is damaged: it is not a file of vitally-script\nhelp: {DAMAGED}\n",
            file.display()
        );
        assert_eq!(refused(&folder.path()), (expected, 2));
    }
}

#[test]
fn a_store_that_is_gone_without_its_log_is_refused() {
    let folder = Folder::new();
    let file = store(&folder, 3);
    let log = file.with_extension("db-wal");
    fs::write(&log, "what was not yet in the file").unwrap();
    fs::remove_file(&file).unwrap();
    let expected = format!(
        "error: {} is damaged: the file is gone, but {} is still there\nhelp: {DAMAGED}\n",
        file.display(),
        log.display()
    );
    assert_eq!(refused(&folder.path()), (expected, 2));
    assert!(!file.exists());
}

#[test]
fn damage_in_a_small_file_is_found_when_it_is_opened() {
    for page in [2, 5, 8] {
        let folder = Folder::new();
        let file = store(&folder, 200);
        spoil(&file, page);
        let error = SqliteStore::open(&folder.path()).err().expect("it is damaged");
        assert!(
            matches!(&error, StoreError::Damaged { path, .. } if *path == file),
            "page {page}: {error:?}"
        );
    }
}

#[test]
fn damage_in_a_large_file_is_found_after_a_crash_and_when_it_is_read() {
    let folder = Folder::new();
    let file = store(&folder, 2000);
    assert!(fs::metadata(&file).unwrap().len() > 512 * 1024);
    // In the middle stand only changes; every table has its first page near the beginning.
    let pages = usize::try_from(fs::metadata(&file).unwrap().len()).unwrap() / 4096;
    for page in pages / 3..pages / 2 {
        spoil(&file, page);
    }
    let opened = SqliteStore::open(&folder.path()).unwrap();
    let error = opened.history("account", "a-1000").expect_err("it is damaged");
    assert_eq!(
        error,
        StoreError::Damaged { path: file.clone(), reason: "what stands in it contradicts itself".into() }
    );
    drop(opened);
    fs::write(folder.path().join("store.holder"), "process 1\nffff\n").unwrap();
    let error = SqliteStore::open(&folder.path()).err().expect("it is damaged");
    assert!(matches!(&error, StoreError::Damaged { .. }), "{error:?}");
}

#[test]
fn what_this_program_never_wrote_is_damage() {
    for (sql, reason) in [
        ("UPDATE changes SET status = 'eaten'", "there is no status \"eaten\""),
        ("UPDATE changes SET seq = -1", "-1 is not a number that can stand there"),
        ("UPDATE changes SET at = 'noon'", "\"noon\" cannot be read: "),
        ("UPDATE changes SET \"after\" = '[1]'", "\"[1]\" cannot be read: "),
    ] {
        let folder = Folder::new();
        let file = store(&folder, 1);
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let reader = SqliteStore::read(&folder.path()).unwrap();
        let error = reader.history("account", "a-1").expect_err("it cannot be read");
        assert!(
            matches!(&error, StoreError::Damaged { reason: it, .. } if it.starts_with(reason)),
            "{error:?}"
        );
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_reported() {
    let folder = Folder::new();
    let home = folder.write("file", "").join("state");
    let error = SqliteStore::open(&home).err().expect("it cannot be made");
    let expected = format!(
        "error: cannot use {}: part of its path is a file, not a folder\n\
         help: set VITALLY_SCRIPT_HOME to a folder that you may write to\n",
        home.display()
    );
    assert_eq!(told(error), (expected, 2));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let home = folder.path().join("new").join("state");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let store = SqliteStore::open(&home).unwrap();
    store.start_run(&new_run("a.rhai")).unwrap();
    assert_eq!(mode(&home), 0o700);
    let mut files: Vec<_> = fs::read_dir(&home).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["store.db", "store.db-shm", "store.db-wal", "store.holder", "store.lock"]);
    assert!(files.iter().all(|file| mode(file) == 0o600));
}

/// Overwrites one page, as a failing disk would.
fn spoil(file: &Path, page: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xA5);
    fs::write(file, bytes).unwrap();
}
