//! A script that works with two tenants: `profile("eu").get_account(id)`.

use crate::support::NOW;
use crate::support::http::{basic, exchange};
use crate::support::program::{Ended, Folder};
use serde_json::Value;
use vitally_script::simulator::{Effect, Fault, Options, Simulator};

const US: &str = "sk_live_us_key";
const EU: &str = "sk_live_eu_key";

/// Two tenants with a key each, and a project whose profiles lead to them.
struct Project {
    us: Simulator,
    eu: Simulator,
    folder: Folder,
}

/// A project whose profile `eu` has these further settings.
fn project(of_eu: &str) -> Project {
    let tenant = |key: &str, seed: u64| {
        let now = Some(NOW.parse().expect("the tests' time is a time"));
        let options = Options { key: key.into(), seed, rate_limit: None, now, ..Options::default() };
        Simulator::start(options).expect("a free port on this machine")
    };
    let (us, eu) = (tenant(US, 1), tenant(EU, 2));
    let folder = Folder::new();
    write_key(&folder, "us", US);
    write_key(&folder, "eu", EU);
    let section = |name: &str, origin: &str, further: &str| {
        format!("[profile.{name}]\nbase_url = \"{origin}\"\napi_key_file = \"keys/{name}\"\n{further}\n")
    };
    let profiles = [section("us", &us.origin(), ""), section("eu", &eu.origin(), of_eu)].concat();
    folder.write("vitally.toml", format!("default_profile = \"us\"\n\n{profiles}"));
    Project { us, eu, folder }
}

/// Writes a key file that only its owner can read.
fn write_key(folder: &Folder, profile: &str, key: &str) {
    let path = folder.write(&format!("keys/{profile}"), format!("{key}\n"));
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("it is ours");
}

impl Project {
    /// Runs a script in this project.
    fn run(&self, script: &str, options: &[&str]) -> Ended {
        self.folder.write("job.rhai", script);
        let words = [&["run", "--color", "never", "job.rhai"], options].concat();
        self.folder.run_with(&words, &[("VITALLY_SCRIPT_NOW", NOW), ("TZ", "UTC")], "")
    }
}

/// What a tenant holds of the account `acct-1`.
fn account(tenant: &Simulator, key: &str) -> Value {
    let reply = exchange(tenant, "GET", "/resources/accounts/acct-1", Some(&basic(key)), "");
    reply.expect("an answer").json()
}

/// What a tenant was asked for, and how it answered.
fn asked(tenant: &Simulator) -> Vec<(String, String, u16)> {
    tenant.requests().into_iter().map(|seen| (seen.method, seen.path, seen.status)).collect()
}

fn line(method: &str, path: &str) -> (String, String, u16) {
    (method.into(), format!("/resources{path}"), 200)
}

