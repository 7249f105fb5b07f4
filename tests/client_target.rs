//! Where a profile's settings lead.

use vitally_script::client::origin;

#[test]
fn settings_that_name_a_place() {
    for (region, subdomain, base_url, expected) in [
        (None, Some("acme"), None, "https://acme.rest.vitally.io"),
        (Some("us"), Some("Acme-2"), None, "https://acme-2.rest.vitally.io"),
        (Some(" US "), Some(" acme "), Some(" "), "https://acme.rest.vitally.io"),
        (None, Some("acme.rest.vitally.io"), None, "https://acme.rest.vitally.io"),
        (None, Some("https://acme.vitally.io/home?tab=1"), None, "https://acme.rest.vitally.io"),
        (None, Some("https://acme.rest.vitally.io/resources"), None, "https://acme.rest.vitally.io"),
        (Some("eu"), None, None, "https://rest.vitally-eu.io"),
        (Some("EU"), Some("acme"), None, "https://rest.vitally-eu.io"),
        (Some("eu"), Some("acme.vitally-eu.io"), None, "https://rest.vitally-eu.io"),
        (None, None, Some("https://rest.vitally.io"), "https://rest.vitally.io"),
        (None, None, Some("https://acme.rest.vitally.io/resources"), "https://acme.rest.vitally.io"),
        (
            Some("eu"),
            Some("acme"),
            Some("https://proxy.example:8443/resources/"),
            "https://proxy.example:8443",
        ),
        (None, None, Some("http://127.0.0.1:8080"), "http://127.0.0.1:8080"),
        (None, None, Some("http://localhost:8080/"), "http://localhost:8080"),
        (None, None, Some("http://[::1]:8080/resources"), "http://[::1]:8080"),
    ] {
        let found = origin(region, subdomain, base_url);
        assert_eq!(found.as_deref(), Ok(expected), "{region:?} {subdomain:?} {base_url:?}");
    }
}

const WRITE: &str = "write it like https://acme.rest.vitally.io, or like http://127.0.0.1:8080 for a simulator on this computer";
const PART: &str =
    "it is the first part of the address you use to log in: for https://acme.vitally.io it is \"acme\"";

/// Region, subdomain, base URL; what is said about them, and the advice.
type Wrong = (Option<&'static str>, Option<&'static str>, Option<&'static str>, &'static str, &'static str);

const WRONG: &[Wrong] = &[
    (
        None,
        None,
        None,
        "nobody said which Vitally to talk to",
        "vitally-script init asks for it. Or set subdomain in the profile, or VITALLY_SUBDOMAIN, to the name before \
             .vitally.io in your browser; in the EU region set region = \"eu\" or VITALLY_REGION=eu instead. To try things without a Vitally, add \
             --demo.",
    ),
    (
        Some("us"),
        None,
        None,
        "the US region needs a subdomain, and none is set",
        "set subdomain in the profile, or VITALLY_SUBDOMAIN, to the name before .vitally.io in your browser",
    ),
    (
        Some("uk"),
        Some("acme"),
        None,
        "there is no region \"uk\"",
        "Vitally has two regions: \"us\" and \"eu\"",
    ),
    (
        None,
        Some("rest.vitally-eu.io"),
        None,
        "the subdomain is an address of Vitally's EU region, but no region is set",
        "set region = \"eu\" in the profile, or VITALLY_REGION=eu; the EU region needs no subdomain",
    ),
    (
        Some("us"),
        Some("acme.vitally-eu.io"),
        None,
        "the region is us, but the subdomain is an address of Vitally's EU region",
        "set region = \"eu\" and leave the subdomain out; the EU region needs none",
    ),
    (
        Some("eu"),
        Some("acme.rest.vitally.io"),
        None,
        "the region is eu, but the subdomain is an address of Vitally's US region",
        "set region = \"us\" if the workspace is there; otherwise leave the subdomain out, since the EU region \
             needs none",
    ),
    (None, Some("acme corp"), None, "\"acme corp\" is not the subdomain of a Vitally workspace", PART),
    (None, Some("-acme"), None, "\"-acme\" is not the subdomain of a Vitally workspace", PART),
    (
        None,
        Some("rest.vitally.io"),
        None,
        "\"rest.vitally.io\" is not the subdomain of a Vitally workspace",
        PART,
    ),
    (
        None,
        Some("evil.example/"),
        None,
        "\"evil.example/\" is not the subdomain of a Vitally workspace",
        PART,
    ),
    (None, Some("a@b"), None, "\"***\" is not the subdomain of a Vitally workspace", PART),
    (None, None, Some("acme.rest.vitally.io"), "the base URL does not begin with https://", WRITE),
    (None, None, Some("ftp://acme.rest.vitally.io"), "the base URL does not begin with https://", WRITE),
    (
        None,
        None,
        Some("https://acme.vitally.io"),
        "the base URL is the address of Vitally's app, not of its REST API",
        "use https://acme.rest.vitally.io, or set subdomain = \"acme\" and no base URL",
    ),
    (None, None, Some("https://"), "the base URL is not a web address", WRITE),
    (None, None, Some("https://acme.rest.vitally.io/v1"), "the base URL has the path /v1", WRITE),
    (None, None, Some("https://acme.rest.vitally.io?x=1"), "the base URL contains a ? or a #", WRITE),
    (None, None, Some("https://acme.rest.vitally.io/#x"), "the base URL contains a ? or a #", WRITE),
    (
        None,
        None,
        Some("https://sk_live_x:@acme.rest.vitally.io"),
        "the base URL contains a user name or password",
        "leave out everything before the @; the key is set by itself, in VITALLY_API_KEY or in the file that \
             api_key_file names",
    ),
    (
        None,
        None,
        Some("http://acme.rest.vitally.io"),
        "the base URL begins with http://, so the key would travel unprotected",
        "use https://; http:// is accepted only for this computer itself, such as http://127.0.0.1:8080",
    ),
    (
        None,
        None,
        Some("http://localhost.evil.example"),
        "the base URL begins with http://, so the key would travel unprotected",
        "use https://; http:// is accepted only for this computer itself, such as http://127.0.0.1:8080",
    ),
];

#[test]
fn settings_that_name_none() {
    for (region, subdomain, base_url, message, help) in WRONG {
        let found = origin(*region, *subdomain, *base_url).expect_err(message);
        assert_eq!(
            (found.message.as_str(), found.help.as_str()),
            (*message, *help),
            "{region:?} {subdomain:?} {base_url:?}"
        );
    }
}
