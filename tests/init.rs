//! `init`: what a new folder gets, with and without a key, and that nothing is ever written over.

use crate::support::program::{Ended, Folder};
use crate::support::{KEY, tenant};
use std::fs;

/// The end of every `init` in the current folder.
const NEXT: &str = "next:\n  vitally-script run hello.rhai\n  vitally-script test\n  in an editor: vitally-script help editors\n";

/// What is written for editors.
const EDITORS: &[&str] =
    &[".vscode/settings.json", ".vscode/extensions.json", ".vscode/tasks.json", "definitions/vitally.d.rhai"];

/// What is said about the files for editors.
fn editors(before: &str, words: &str) -> String {
    EDITORS.iter().flat_map(|name| [before, name, " ", words, "\n"]).collect()
}

#[test]
fn the_files_for_editors_are_what_editors_read() {
    let folder = Folder::new();
    folder.run(&["init", "--demo"]);
    for name in EDITORS.iter().filter(|name| name.starts_with(".vscode")) {
        let read = serde_json::from_str::<serde_json::Value>(&folder.read(name));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
    let checked = folder.run(&["check", "."]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    // What the task of VS Code looks for in the mistakes that `check` finds.
    folder.write("wrong.rhai", "let a = 1;\nget_acount(1);\n");
    folder.write("remark.rhai", "for task in tasks() {\n    delete_task(task);\n}\n");
    let found = folder.run(&["check", ".", "--error-format", "github"]);
    let tasks: serde_json::Value = serde_json::from_str(&folder.read(".vscode/tasks.json")).unwrap();
    let pattern = &tasks["tasks"][0]["problemMatcher"]["pattern"];
    let place = |what: &str| usize::try_from(pattern[what].as_u64().unwrap()).unwrap();
    let regexp = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    for (file, severity, line, code) in
        [("wrong.rhai", "error", "2", "V020"), ("remark.rhai", "warning", "2", "V050")]
    {
        let told = found.stdout.lines().find(|line| line.contains(file)).unwrap();
        let told = regexp.captures(told).unwrap();
        assert!(told[place("file")].ends_with(file), "{told:?}");
        assert_eq!(&told[place("severity")], severity);
        assert_eq!((&told[place("line")], &told[place("code")]), (line, code));
        assert!(told[place("message")].len() > 10, "{told:?}");
    }
}

/// Whether a key is kept anywhere.
fn keeps_a_key(folder: &Folder) -> bool {
    let keys = folder.path().parent().unwrap().join("home/keys");
    fs::read_dir(keys).is_ok_and(|mut entries| entries.next().is_some())
}

/// Sets up the folder for a tenant, with the key in the environment.
fn init(folder: &Folder, origin: &str, key: &str) -> Ended {
    folder.run_with(&["init", "--base-url", origin], &[("VITALLY_API_KEY", key)], "")
}

#[test]
fn init_sets_up_a_folder_that_works() {
    let (folder, tenant) = (Folder::new(), tenant());
    let origin = tenant.origin();
    let begun = init(&folder, &origin, KEY);
    let place = folder.stored_key();
    let said = format!(
        "{origin} accepts the key\nvitally.toml is written\nthe key of default is stored in {}\n  \
           a plain file: whoever can read your files can read it; logout deletes it\n\
         .gitignore is written\nhello.rhai is written\n\
         tests/hello_test.rhai is written\n{}{NEXT}",
        place.display(),
        editors("", "is written")
    );
    begun.is(0, "", &said);
    assert_eq!(
        folder.read("vitally.toml"),
        format!(
            "# Which Vitally the scripts of this folder speak to. The key is not in here.\n\
             # What else can be said: vitally-script help settings\n\n\
             default_profile = \"default\"\n\n[profile.default]\nbase_url = \"{origin}\"\n\
             env = \"production\" # or \"sandbox\", if nothing in it matters\napi_key_file = \"{}\"\n",
            place.display()
        )
    );
    assert!(folder.read(".gitignore").lines().any(|line| line == ".env"));
    assert_eq!(fs::read_to_string(&place).unwrap(), format!("{KEY}\n"));
    let ran = folder.run(&["run", "hello.rhai"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 5), "{}", ran.stderr);
    let ran = folder.run(&["run", "hello.rhai", "--arg", "most=2"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 2), "{}", ran.stderr);
    folder.run(&["check", "hello.rhai", "tests"]).is(
        0,
        "hello.rhai  ok\n  reads accounts; changes nothing\ntests/hello_test.rhai  ok\n",
        "",
    );
    let tested = folder.run(&["test"]);
    assert_eq!(
        (tested.code, tested.stdout.as_str()),
        (0, "ok      tests/hello_test.rhai  2 passed\n"),
        "{}",
        tested.stderr
    );
}

#[test]
#[cfg(unix)]
fn init_stores_the_key_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, tenant) = (Folder::new(), tenant());
    assert_eq!(init(&folder, &tenant.origin(), KEY).code, 0);
    let place = folder.stored_key();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place), mode(place.parent().unwrap())), (0o600, 0o700));
    // A second project with a profile of that name keeps a key of its own, even after the first has logged out.
    folder.run(&["logout"]);
    fs::create_dir(folder.path().join("second")).unwrap();
    let second = folder.run_with(
        &["-C", "second", "init", "--base-url", &tenant.origin()],
        &[
            ("VITALLY_API_KEY", KEY),
            ("VITALLY_SCRIPT_HOME", &place.ancestors().nth(2).unwrap().display().to_string()),
        ],
        "",
    );
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert!(folder.stored_key() != place);
    let whoami = folder.run(&["whoami"]);
    assert!(whoami.code == 6 && whoami.stdout.contains("cannot be read"), "{}", whoami.stdout);
}

