//! The environment variables, as `help environment` lists them.

/// Every variable that is read, with what it does.
pub const VARIABLES: &[(&str, &str)] = &[
    ("VITALLY_API_KEY", "the API key, as Vitally shows it: bare, \"Basic …\" or \"Authorization: Basic …\""),
    ("VITALLY_API_KEY_FILE", "a file that holds the key; used when VITALLY_API_KEY is not set"),
    ("VITALLY_REGION", "us or eu"),
    ("VITALLY_SUBDOMAIN", "the name before .vitally.io in your browser (US only)"),
    ("VITALLY_BASE_URL", "another address, such as a simulator's; no region or subdomain is needed then"),
    ("VITALLY_PROFILE", "the profile to use when -p is not given"),
    ("VITALLY_SCRIPT_HOME", "the folder for everything that is kept between runs"),
    (
        "VITALLY_SCRIPT_NOW",
        "a time such as 2026-12-01T09:00:00Z that scripts and the demo take for the present",
    ),
    ("VISUAL, EDITOR", "the editor that :edit opens in repl"),
    ("VITALLY_SCRIPT_OPENER", "the program that :open starts with a table in repl"),
    ("NO_COLOR", "no colours"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "colours even where nobody looks"),
    ("CI", "never ask questions"),
];
