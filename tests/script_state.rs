//! What scripts keep between their runs.

use crate::support::desk::Desk;
use crate::support::program::Folder;
use rusqlite::Connection;

const COUNTS: &str =
    "fn next() { state.set(\"runs\", state.get(\"runs\", 0) + 1); }\nnext(); print(state.get(\"runs\"));";

/// What a run of a script prints.
#[track_caller]
fn prints(folder: &Folder, words: &[&str], out: &str) {
    let ended = folder.run(words);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, out), "{}", ended.stderr);
}

#[test]
fn a_value_is_there_in_the_next_run() {
    let folder = Folder::new();
    folder.write("count.rhai", COUNTS);
    prints(&folder, &["run", "count.rhai"], "1\n");
    prints(&folder, &["run", "./count.rhai"], "2\n");
    let whole = folder.path().join("count.rhai");
    prints(&folder, &["run", whole.to_str().unwrap(), "--read-only"], "3\n");
}

#[test]
fn a_dry_run_keeps_nothing() {
    let folder = Folder::new();
    folder.write("count.rhai", COUNTS);
    folder.write("keys.rhai", "state.set(\"b\", 1); state.delete(\"runs\"); print(state.keys());");
    prints(&folder, &["run", "count.rhai"], "1\n");
    for _ in 0..2 {
        prints(&folder, &["run", "count.rhai", "-n"], "2\n");
    }
    prints(&folder, &["run", "keys.rhai", "-n"], "[\"b\"]\n");
    prints(&folder, &["run", "count.rhai"], "2\n");
}

#[test]
fn scripts_and_profiles_have_their_own() {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        "[profile.eu]\nregion = \"eu\"\n[profile.us]\nregion = \"us\"\nsubdomain = \"acme\"\n",
    );
    folder.write("count.rhai", COUNTS);
    folder.write("other/count.rhai", COUNTS);
    prints(&folder, &["run", "count.rhai", "-p", "eu"], "1\n");
    prints(&folder, &["run", "count.rhai", "-p", "us"], "1\n");
    prints(&folder, &["run", "other/count.rhai", "-p", "eu"], "1\n");
    prints(&folder, &["run", "count.rhai", "-p", "eu"], "2\n");
}

#[test]
fn values_come_back_as_they_were() {
    let folder = Folder::new();
    let keep = "state.set(\"a\", #{ n: 1.5, list: [1, \"é\", true, ()], day: date(\"2026-12-01\") }); state.set(\"none\", ());";
    folder.write("keep.rhai", format!("if !(\"a\" in state.keys()) {{ {keep} }} print(to_json(state.get(\"a\"))); print(state.keys()); print(state.get(\"none\", 7) == ());"));
    let out = "{\"day\":\"2026-12-01\",\"list\":[1,\"é\",true,null],\"n\":1.5}\n[\"a\", \"none\"]\ntrue\n";
    prints(&folder, &["run", "keep.rhai"], out);
    prints(&folder, &["run", "keep.rhai"], out);
}

#[test]
fn what_was_done_once_is_not_done_again() {
    let desk = Desk::new();
    let script = "for account in accounts().take(3) {\n\
         once(`welcome ${account.id}`, || create_task(#{ name: \"Welcome\", accountId: account.id }).name);\n}\n\
         print(once(\"answer\", || 42));";
    desk.folder.write("welcome.rhai", script);
    let dry = desk.run(&["run", "welcome.rhai", "-n"]);
    assert!(dry.code == 0 && dry.stderr.contains("3 tasks"), "{}", dry.stderr);
    for _ in 0..2 {
        let ended = desk.run(&["run", "welcome.rhai"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (0, "42\n"), "{}", ended.stderr);
        assert_eq!(desk.tenant.writes(), 3);
    }
}

#[test]
fn what_failed_is_tried_again() {
    let folder = Folder::new();
    folder.write(
        "once.rhai",
        "once(\"a\", || { if arg(\"fail\", false) { fail(\"not now\"); } print(\"done\"); });",
    );
    let failed = folder.run(&["run", "once.rhai", "--arg", "fail=yes"]);
    assert!(failed.code == 1 && failed.stderr.contains("not now"), "{}", failed.stderr);
    prints(&folder, &["run", "once.rhai"], "done\n");
    prints(&folder, &["run", "once.rhai"], "");
}

#[test]
fn a_store_of_the_version_before_has_no_state_yet() {
    let folder = Folder::new();
    folder.write("count.rhai", COUNTS);
    folder.write("look.rhai", "print(state.get(\"runs\") == ()); print(state.keys());");
    prints(&folder, &["run", "count.rhai"], "1\n");
    let file = folder.path().parent().unwrap().join("home/store.db");
    let connection = Connection::open(&file).unwrap();
    connection
        .execute_batch(
            "DROP TABLE seen; CREATE TABLE seen (family INTEGER NOT NULL, id TEXT NOT NULL, updated INTEGER NOT NULL, \
             content TEXT NOT NULL, PRIMARY KEY (family, id)) STRICT, WITHOUT ROWID; \
             INSERT INTO families (profile, origin, object) VALUES ('p', 'o', 'account'); \
             INSERT INTO seen SELECT number, 'acct-1', 5, '{\"name\":\"Acme\"}' FROM families; \
             DROP TABLE script_state; DROP TABLE record_names; DROP INDEX open_ticks; ALTER TABLE ticks DROP COLUMN runs; \
             ALTER TABLE jobs DROP COLUMN kept_by; ALTER TABLE runs DROP COLUMN code; \
             ALTER TABLE runs DROP COLUMN beside; ALTER TABLE runs DROP COLUMN started_with; CREATE INDEX open_ticks ON ticks (job) WHERE outcome = 'waiting'; \
             INSERT INTO jobs VALUES ('a', '@daily', 'UTC', 'a.rhai', 0, 0, 0, NULL); \
             INSERT INTO ticks VALUES (1, 'a', 0, 0, 1, 'ok', 0, 1, NULL, NULL, NULL); PRAGMA user_version = 3",
        )
        .unwrap();
    drop(connection);
    assert_eq!(folder.run(&["jobs", "history", "-o", "csv"]).stdout.lines().count(), 2);
    prints(&folder, &["run", "look.rhai"], "true\n[]\n");
    prints(&folder, &["run", "count.rhai"], "1\n");
    let seen = Connection::open(&file).unwrap();
    let kept = seen.query_row("SELECT id || updated || content FROM seen", [], |row| row.get::<_, String>(0));
    assert_eq!(kept.unwrap(), "acct-15{\"name\":\"Acme\"}");
}

#[test]
fn what_cannot_be_kept_is_said() {
    let folder = Folder::new();
    for (code, message) in [
        ("state.set(\"a\", || 1)", "a function cannot be stored as data"),
        ("state.set(\"\", 1)", "a key has 1 to 500 characters, and this one has 0"),
        (
            "state.set(\"a\", \"x\".pad(70000, \"x\"))",
            "the value of \"a\" takes 70002 bytes, and at most 65536 can be kept",
        ),
        ("once(7, || 1)", "once needs a text as its key, and got the number 7"),
        ("once(\"a\", |one, two| 1)", "the function given to once takes 2 values"),
    ] {
        let ended = folder.run(&["eval", code]);
        assert!(ended.code == 1 && ended.stderr.contains(message), "{code}: {}", ended.stderr);
    }
}
