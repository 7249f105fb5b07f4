//! The key, and a key in the wrong place, is shown nowhere.

use crate::support::program::Folder;
use clap::Parser as _;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use vitally_script::cli::Cli;
use vitally_script::client::{ApiKey, Target, Timeouts};
use vitally_script::settings::{self, File, Flags, KeySource, Profile, Sourced, Sources, secret};
use vitally_script::simulator::Options;

const SECRET: &str = "sk_live_canary_93b1";
/// Base64 of `sk_live_canary_93b1:`.
const ENCODED: &str = "c2tfbGl2ZV9jYW5hcnlfOTNiMTo=";

#[track_caller]
fn hides(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!shown.contains(SECRET) && !shown.contains(ENCODED), "{shown}");
        assert!(!shown.is_empty());
    }
}

fn key() -> ApiKey {
    ApiKey::parse(SECRET).expect("it is a key")
}

#[test]
fn nothing_that_holds_a_key_shows_it_when_it_is_printed_for_debugging() {
    let login = format!("https://{SECRET}:@acme.rest.vitally.io");
    let toml = format!("# {SECRET}\n[profile.default]\nbase_url = \"{login}\"\n");
    let file = File::parse(Path::new("vitally.toml"), &toml).expect("the file is right");
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    let sources = Sources {
        flags: Flags::default(),
        environment: [pair("VITALLY_API_KEY", SECRET)].into(),
        dotenv: [pair("VITALLY_API_KEY", SECRET), pair("OTHER", SECRET)].into(),
        project: Some(file.clone()),
        user: Some(file.clone()),
        folder: PathBuf::from("/p"),
    };
    let settings = settings::resolve(sources.clone()).expect("the settings are right");
    hides(&file);
    hides(&file.profiles.len());
    hides(&sources);
    hides(&settings);
    hides(&settings.profile);
    hides(&settings.profile.base_url.origin);
    hides(&settings.profile.key);
    hides(&settings.profile.address().expect_err("an address with a login is refused"));
    hides(&Profile::demo("http://127.0.0.1:1".into(), key()));
    hides(&KeySource::Given(key()));
    hides(&Sourced::default(key()));
    hides(&key());
    let timeouts = Timeouts::default();
    hides(&Target { origin: "https://acme.rest.vitally.io".into(), key: key(), rate_reserve: 0.0, timeouts });
    hides(&Options { key: SECRET.into(), ..Options::default() });
    let typed = Cli::try_parse_from(["vitally-script", "simulator", "--key", SECRET]);
    hides(&typed.expect("it is a command line"));
}

#[test]
fn a_login_in_an_address_is_not_shown() {
    for (url, shown) in [
        ("https://me:secret@acme.example/resources", "https://***@acme.example/resources"),
        ("https://sk_live_x:@acme.example", "https://***@acme.example"),
        ("https://a@b@acme.example?x=1", "https://***@acme.example?x=1"),
        ("sk_live_x@acme.example", "***@acme.example"),
        ("https://acme.example/@me", "https://acme.example/@me"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("", ""),
    ] {
        assert_eq!(secret::without_login(url), shown);
    }
    let folder = Folder::new();
    let url = format!("https://{SECRET}:@acme.rest.vitally.io");
    let variables = [("VITALLY_BASE_URL", url.as_str()), ("VITALLY_API_KEY", "k")];
    let config = folder.run_with(&["config", "show", "-o", "json"], &variables, "");
    assert!(config.stdout.contains("https://***@acme.rest.vitally.io"), "{}", config.stdout);
    assert!(!config.stdout.contains(SECRET) && !config.stderr.contains(SECRET));
}

#[test]
fn a_line_with_a_login_is_named_and_not_shown() {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        format!("[profile.acme]\nbase_url = \"https://{SECRET}:@acme.rest.vitally.io\"\n"),
    );
    folder.run_with(&["get", "account", "1"], &[("VITALLY_API_KEY", "k")], "").is(
        2,
        "",
        "error: vitally.toml:2: the base URL contains a user name or password\n\
         help: leave out everything before the @; the key is set by itself, in VITALLY_API_KEY or in the file that \
         api_key_file names\n",
    );
}
