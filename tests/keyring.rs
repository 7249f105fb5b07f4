//! Keys in the computer's keyring, with a real one: GNOME's, on a bus of its own that ends with each command.

use crate::support::program::{Ended, Folder};
use crate::support::{KEY, tenant};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use vitally_script::settings::keyring::{Trouble, Waiting, ask};
use vitally_script::simulator::Simulator;
use vitally_script::stop::{Reason, Stop};

/// What a bus and a keyring need before the program runs among them; what the program says goes to files, since the bus
/// talks as well.
const SESSION: &str = "\
    if [ \"$KEYRING\" = open ]; then printf password | gnome-keyring-daemon --unlock --components=secrets\n\
    else gnome-keyring-daemon --start --components=secrets; fi >/dev/null 2>&1\n\
    \"$@\" >\"$SAID/out\" 2>\"$SAID/err\"";

/// How a keyring is found by who asks for it.
#[derive(Clone, Copy, PartialEq)]
enum Keyring {
    Open,
    Locked,
    Missing,
}

/// A computer on which one person has a project and a keyring.
struct Computer {
    folder: Folder,
    tenant: Simulator,
    /// Sockets lie here: their paths must be short.
    sockets: PathBuf,
}

impl Computer {
    /// `None` where no keyring can be had for tests; the CI has one.
    fn new() -> Option<Computer> {
        let found = |name: &str| {
            let tried =
                Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            tried.is_ok_and(|status| status.success())
        };
        if !found("dbus-run-session") || !found("gnome-keyring-daemon") {
            assert!(std::env::var_os("CI").is_none(), "install dbus and gnome-keyring");
            println!("not run: dbus-run-session and gnome-keyring-daemon are needed");
            return None;
        }
        let (folder, tenant) = (Folder::new(), tenant());
        let name = folder.path().parent()?.file_name()?.to_string_lossy().replace("folder", "vs");
        let sockets = std::env::temp_dir().join(name);
        for place in [sockets.clone(), folder.path().join("../person"), folder.path().join("../said")] {
            fs::create_dir_all(place).unwrap();
        }
        let computer = Computer { folder, tenant, sockets };
        computer.begins("vitally.toml");
        Some(computer)
    }

    /// A profile that says nothing about a key.
    fn begins(&self, settings: &str) {
        let text = format!("[profile.acme]\nbase_url = \"{}\"\nenv = \"sandbox\"\n", self.tenant.origin());
        self.folder.write(settings, text);
    }

    fn run(&self, keyring: Keyring, words: &[&str]) -> Ended {
        let root = self.folder.path().parent().unwrap().to_path_buf();
        let program = env!("CARGO_BIN_EXE_vitally-script");
        let mut command = match keyring {
            Keyring::Missing => Command::new(program),
            _ => Command::new("dbus-run-session"),
        };
        if keyring != Keyring::Missing {
            command.args(["--", "sh", "-c", SESSION, "sh", program]);
        }
        command.args(words).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", root.join("person")).env("SAID", root.join("said"));
        command.env("KEYRING", if keyring == Keyring::Open { "open" } else { "locked" });
        command.env("XDG_RUNTIME_DIR", &self.sockets).env("VITALLY_API_KEY_FILE", root.join("given"));
        if words[0] != "login" {
            command.env_remove("VITALLY_API_KEY_FILE");
        }
        let ended = command.output().unwrap();
        let said = |name: &str, direct: Vec<u8>| match keyring {
            Keyring::Missing => String::from_utf8(direct).unwrap(),
            _ => fs::read_to_string(root.join("said").join(name)).unwrap(),
        };
        Ended {
            code: ended.status.code().unwrap(),
            stdout: said("out", ended.stdout),
            stderr: said("err", ended.stderr),
        }
    }

    /// Logs in with the open keyring, where the key was elsewhere or nowhere; answers its name there.
    fn logged_in(&self, more: &[&str]) -> String {
        let ended = self.login(Keyring::Open, more);
        let name = entry(&self.folder.read("vitally.toml"));
        assert!(name.starts_with("acme-") && name.len() == 11, "{name}");
        ended.is(0, "", &format!("vitally.toml says now where it is\n{}", stored(&name)));
        name
    }

    fn login(&self, keyring: Keyring, more: &[&str]) -> Ended {
        let given = self.folder.path().join("../given");
        fs::write(&given, KEY).unwrap();
        set_private(&given);
        let ended = self.run(keyring, &[&["login"], more].concat());
        fs::remove_file(given).unwrap();
        ended
    }