#[test]
fn reads_go_to_the_profile_that_is_named_with_its_key() {
    let project = project("");
    let script = r#"
        let eu = profile("eu");
        print(get_account(ext("acct-1")).name);
        print(eu.get_account(ext("acct-1")).name);
        print(eu.name);
        print(eu.users(#{ account: ext("acct-1") }).len() > 0);
    "#;
    let (of_us, of_eu) = (account(&project.us, US), account(&project.eu, EU));
    assert_ne!(of_us["name"], of_eu["name"], "the tenants can be told apart");
    project.us.forget_requests();
    project.eu.forget_requests();
    let said = format!("{}\n{}\neu\ntrue\n", text(&of_us["name"]), text(&of_eu["name"]));
    let ended = project.run(script, &[]);
    ended.is(0, &said, "");
    assert_eq!(asked(&project.us), [line("GET", "/accounts/acct-1")]);
    let of_eu = asked(&project.eu);
    assert_eq!(of_eu[0], line("GET", "/accounts/acct-1"));
    assert!(of_eu[1].1.starts_with("/resources/accounts/acct-1/users?") && of_eu[1].2 == 200, "{of_eu:?}");
    assert_eq!(of_eu.len(), 2);
}

#[test]
fn a_write_goes_to_the_profile_that_is_named_and_to_no_other() {
    let project = project("");
    let script = r#"
        let theirs = profile("eu").get_account(ext("acct-1"));
        print(profile("eu").update_account(theirs, #{ name: "From the other side" }).name);
    "#;
    let before = account(&project.us, US);
    let ended = project.run(script, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "From the other side\n"), "{}", ended.stderr);
    assert_eq!((project.us.writes(), project.eu.writes()), (0, 1));
    assert_eq!(account(&project.eu, EU)["name"], "From the other side");
    assert_eq!(account(&project.us, US), before);
}

#[test]
fn a_dry_run_writes_to_neither() {
    let project = project("");
    let script = r#"
        update_account(ext("acct-1"), #{ name: "Here" });
        print(profile("eu").update_account(ext("acct-1"), #{ name: "There" }).name);
    "#;
    let ended = project.run(script, &["-n"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "There\n"), "{}", ended.stderr);
    let first = ended.stderr.lines().next();
    assert_eq!(first, Some("dry run, nothing was sent: 2 accounts to be updated"));
    assert_eq!((project.us.writes(), project.eu.writes()), (0, 0));
}

#[test]
fn a_profile_that_only_reads_refuses_writes_from_another_profiles_run() {
    let project = project("read_only = true");
    let script = r#"
        print(profile("eu").get_account(ext("acct-1")).id != ());
        update_account(ext("acct-1"), #{ name: "Allowed here" });
        profile("eu").update_account(ext("acct-1"), #{ name: "Not there" });
    "#;
    let ended = project.run(script, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (8, "true\n"), "{}", ended.stderr);
    let refusal = "error: update_account was not sent: the profile \"eu\" is read-only in this run\n --> job.rhai:4:23\n";
    assert!(ended.stderr.contains(refusal), "{}", ended.stderr);
    assert_eq!((project.us.writes(), project.eu.writes()), (1, 0));
}

#[test]
fn each_profiles_key_is_its_own() {
    let project = project("");
    write_key(&project.folder, "eu", US);
    let ended = project.run(r#"profile("eu").get_account(ext("acct-1"))"#, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (6, ""), "{}", ended.stderr);
    assert!(!ended.stderr.contains(US), "{}", ended.stderr);
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn a_run_that_broke_off_goes_on_in_every_profile() {
    let project = project("");
    let script = r#"
        create_note(#{ note: "Here", noteDate: today(), accountId: get_account(ext("acct-1")).id });
        let eu = profile("eu");
        eu.create_note(#{ note: "There", noteDate: today(), accountId: eu.get_account(ext("acct-1")).id });
        eu.create_task(#{ name: "There", accountId: eu.get_account(ext("acct-1")).id });
        create_task(#{ name: "Here", accountId: get_account(ext("acct-1")).id });
    "#;
    let broken = Effect::Status { status: 400, headers: true, retry_after: None };
    project.eu.fail(Fault::next(broken).method("POST").path("/tasks"));
    let ended = project.run(script, &["-y"]);
    assert_eq!((ended.code, project.us.writes(), project.eu.writes()), (1, 1, 2), "{}", ended.stderr);
    let said = |start: &str| ended.stderr.lines().any(|line| line.starts_with(start));
    assert!(said("go on: vitally-script resume ") && said("profile us, run "), "{}", ended.stderr);
    let listed = project.folder.run(&["runs", "-o", "json"]);
    let runs: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    // Whichever of the two is named, both go on.
    for (run, writes) in [(&runs[0], (2, 3)), (&runs[1], (2, 3))] {
        let id = run["run"].as_str().expect("an id");
        let variables = [("VITALLY_SCRIPT_NOW", NOW), ("TZ", "UTC")];
        let resumed = project.folder.run_with(&["resume", id, "-y"], &variables, "");
        assert_eq!(resumed.code, 0, "{}", resumed.stderr);
        assert_eq!((project.us.writes(), project.eu.writes()), writes, "{}", resumed.stderr);
    }
    let wrong = project.folder.run(&["resume", runs[0]["run"].as_str().expect("an id"), "-p", "eu"]);
    assert_eq!(wrong.code, 8, "{}", wrong.stderr);
    assert!(wrong.stderr.contains("worked with the profile \"us\", not \"eu\""), "{}", wrong.stderr);
}
