//! Which source wins, and what is refused before the first request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use vitally_script::error::Error;
use vitally_script::report;
use vitally_script::settings::{self, Environment, File, Flags, KeySource, Settings, Sources};

#[derive(Default)]
struct Given<'a> {
    profile: Option<&'a str>,
    read_only: bool,
    environment: &'a [(&'a str, &'a str)],
    dotenv: &'a [(&'a str, &'a str)],
    project: &'a str,
    user: &'a str,
}

impl Given<'_> {
    fn sources(&self) -> Sources {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
        };
        let file = |path: &str, text: &str| {
            (!text.is_empty()).then(|| File::parse(Path::new(path), text).expect("the file is right"))
        };
        Sources {
            flags: Flags { profile: self.profile.map(str::to_string), read_only: self.read_only },
            environment: map(self.environment),
            dotenv: map(self.dotenv),
            project: file("/p/vitally.toml", self.project),
            user: file("/u/config.toml", self.user),
            folder: PathBuf::from("/p/below"),
        }
    }

    fn settings(&self) -> Settings {
        settings::resolve(self.sources()).expect("the settings are right")
    }

    fn error(&self) -> String {
        said(&settings::resolve(self.sources()).expect_err("the settings are wrong"))
    }
}

fn said(error: &Error) -> String {
    report::text(error, report::Style::default())
}

#[test]
fn the_strongest_source_wins() {
    let toml = |name: &str| format!("[profile.default]\nsubdomain = \"{name}\"\n");
    let (project, user) = (toml("project"), toml("user"));
    let environment = [("VITALLY_SUBDOMAIN", "environment")];
    let dotenv = [("VITALLY_SUBDOMAIN", "dotenv")];
    let empty = [("VITALLY_SUBDOMAIN", "  ")];
    let cases: &[(Given, Option<&str>, &str)] = &[
        (
            Given {
                environment: &environment,
                dotenv: &dotenv,
                project: &project,
                user: &user,
                ..Given::default()
            },
            Some("environment"),
            "environment VITALLY_SUBDOMAIN",
        ),
        (
            Given {
                environment: &empty,
                dotenv: &dotenv,
                project: &project,
                user: &user,
                ..Given::default()
            },
            Some("dotenv"),
            ".env VITALLY_SUBDOMAIN",
        ),
        (
            Given { dotenv: &empty, project: &project, user: &user, ..Given::default() },
            Some("project"),
            "vitally.toml:2",
        ),
        (Given { user: &user, ..Given::default() }, Some("user"), "config.toml:2"),
        (Given::default(), None, "default"),
    ];
    for (given, value, origin) in cases {
        let subdomain = given.settings().profile.subdomain;
        assert_eq!((subdomain.value.as_deref(), subdomain.origin.to_string().as_str()), (*value, *origin));
    }
}

#[test]
fn which_profile_is_meant() {
    let two = "[profile.a]\n[profile.b]\n";
    let default_b = "default_profile = \"b\"\n[profile.a]\n[profile.b]\n";
    let with_default = "[profile.default]\n[profile.b]\n";
    let variable = [("VITALLY_PROFILE", "a")];
    let cases: &[(Given, &str, &str)] = &[
        (
            Given { profile: Some("b"), environment: &variable, project: two, ..Given::default() },
            "b",
            "flag --profile",
        ),
        (
            Given { environment: &variable, project: default_b, ..Given::default() },
            "a",
            "environment VITALLY_PROFILE",
        ),
        (Given { dotenv: &variable, project: default_b, ..Given::default() }, "a", ".env VITALLY_PROFILE"),
        (Given { project: default_b, ..Given::default() }, "b", "vitally.toml:1"),
        (Given { project: two, user: "default_profile = \"a\"", ..Given::default() }, "a", "config.toml:1"),
        (Given { project: "[profile.only]", ..Given::default() }, "only", "default"),
        (Given { project: with_default, ..Given::default() }, "default", "default"),
        (Given::default(), "default", "default"),
        (Given { user: "[profile.mine]", ..Given::default() }, "mine", "default"),
    ];
    for (given, name, chosen) in cases {
        let profile = given.settings().profile;
        assert_eq!((profile.name.as_str(), profile.chosen.to_string().as_str()), (*name, *chosen));
    }
}