    /// Where `whoami` says that the key comes from, if it is accepted.
    fn key_from(&self, keyring: Keyring) -> String {
        let ended = self.run(keyring, &["whoami", "-o", "json"]);
        let answer: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((ended.code, &answer["accepted"]), (0, &Value::Bool(true)), "{answer} {}", ended.stderr);
        answer["key_from"].as_str().unwrap().to_string()
    }

    /// The only file with a key of this person.
    fn key_file(&self) -> PathBuf {
        let keys = self.folder.path().parent().unwrap().join("person/.config/vitally-script/keys");
        let files: Vec<_> = fs::read_dir(keys).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }

    /// The line of the settings that names it.
    fn line_of(&self, file: &Path) -> String {
        let person = self.folder.path().parent().unwrap().join("person");
        format!("api_key_file = \"~/{}\"", file.strip_prefix(person).unwrap().display())
    }

    /// The files of everything that hold the key as it is.
    fn holders(&self) -> Vec<PathBuf> {
        let root = self.folder.path().parent().unwrap().to_path_buf();
        let mut folders = vec![root];
        let mut holders = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(KEY) {
                    holders.push(path);
                }
            }
        }
        holders
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.sockets);
    }
}

fn set_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// What a login says that put the key into the keyring.
fn stored(name: &str) -> String {
    format!(
        "the key of acme is stored in the keyring's entry vitally-script/{name}\n  \
           it is open while you are logged in at this computer; for jobs that run at\n  \
           other times, keep the key in a file: vitally-script login --store-in file\n"
    )
}

/// The name that settings say of an entry in the keyring.
fn entry(settings: &str) -> String {
    let said = settings.lines().find_map(|line| line.strip_prefix("api_key_keyring = "));
    said.expect("the key is in the keyring").trim_matches('"').to_string()
}

#[test]
fn nobody_waits_for_a_keyring_that_waits_for_somebody() {
    let (stop, never) = (Stop::new(), channel::<()>());
    let wish = stop.clone();
    let waiting = Waiting { stop: &stop, say: Box::new(|_| ()) };
    let answer: Result<(), Trouble> = ask(&waiting, move || {
        wish.set(Reason::Interrupted);
        // The window that asks for the password stays open.
        let _ = never.1.recv();
        Ok(())
    });
    assert_eq!(answer, Err(Trouble::Stopped(Reason::Interrupted)));
    drop(never.0);
}

#[test]
fn a_key_goes_into_the_keyring_and_out_of_it() {
    let Some(computer) = Computer::new() else { return };
    let name = computer.logged_in(&[]);
    let begun = computer.folder.read("vitally.toml");
    assert!(begun.starts_with(&format!("[profile.acme]\napi_key_keyring = \"{name}\"\nbase_url")), "{begun}");
    assert_eq!(computer.holders(), Vec::<PathBuf>::new());
    let from = format!("the keyring's entry vitally-script/{name} (vitally.toml:2)");
    assert_eq!(computer.key_from(Keyring::Open), from);
    let shown = computer.run(Keyring::Open, &["config", "show"]);
    let hidden = format!("*** in the keyring's entry vitally-script/{name}");
    assert!(shown.stdout.contains(&hidden), "{}", shown.stdout);
    computer.folder.write("count.rhai", "print(accounts().first().name != ());\n");
    computer.run(Keyring::Open, &["run", "count.rhai"]).is(0, "true\n", "");
    // Where it is replaced, nothing needs to be written down.
    computer.login(Keyring::Open, &[]).is(0, "", &stored(&name));
    // Another project calls another Vitally by the same name.
    fs::create_dir(computer.folder.path().join("second")).unwrap();
    computer.begins("second/vitally.toml");
    let second = computer.login(Keyring::Open, &["-C", "second"]);
    let other = entry(&computer.folder.read("second/vitally.toml"));
    assert!(second.code == 0 && other != name, "{} {other}", second.stderr);
    computer.run(Keyring::Open, &["-C", "second", "logout"]);
    assert_eq!(computer.key_from(Keyring::Open), from);
    computer.run(Keyring::Open, &["logout"]).is(
        0,
        "",
        "the key of acme is deleted from this computer\n  Vitally accepts it until somebody deletes it there\n",
    );
    computer.run(Keyring::Open, &["logout"]).is(0, "", "no key of acme is stored on this computer\n");
    computer.run(Keyring::Open, &["run", "count.rhai"]).is(
        6,
        "",
        &format!(
            "error: the keyring's entry vitally-script/{name} is not there\n\
             help: vitally-script login stores the key there; or check the name in api_key_keyring\n"
        ),
    );
}

