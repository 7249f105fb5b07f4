//! `login`, `logout`, `whoami`: a key comes, is used, and goes; nothing shows it.

use crate::support::program::{Ended, Folder};
use crate::support::{KEY, tenant};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use vitally_script::simulator::Simulator;

/// A project with a profile that says nothing about a key.
fn project(tenant: &Simulator) -> Folder {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        format!("# ours\n[profile.acme] # the big one\nbase_url = \"{}\"\n", tenant.origin()),
    );
    folder
}

fn login(folder: &Folder) -> Ended {
    folder.run_with(&["login", "-p", "acme"], &[("VITALLY_API_KEY", KEY)], "")
}

#[test]
fn login_stores_a_key_and_logout_deletes_it() {
    let tenant = tenant();
    let folder = project(&tenant);
    let first = login(&folder);
    let place = folder.stored_key();
    let stored = format!(
        "the key of acme is stored in {}\n  \
           a plain file: whoever can read your files can read it; logout deletes it\n\
         warning: VITALLY_API_KEY is set, and goes before the stored key\n",
        place.display()
    );
    first.is(0, "", &format!("vitally.toml says now where it is\n{stored}"));
    assert_eq!(
        folder.read("vitally.toml"),
        format!(
            "# ours\n[profile.acme] # the big one\napi_key_file = \"{}\"\nbase_url = \"{}\"\n",
            place.display(),
            tenant.origin()
        )
    );
    let origin = tenant.origin();
    let from = format!("the file {} (vitally.toml:3)", place.display());
    let line =
        format!("profile   acme\naddress   {origin}\nenv       production\nkey       {from}\naccepted  ");
    folder.run(&["whoami"]).is(0, &format!("{line}yes\n"), "");
    let ended = folder.run(&["whoami", "-o", "json"]);
    let answer: Value = serde_json::from_str(&ended.stdout).unwrap();
    let expected = json!({
        "profile": "acme", "address": origin, "env": "production", "key_from": from, "accepted": true, "message": null,
    });
    assert_eq!((ended.code, answer, ended.stderr.as_str()), (0, expected, ""));
    // The key is replaced where it is.
    fs::write(&place, "sk_live_older\n").unwrap();
    let refused = folder.run(&["whoami", "-o", "json"]);
    let answer: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!((refused.code, &answer["accepted"]), (6, &json!(false)));
    assert!(answer["message"].is_string(), "{answer}");
    login(&folder).is(0, "", &stored);
    assert_eq!(fs::read_to_string(&place).unwrap(), format!("{KEY}\n"));
    folder.run(&["logout"]).is(
        0,
        "",
        "the key of acme is deleted from this computer\n  Vitally accepts it until somebody deletes it there\n",
    );
    assert!(!place.exists());
    folder.run(&["logout"]).is(0, "", "no key of acme is stored on this computer\n");
    let gone = format!("the key file {} cannot be read: there is no such file or folder", place.display());
    let help = "vitally-script login stores the key there; or check the path in api_key_file or VITALLY_API_KEY_FILE";
    folder.run(&["whoami"]).is(6, &format!("{line}no: {gone}\n          {help}\n"), "");
}

#[test]
#[cfg(unix)]
fn login_stores_the_key_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let tenant = tenant();
    let folder = project(&tenant);
    let file =
        folder.write("key.txt", format!("Authorization: Basic {}", STANDARD.encode(format!("{KEY}:"))));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let ended = folder.run(&["login", "--api-key-file", "key.txt"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let place = folder.stored_key();
    assert_eq!(fs::read_to_string(&place).unwrap(), format!("{KEY}\n"));
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn login_refuses_what_it_cannot_do() {
    let tenant = tenant();
    let folder = Folder::new();
    folder.run_with(&["login"], &[("VITALLY_API_KEY", KEY)], "").is(
        2,
        "",
        "error: there is no vitally.toml here that names a Vitally to log in to\n\
         help: vitally-script init writes one, and asks for the key\n",
    );
    folder.run(&["logout", "--demo"]).is(
        2,
        "",
        "error: the demo tenant needs no key\nhelp: leave out --demo\n",
    );
    let folder = project(&tenant);
    folder.run(&["login"]).is(
        8,
        "",
        "error: login needs a key, and nobody is there to be asked\n\
         help: set VITALLY_API_KEY, or put the key into a file: vitally-script login --api-key-file FILE\n",
    );
    let before = folder.read("vitally.toml");
    let ended = folder.run_with(&["login"], &[("VITALLY_API_KEY", "sk_live_wrong_one")], "");
    assert!(ended.code == 6 && !ended.stderr.contains("wrong_one"), "{}", ended.stderr);
    assert_eq!(folder.read("vitally.toml"), before);
    let own = folder.write("own-key", KEY);
    let help =
        "take that line out of the profile, and login keeps the key itself; or change the key where it is";
    folder.write("vitally.toml", format!("{before}api_key_file = \"own-key\"\n"));
    let said = format!("error: the key of acme is in a file of your own, {}\nhelp: {help}\n", own.display());
    folder.run(&["logout"]).is(2, "", &said);
    assert!(own.exists());
    folder.write("vitally.toml", format!("{before}api_key_command = \"cat own-key\"\n"));
    let said = format!("error: the key of acme comes from api_key_command (vitally.toml:4)\nhelp: {help}\n");
    login(&folder).is(2, "", &said);
}

#[test]
fn whoami_knows_the_demo_and_a_vitally_that_is_not_there() {
    let folder = Folder::new();
    let ended = folder.run(&["whoami", "--demo"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("env       sandbox\nkey       flag --demo\naccepted  yes\n"),
        "{}",
        ended.stdout
    );
    folder.write("vitally.toml", "[profile.acme]\nsubdomain = \"acme\"\n");
    let ended = folder.run(&["whoami"]);
    assert!(
        ended.stdout.contains(
            "address   https://acme.rest.vitally.io\nenv       production\nkey       none\n\
             accepted  no: there is no API key for the profile \"acme\"\n"
        ),
        "{}",
        ended.stdout
    );
    assert_eq!(ended.code, 6);
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_key_is_in_its_file_and_nowhere_else() {
    let tenant = tenant();
    let folder = Folder::new();
    let origin = tenant.origin();
    let key = [("VITALLY_API_KEY", KEY)];
    let mut said = String::new();
    let mut run = |words: &[&str], variables: &[(&str, &str)]| {
        let words = [words, &["-vv", "--log-file", "all.log"]].concat();
        let ended = folder.run_with(&words, variables, "");
        said.push_str(&ended.stdout);
        said.push_str(&ended.stderr);
    };
    run(&["init", "--base-url", &origin, "-p", "acme"], &key);
    run(&["login"], &key);
    run(&["whoami"], &[]);
    run(&["whoami", "-o", "json"], &key);
    run(&["run", "hello.rhai"], &[]);
    run(&["doctor"], &[]);
    run(&["config", "show", "--origin"], &[]);
    let encoded = STANDARD.encode(format!("{KEY}:"));
    assert!(said.contains("accepted  yes"), "{said}");
    assert!(!said.contains(KEY) && !said.contains(&encoded), "{said}");
    let place = folder.stored_key();
    let all = files(folder.path().parent().unwrap());
    assert!(all.contains(&place) && all.len() > 5, "{all:?}");
    for path in all.into_iter().filter(|path| *path != place) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(KEY) && !text.contains(&encoded), "{}", path.display());
    }
}