#[test]
fn init_again_leaves_every_file_alone() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("hello.rhai", "print(\"mine\");\n");
    let first = init(&folder, &tenant.origin(), KEY);
    assert!(first.stderr.contains("\nhello.rhai is there already, and stays as it is\n"), "{}", first.stderr);
    let requests = tenant.requests().len();
    let settings = folder.read("vitally.toml");
    let again = "vitally.toml is there already, and stays as it is\n  \
           for one more Vitally, add a section [profile.NAME] to it, then: vitally-script login -p NAME\n\
         .gitignore is there already, and stays as it is\nhello.rhai is there already, and stays as it is\n\
         tests/hello_test.rhai is there already, and stays as it is\n";
    let kept = editors("", "is there already, and stays as it is");
    folder.run(&["init"]).is(0, "", &format!("{again}{kept}{NEXT}"));
    assert_eq!(tenant.requests().len(), requests, "Vitally is not asked again");
    assert_eq!(
        (folder.read("vitally.toml"), folder.read("hello.rhai")),
        (settings, "print(\"mine\");\n".into())
    );
}

#[test]
fn init_for_the_demo_needs_no_key() {
    let folder = Folder::new();
    folder.run(&["init", "first", "--demo"]).is(
        0,
        "",
        &format!(
            "first/.gitignore is written\nfirst/hello.rhai is written\nfirst/tests/hello_test.rhai is written\n{}\
         with a Vitally of your own: vitally-script init in the same folder\n\
         next, in the folder first:\n  vitally-script run hello.rhai --demo\n  vitally-script test\n  in an editor: vitally-script help editors\n",
            editors("first/", "is written")
        ),
    );
    assert!(!folder.path().join("first/vitally.toml").exists(), "init for real writes it later");
    let ran = folder.run(&["-C", "first", "run", "hello.rhai", "--demo"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 5), "{}", ran.stderr);
    let tested = folder.run(&["-C", "first", "test"]);
    assert_eq!(tested.code, 0, "{}{}", tested.stdout, tested.stderr);
}

#[test]
fn init_without_anybody_to_ask_names_the_flags() {
    let folder = Folder::new();
    let practise = "to practise without a key: vitally-script init --demo";
    folder.run(&["init"]).is(
        8,
        "",
        &format!(
            "error: init has to know which Vitally, and its key, and nobody is there to be asked\n\
             help: add --subdomain NAME, or --region eu; set VITALLY_API_KEY, or add --api-key-file FILE; {practise}\n"
        ),
    );
    folder.run(&["init", "--region", "eu"]).is(
        8,
        "",
        &format!(
            "error: init has to know the key, and nobody is there to be asked\n\
             help: set VITALLY_API_KEY, or add --api-key-file FILE; {practise}\n"
        ),
    );
    folder.write("key.txt", KEY);
    let ended = folder.run(&["init", "--region", "us", "--api-key-file", "key.txt"]);
    assert!(
        ended.stderr.ends_with(&format!(
            "error: init has to know which Vitally, and nobody is there to be asked\n\
             help: add --subdomain NAME, or --region eu; {practise}\n"
        )),
        "{}",
        ended.stderr
    );
    assert_eq!(ended.code, 8);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn init_writes_nothing_with_a_key_that_vitally_refuses() {
    let (folder, tenant) = (Folder::new(), tenant());
    let ended = init(&folder, &tenant.origin(), "sk_live_wrong_one");
    assert_eq!((ended.code, ended.stdout.as_str()), (6, ""));
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
    assert!(!ended.stderr.contains("sk_live_wrong_one"), "{}", ended.stderr);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(!keeps_a_key(&folder));
}

#[test]
#[cfg(unix)]
fn init_keeps_no_key_for_settings_that_cannot_be_written() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("taken", "a file");
    let ended =
        folder.run_with(&["init", "taken", "--base-url", &tenant.origin()], &[("VITALLY_API_KEY", KEY)], "");
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("taken"), "{}", ended.stderr);
    assert!(!keeps_a_key(&folder));
}
