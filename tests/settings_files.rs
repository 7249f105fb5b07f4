//! Mistakes in settings files, shown at their place; key files; `.env`.

use crate::support::program::Folder;
use std::path::Path;
use vitally_script::error::Error;
use vitally_script::report;
use vitally_script::settings::key::Loaded;
use vitally_script::settings::keyring::Waiting;
use vitally_script::settings::{File, KeySource};
use vitally_script::stop::Stop;

fn error(text: &str) -> String {
    let error = File::parse(Path::new("/p/vitally.toml"), text).expect_err("the file is wrong");
    assert_eq!(error.exit_code(), 2);
    report::text(&error, report::Style::default())
}

#[test]
fn an_unknown_setting_is_shown_with_what_was_meant() {
    assert_eq!(
        error("[profile.a]\nregion = \"us\"\nsubdomian = \"acme\"\n"),
        "error: there is no setting \"subdomian\" in a profile; did you mean \"subdomain\"?
 --> vitally.toml:3:1
  |
3 | subdomian = \"acme\"
  | ^^^^^^^^^
  |
  = help: known are: region, subdomain, base_url, env, api_key_file, api_key_command, api_key_keyring, read_only, max_changes, \
         max_deletes, protect, rate_reserve, timezone, record_url\n"
    );
    assert_eq!(
        error("profil = 3\n"),
        "error: there is no setting \"profil\" at the top of this file; did you mean \"profile\"?
 --> vitally.toml:1:1
  |
1 | profil = 3
  | ^^^^^^
  |
  = help: known are: default_profile, profile, job, http, email, notify\n"
    );
}

#[test]
fn a_value_of_the_wrong_kind() {
    let cases = [
        ("region = \"moon\"", "\"region\" must be \"us\" or \"eu\""),
        ("env = \"prod\"", "\"env\" must be \"production\" or \"sandbox\""),
        ("read_only = \"yes\"", "\"read_only\" must be true or false"),
        ("max_changes = -1", "\"max_changes\" must be a whole number, 0 or more"),
        ("max_deletes = 1.5", "\"max_deletes\" must be a whole number, 0 or more"),
        ("rate_reserve = 1.0", "\"rate_reserve\" must be a number from 0 to 0.9"),
        ("timezone = 1", "\"timezone\" must be text in double quotes"),
        ("subdomain = \"\"", "\"subdomain\" must be text in double quotes"),
    ];
    for (line, message) in cases {
        let said = error(&format!("[profile.a]\n{line}\n"));
        assert_eq!(said.lines().next(), Some(format!("error: {message}").as_str()), "{line}");
        assert!(said.contains(&format!("2 | {line}\n")), "{said}");
    }
    assert_eq!(error("profile = 1\n").lines().next(), Some("error: \"profile\" must be a section"));
}

#[test]
fn a_key_in_the_file_is_refused_and_not_shown() {
    assert_eq!(
        error("[profile.a]\napi_key = \"sk_live_12345\"\n"),
        "error: vitally.toml:2: there is no setting \"api_key\" in a profile\n\
         help: a key never stands in this file: use api_key_keyring, api_key_file, api_key_command, or VITALLY_API_KEY\n"
    );
    assert!(!error("[profile.a]\napi_key = sk_live_12345\n").contains("12345"));
}

#[test]
fn two_places_for_a_key() {
    assert_eq!(
        error("[profile.a]\napi_key_file = \"k\"\napi_key_command = \"c\"\n"),
        "error: vitally.toml:2: api_key_file and api_key_command are both set\nhelp: keep one of them\n"
    );
    assert_eq!(
        error("[profile.a]\napi_key_file = \"k\"\napi_key_keyring = \"k\"\n"),
        "error: vitally.toml:3: api_key_keyring and api_key_file are both set\nhelp: keep one of them\n"
    );
}

#[test]
fn text_that_is_not_toml() {
    let said = error("[profile.a\nregion = \"us\"\n");
    assert!(said.starts_with("error: this is not TOML: "), "{said}");
    assert!(said.contains(" --> vitally.toml:1:"), "{said}");
}

fn load(source: &KeySource) -> Result<Loaded, Error> {
    source.load(Path::new("/"), &Waiting { stop: &Stop::new(), say: Box::new(|_| ()) })
}

#[test]
fn a_key_file_is_read_and_its_permissions_looked_at() {
    let folder = Folder::new();
    let path = folder.write("key", "sk_live_12345\n");
    let source = KeySource::File(path.clone());
    set_mode(&path, 0o644);
    let loaded = load(&source).unwrap();
    let name = path.display();
    let warning =
        format!("the key file {name} can be read by other people on this machine; run: chmod 600 {name}");
    assert_eq!(loaded.warning, cfg!(unix).then_some(warning));
    set_mode(&path, 0o600);
    assert_eq!(load(&source).unwrap().warning, None);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

#[test]
fn a_key_that_cannot_be_had() {
    let missing = load(&KeySource::File("/nowhere/key".into())).err().unwrap();
    assert_eq!(missing.exit_code(), 6);
    assert_eq!(
        report::text(&missing, report::Style::default()),
        "error: the key file /nowhere/key cannot be read: there is no such file or folder\n\
         help: vitally-script login stores the key there; or check the path in api_key_file or VITALLY_API_KEY_FILE\n"
    );
    let failed = load(&KeySource::Command("exit 3".into())).err().unwrap();
    assert_eq!(
        report::text(&failed, report::Style::default()),
        "error: api_key_command gave no key: it ended with code 3\n\
         help: run the command by hand; it has to print the key and nothing else\n"
    );
    assert!(load(&KeySource::Command("echo sk_live_1".into())).is_ok());
}

#[test]
fn the_files_around_a_folder() {
    let folder = Folder::new();
    folder.write("vitally.toml", "[profile.a]\nsubdomain = \"acme\"\n");
    folder.write(".env", "VITALLY_REGION=us\nVITALLY_SUBDOMAIN=\"other\"\n");
    folder.write("deep/er/x.rhai", "1");
    let shown = folder.run(&["-C", "deep/er", "config", "show", "--origin", "-o", "csv"]);
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    let line = |start: &str| {
        shown.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_string()
    };
    assert_eq!(line("profile,"), "profile,a,default");
    assert_eq!(line("region,"), "region,us,.env VITALLY_REGION");
    assert_eq!(line("subdomain,"), "subdomain,other,.env VITALLY_SUBDOMAIN");
    assert_eq!(line("address,"), "address,https://other.rest.vitally.io,.env VITALLY_SUBDOMAIN");
}

#[test]
fn a_broken_dotenv_is_named_and_not_shown() {
    let folder = Folder::new();
    folder.write(".env", "VITALLY_API_KEY sk_live_12345\n");
    let path = folder.path().join(".env");
    folder.run(&["config", "show"]).is(
        2,
        "",
        &format!(
            "error: {} has a line that is not NAME=value\n\
             help: put values with spaces or special characters in quotes: NAME=\"a value\"\n",
            path.display()
        ),
    );
}