#[test]
fn a_profile_that_is_not_there() {
    let project = "[profile.acme-prod]\n[profile.eu]\n";
    assert_eq!(
        Given { profile: Some("acme-prd"), project, ..Given::default() }.error(),
        "error: there is no profile \"acme-prd\"; did you mean \"acme-prod\"?\n\
         help: the profiles are: acme-prod, eu\n"
    );
    assert_eq!(
        Given { profile: Some("x"), ..Given::default() }.error(),
        "error: there is no profile \"x\"\n\
         help: write a section [profile.x] in vitally.toml, or leave out the profile's name\n"
    );
    assert_eq!(
        Given { project, ..Given::default() }.error(),
        "error: there are several profiles, and none was chosen\n\
         help: add -p NAME with one of: acme-prod, eu; or set default_profile in vitally.toml\n"
    );
}

#[test]
fn the_environment_speaks_about_the_selected_profile_only() {
    let given = Given {
        profile: Some("us"),
        environment: &[("VITALLY_API_KEY", "sk_us"), ("VITALLY_REGION", "us"), ("VITALLY_SUBDOMAIN", "acme")],
        dotenv: &[("VITALLY_BASE_URL", "http://127.0.0.1:9")],
        project: "[profile.us]\n[profile.eu]\nregion = \"eu\"\n",
        ..Given::default()
    };
    let settings = given.settings();
    let other = settings.other("eu").unwrap();
    assert_eq!(other.address().unwrap(), "https://rest.vitally-eu.io");
    assert!(other.key.value.is_none());
    assert_eq!(other.base_url.value, None);
    let same = settings.other("us").unwrap();
    assert!(matches!(same.key.value, Some(KeySource::Given(_))));
    assert_eq!(
        said(&settings.other("ue").unwrap_err()),
        "error: there is no profile \"ue\"\nhelp: the profiles are: eu, us\n"
    );
}

#[test]
fn the_project_adds_to_the_users_file_value_by_value() {
    let profile = Given {
        project: "[profile.a]\nregion = \"eu\"\n",
        user: "[profile.a]\nregion = \"us\"\ntimezone = \"Europe/London\"\n",
        ..Given::default()
    }
    .settings()
    .profile;
    assert_eq!(profile.region.value.as_deref(), Some("eu"));
    assert_eq!(profile.timezone.value.as_deref(), Some("Europe/London"));
    assert_eq!(profile.timezone.origin.to_string(), "config.toml:3");
}

#[test]
fn limits_depend_on_what_is_at_stake() {
    let of = |project: &str| {
        let profile = Given { project, ..Given::default() }.settings().profile;
        (profile.environment.value, profile.max_changes.value, profile.max_deletes.value)
    };
    assert_eq!(of(""), (Environment::Production, Some(500), Some(0)));
    assert_eq!(of("[profile.a]\nenv = \"sandbox\""), (Environment::Sandbox, None, None));
    assert_eq!(
        of("[profile.a]\nenv = \"sandbox\"\nmax_changes = 5\nmax_deletes = 1"),
        (Environment::Sandbox, Some(5), Some(1))
    );
}

#[test]
fn read_only_can_be_asked_for_and_not_be_taken_back() {
    let project = "[profile.a]\nread_only = true\n[profile.b]\n";
    let of = |profile, read_only| {
        let given = Given { profile: Some(profile), read_only, project, ..Given::default() };
        let set = given.settings().profile.read_only;
        (set.value, set.origin.to_string())
    };
    assert_eq!(of("a", false), (true, "vitally.toml:2".into()));
    assert_eq!(of("b", true), (true, "flag --read-only".into()));
    assert_eq!(of("b", false), (false, "default".into()));
}

