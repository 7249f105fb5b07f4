//! Keys and addresses that cannot work: said before anything is sent, or when Vitally refuses the key.

use crate::support::program::Folder;
use crate::support::{Ended, KEY, ended, error_at, program_at, seen, tenant};
use vitally_script::simulator::Simulator;

const READ: &str = "get_account(ext(\"acct-1\")).externalId";
/// The key of the tests as it travels.
const ENCODED: &str = "c2tfbGl2ZV9jYW5hcnlfN2YzYTkxOg==";

fn with_key(tenant: &Simulator, key: &str) -> (i32, String, String) {
    let mut program = program_at(&tenant.origin());
    let found = ended(program.args(["eval", "--color", "never", READ]).env("VITALLY_API_KEY", key));
    seen(&tenant.origin(), &found)
}

#[test]
fn the_key_may_be_pasted_as_it_is_shown() {
    let tenant = tenant();
    for key in [
        format!("Basic {ENCODED}"),
        format!("Authorization: Basic {ENCODED}"),
        format!("  \"{KEY}\"\n"),
        format!("authorization: basic {ENCODED}\n"),
    ] {
        assert_eq!(with_key(&tenant, &key), (0, "acct-1\n".into(), String::new()));
    }
}

#[test]
fn keys_that_do_not_work() {
    let tenant = tenant();
    let at = |message: &str, help: &str| (6, String::new(), error_at(READ, "get_account", message, help));
    let missing = at(
        "there is no API key for the profile \"default\"",
        "vitally-script init asks for one, and login stores one; or set VITALLY_API_KEY to the key from Vitally \
         (Settings, Integrations, Vitally REST API), or put api_key_file into the profile in vitally.toml; to try \
         things without a key, add --demo",
    );
    assert_eq!(with_key(&tenant, ""), missing);
    let copy = "copy the key again from Vitally: Settings, Integrations, Vitally REST API";
    let unreadable = format!(
        "error: VITALLY_API_KEY does not hold a Vitally key: it contains spaces or characters that no key has\n\
         help: {copy}\n"
    );
    assert_eq!(with_key(&tenant, &format!("{KEY} {KEY}")), (6, String::new(), unreadable));
    assert_eq!(tenant.requests().len(), 0, "nothing is sent without a key");
    let wrong = at(
        "Vitally did not accept the API key (401): Invalid API key",
        "check the key and the profile: a key belongs to one workspace and one region. Set it in VITALLY_API_KEY, or \
         in the file that api_key_file names.",
    );
    assert_eq!(with_key(&tenant, "sk_live_of_somebody_else"), wrong);
    assert_eq!(tenant.requests().len(), 1, "a refused key is not tried again");
}

/// Runs a script with these variables and `vitally.toml`, in a folder of its own.
fn with_settings(variables: &[(&str, &str)], project: &str) -> Ended {
    let folder = Folder::new();
    folder.write("vitally.toml", project);
    let mut program = folder.command(&["eval", "--color", "never", READ]);
    ended(program.env("VITALLY_API_KEY", KEY).envs(variables.iter().copied()))
}

#[test]
fn addresses_that_cannot_work_are_refused_before_anything_is_sent() {
    let tenant = tenant();
    let origin = tenant.origin();
    let write = "write it like https://acme.rest.vitally.io, or like http://127.0.0.1:8080 for a simulator on this computer";
    let name =
        "set subdomain in the profile, or VITALLY_SUBDOMAIN, to the name before .vitally.io in your browser";
    let neither = format!(
        "vitally-script init asks for it. Or {name}; in the EU region set region = \"eu\" or VITALLY_REGION=eu instead. \
         To try things without a Vitally, add --demo."
    );
    let below = format!("{origin}/v1");
    let query = format!("{origin}?x=1");
    let bare = origin.replace("http://", "");
    let credentials = origin.replace("http://", "http://me:secret@");
    let weaker = format!("[profile.acme]\nbase_url = \"{origin}\"\n");
    for (variables, project, message, help) in [
        (&[][..], "", "nobody said which Vitally to talk to", neither.as_str()),
        (&[("VITALLY_REGION", "us")], "", "the US region needs a subdomain, and none is set", name),
        (
            &[("VITALLY_REGION", "moon"), ("VITALLY_SUBDOMAIN", "acme")],
            "",
            "there is no region \"moon\"",
            "Vitally has two regions: \"us\" and \"eu\"",
        ),
        (
            &[("VITALLY_REGION", "eu"), ("VITALLY_SUBDOMAIN", "acme.vitally.io")],
            "",
            "the region is eu, but the subdomain is an address of Vitally's US region",
            "set region = \"us\" if the workspace is there; otherwise leave the subdomain out, since the EU region \
             needs none",
        ),
        (&[("VITALLY_BASE_URL", &below)], "", "the base URL has the path /v1", write),
        (&[("VITALLY_BASE_URL", &query)], "", "the base URL contains a ? or a #", write),
        (&[("VITALLY_BASE_URL", &bare)], "", "the base URL does not begin with https://", write),
        (
            &[("VITALLY_BASE_URL", &credentials)],
            "",
            "the base URL contains a user name or password",
            "leave out everything before the @; the key is set by itself, in VITALLY_API_KEY or in the file that \
             api_key_file names",
        ),
        (&[("VITALLY_REGION", "us")], &weaker, "the US region needs a subdomain, and none is set", name),
    ] {
        let ended = with_settings(variables, project);
        let err = format!("error: {message}\nhelp: {help}\n");
        assert_eq!(seen(&origin, &ended), (2, String::new(), err), "{variables:?} {project}");
    }
    let ended = with_settings(&[], "[profile.acme]\nregion = \"us\"\nsubdomain = \"acme corp\"\n");
    assert_eq!(
        seen(&origin, &ended),
        (
            2,
            String::new(),
            "error: \"acme corp\" is not the subdomain of a Vitally workspace\n \
             --> vitally.toml:3:1\n  |\n3 | subdomain = \"acme corp\"\n  | ^^^^^^^^^\n  |\n  \
             = help: it is the first part of the address you use to log in: for https://acme.vitally.io it is \
             \"acme\"\n"
                .into()
        )
    );
    assert!(tenant.requests().is_empty());
}