#[test]
fn a_key_moves_between_the_keyring_and_a_file() {
    let Some(computer) = Computer::new() else { return };
    let begun = computer.folder.read("vitally.toml");
    let name = computer.logged_in(&[]);
    let moved = computer.login(Keyring::Open, &["--store-in", "file"]);
    let place = computer.key_file();
    assert!(moved.stderr.contains(&format!("is stored in {}\n", place.display())), "{}", moved.stderr);
    let line = computer.line_of(&place);
    let expected = begun.replacen("]\n", &format!("]\n{line}\n"), 1);
    assert_eq!(computer.folder.read("vitally.toml"), expected);
    assert_eq!(computer.holders(), std::slice::from_ref(&place));
    // The old one is gone.
    let old = begun.replacen("]\n", &format!("]\napi_key_keyring = \"{name}\"\n"), 1);
    computer.folder.write("vitally.toml", old);
    assert_eq!(computer.run(Keyring::Open, &["whoami"]).code, 6);
    computer.folder.write("vitally.toml", expected);
    computer.logged_in(&["--store-in", "keyring"]);
    assert!(!place.exists());
}

#[test]
fn a_key_stays_where_it_is_as_long_as_anything_names_it() {
    let Some(computer) = Computer::new() else { return };
    assert_eq!(computer.login(Keyring::Open, &["--store-in", "file"]).code, 0);
    let begun = computer.folder.read("vitally.toml");
    let place = computer.key_file();
    // Another profile looks on with the same key.
    let line = computer.line_of(&place) + "\n";
    computer.folder.write("vitally.toml", format!("{begun}\n[profile.look]\n{line}"));
    let moved = computer.login(Keyring::Open, &["-p", "acme", "--store-in", "keyring"]);
    let stays =
        format!("\n  the key in {} stays, since [profile.look] in vitally.toml names it\n", place.display());
    assert!(moved.code == 0 && moved.stderr.contains(&stays), "{}", moved.stderr);
    assert!(place.exists());
    // Sections in which the line cannot be written leave everything as it was.
    for head in ["[ profile.acme ]", "[profile.'acme']", "[profile]\nacme.env = \"sandbox\"\nacme."] {
        let origin = computer.tenant.origin();
        let between = if head.ends_with('.') { "" } else { "\n" };
        let text = format!("{head}{between}{}{between}", line.trim_end());
        let text = match between {
            "" => format!("{text}\nacme.base_url = \"{origin}\"\n"),
            _ => format!("{text}base_url = \"{origin}\"\n"),
        };
        computer.folder.write("vitally.toml", &text);
        let refused = computer.login(Keyring::Open, &["-p", "acme", "--store-in", "keyring"]);
        assert!(
            refused.code == 2 && refused.stderr.contains("in the place of the old one"),
            "{}",
            refused.stderr
        );
        assert_eq!(computer.folder.read("vitally.toml"), text);
        assert!(place.exists());
    }
}

#[test]
fn a_keyring_that_is_locked_or_missing_says_what_to_do() {
    let Some(computer) = Computer::new() else { return };
    let cannot = |why: &str| format!("error: the keyring of this computer cannot be used: {why}\n");
    let unusable = |why: &str| {
        cannot(why)
            + "help: open it as whoever is logged in at the screen; for jobs that run while nobody is, keep the key in a file: \
               vitally-script login --store-in file\n"
    };
    let begun = computer.folder.read("vitally.toml");
    computer.login(Keyring::Missing, &["--store-in", "keyring"]).is(
        6,
        "",
        &unusable("there is none that answers"),
    );
    assert_eq!(computer.folder.read("vitally.toml"), begun);
    // Who does not say where gets a file, and a warning.
    let filed = computer.login(Keyring::Missing, &[]);
    let warning =
        "warning: the keyring of this computer cannot be used: there is none that answers\nvitally.toml says";
    assert!(filed.code == 0 && filed.stderr.starts_with(warning), "{}", filed.stderr);
    assert!(filed.stderr.contains("\n  a plain file: whoever can read"), "{}", filed.stderr);
    let name = computer.logged_in(&["--store-in", "keyring"]);
    computer.folder.write("count.rhai", "print(accounts().first().name != ());\n");
    let run = ["run", "count.rhai"];
    computer.run(Keyring::Locked, &run).is(6, "", &unusable("it was not opened"));
    computer.run(Keyring::Missing, &run).is(6, "", &unusable("there is none that answers"));
    let help = format!("help: open it and try again, or delete its entry vitally-script/{name} there\n");
    computer.run(Keyring::Locked, &["logout"]).is(6, "", &format!("{}{help}", cannot("it was not opened")));
    computer.run(Keyring::Open, &run).is(0, "true\n", "");
}