/// The environment, `vitally.toml`, and the address they mean.
type Good = (&'static [(&'static str, &'static str)], &'static str, &'static str);

#[test]
fn addresses() {
    let of = |environment: &[(&str, &str)], project: &str| {
        Given { environment, project, ..Given::default() }.settings().profile.address()
    };
    let good: &[Good] = &[
        (&[("VITALLY_SUBDOMAIN", "acme")], "", "https://acme.rest.vitally.io"),
        (&[("VITALLY_REGION", "us"), ("VITALLY_SUBDOMAIN", "acme")], "", "https://acme.rest.vitally.io"),
        (&[("VITALLY_REGION", "EU")], "", "https://rest.vitally-eu.io"),
        (&[("VITALLY_BASE_URL", "http://127.0.0.1:8080")], "", "http://127.0.0.1:8080"),
        (&[("VITALLY_BASE_URL", "http://127.0.0.1:8080/resources/")], "", "http://127.0.0.1:8080"),
        (
            &[("VITALLY_BASE_URL", "http://127.0.0.1:8080")],
            "[profile.a]\nregion = \"eu\"",
            "http://127.0.0.1:8080",
        ),
        (
            &[("VITALLY_REGION", "eu")],
            "[profile.a]\nbase_url = \"http://127.0.0.1:1\"",
            "https://rest.vitally-eu.io",
        ),
    ];
    for (environment, project, address) in good {
        assert_eq!(of(environment, project).unwrap(), *address, "{environment:?} {project}");
    }
    let bad: &[&[(&str, &str)]] = &[
        &[],
        &[("VITALLY_REGION", "us")],
        &[("VITALLY_REGION", "moon")],
        &[("VITALLY_BASE_URL", "127.0.0.1:8080")],
        &[("VITALLY_BASE_URL", "https://me:secret@example.com")],
    ];
    for environment in bad {
        let error = of(environment, "").unwrap_err();
        assert_eq!(error.exit_code(), 2, "{environment:?}");
        assert!(!said(&error).contains("secret"), "{environment:?}");
    }
}

#[test]
fn where_the_key_comes_from() {
    let project =
        "[profile.a]\napi_key_file = \"secrets/key\"\n[profile.b]\napi_key_command = \"op read x\"\n";
    let of = |profile, environment: &[(&str, &str)]| {
        let given = Given { profile: Some(profile), environment, project, ..Given::default() };
        let key = given.settings().profile.key;
        (format!("{:?}", key.value), key.origin.to_string())
    };
    let key = ("VITALLY_API_KEY", "Basic c2tfbGl2ZTo=");
    let file = ("VITALLY_API_KEY_FILE", "key");
    assert_eq!(of("a", &[key, file]), ("Some(Given(***))".into(), "environment VITALLY_API_KEY".into()));
    assert_eq!(
        of("a", &[file]),
        ("Some(File(\"/p/below/key\"))".into(), "environment VITALLY_API_KEY_FILE".into())
    );
    assert_eq!(of("a", &[]), ("Some(File(\"/p/secrets/key\"))".into(), "vitally.toml:2".into()));
    assert_eq!(of("b", &[]), ("Some(Command(\"op read x\"))".into(), "vitally.toml:4".into()));
}

#[test]
fn a_key_that_is_none_is_never_repeated() {
    let given = Given { environment: &[("VITALLY_API_KEY", "sk live secret")], ..Given::default() };
    let error = settings::resolve(given.sources()).unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert_eq!(
        said(&error),
        "error: VITALLY_API_KEY does not hold a Vitally key: it contains spaces or characters that no key has\n\
         help: copy the key again from Vitally: Settings, Integrations, Vitally REST API\n"
    );
}

#[test]
fn the_key_is_not_in_the_debug_output_or_in_scripts_environment() {
    let given = Given {
        environment: &[("VITALLY_API_KEY", "sk_live_12345"), ("TEAM", "cs")],
        dotenv: &[("vitally_api_key", "sk_live_12345")],
        ..Given::default()
    };
    let settings = given.settings();
    assert!(!format!("{settings:?}").contains("12345"));
    assert_eq!(settings.sources.for_scripts("TEAM").as_deref(), Some("cs"));
    assert_eq!(settings.sources.for_scripts("VITALLY_API_KEY"), None);
    assert_eq!(settings.sources.for_scripts("vitally_api_key"), None);
}

#[test]
fn profiles_as_people_see_them() {
    let label = |environment: &[(&str, &str)], project: &str| {
        Given { environment, project, ..Given::default() }.settings().profile.label()
    };
    assert_eq!(label(&[("VITALLY_SUBDOMAIN", "acme")], ""), "acme PRODUCTION (US)");
    assert_eq!(label(&[], "[profile.eu-test]\nregion = \"eu\"\nenv = \"sandbox\""), "eu-test sandbox (EU)");
    assert_eq!(
        label(&[("VITALLY_BASE_URL", "http://127.0.0.1:80/resources")], ""),
        "default PRODUCTION (127.0.0.1:80)"
    );
}
