//! The grouped list of commands, the examples that lead every help text, and the topics of `help`.

use crate::exit;
use crate::rules::{self, Rule};
use crate::settings::variables::VARIABLES;
use crate::show;
use clap::Command;

/// The commands in the order people need them.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Start", &["init", "login", "logout", "whoami"]),
    ("Run", &["run", "eval", "bulk", "repl"]),
    ("Check, apply, undo", &["plan", "apply", "undo", "resume", "runs", "history"]),
    ("Schedule", &["serve", "jobs", "schedule"]),
    ("Read", &["get", "export"]),
    ("Hooks", &["trigger", "listen", "events", "pollers"]),
    ("Write scripts", &["new", "examples", "check", "test", "docs", "fields", "triggers", "lsp"]),
    ("Set up", &["doctor", "config", "simulator", "completions", "help"]),
];

/// Examples of every command.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "init",
        &[
            "vitally-script init",
            "vitally-script init renewals --demo",
            "vitally-script init --subdomain acme --api-key-file key.txt",
            "vitally-script init --region eu -p europe",
        ],
    ),
    (
        "login",
        &[
            "vitally-script login",
            "vitally-script login -p acme --api-key-file key.txt",
            "vitally-script login --store-in file",
        ],
    ),
    ("logout", &["vitally-script logout", "vitally-script logout -p acme"]),
    ("whoami", &["vitally-script whoami", "vitally-script whoami -p acme -o json"]),
    (
        "run",
        &[
            "vitally-script run renewals.rhai",
            "vitally-script run renewals.rhai --arg days=30 --read-only",
            "vitally-script run renewals.rhai --demo",
        ],
    ),
    (
        "eval",
        &["vitally-script eval 'accounts().take(5)' --demo", "vitally-script eval - -o json < question.rhai"],
    ),
    ("repl", &["vitally-script repl --demo", "vitally-script repl -p acme", "vitally-script repl < fix.txt"]),
    (
        "bulk",
        &[
            "vitally-script bulk update account tiers.csv --match externalId -n",
            "vitally-script bulk update user roles.xlsx --match email --set traits.role=Role",
            "vitally-script bulk create task calls.csv --match externalId --dates DMY",
            "vitally-script bulk delete task old.csv --match id --max-deletes 20",
        ],
    ),
    (
        "plan",
        &[
            "vitally-script run renewals.rhai --plan-out renewals.plan",
            "vitally-script plan show renewals.plan",
        ],
    ),
    (
        "plan show",
        &["vitally-script plan show renewals.plan", "vitally-script plan show renewals.plan -o csv"],
    ),
    (
        "apply",
        &[
            "vitally-script apply renewals.plan",
            "vitally-script apply renewals.plan -n",
            "vitally-script apply renewals.plan --canary 5",
            "vitally-script apply cleanup.plan --max-deletes 3 --confirm 'delete 3 acme'",
        ],
    ),
    ("undo", &["vitally-script undo last -n", "vitally-script undo 8F2K"]),
    ("resume", &["vitally-script resume last", "vitally-script resume 8F2K --only-failed"]),
    (
        "runs",
        &["vitally-script runs", "vitally-script runs show 8F2K", "vitally-script runs show last -o csv"],
    ),
    (
        "trigger",
        &[
            "vitally-script trigger task_completed hooks.rhai",
            "vitally-script trigger account_churned hooks.rhai --sample --set name=Acme",
        ],
    ),
    ("listen", &["vitally-script listen", "vitally-script listen --events task_completed -o jsonl"]),
    ("events", &["vitally-script events list", "vitally-script events release"]),
    ("events list", &["vitally-script events list", "vitally-script events list --state dead -o json"]),
    ("events show", &["vitally-script events show task_completed:ID:2026-11-25T09:00:00.000Z"]),
    ("events replay", &["vitally-script events replay", "vitally-script events replay --hook 'follow up'"]),
    ("events release", &["vitally-script events release"]),
    ("events discard", &["vitally-script events discard --hook 'follow up'"]),
    ("pollers", &["vitally-script pollers", "vitally-script pollers -o json"]),
    ("runs show", &["vitally-script runs show 8F2K", "vitally-script runs show last -o csv > changes.csv"]),
    ("history", &["vitally-script history account:acct-1", "vitally-script history task:task-7 -o json"]),
    ("serve", &["vitally-script serve", "vitally-script serve scripts --grace 5m"]),
    ("jobs", &["vitally-script jobs list", "vitally-script jobs audit --since 24h"]),
    ("jobs list", &["vitally-script jobs list", "vitally-script jobs list scripts -o json"]),
    ("jobs next", &["vitally-script jobs next", "vitally-script jobs next 30 --folder scripts"]),
    ("jobs run", &["vitally-script jobs run renewals -n", "vitally-script jobs run renewals"]),
    ("jobs pause", &["vitally-script jobs pause renewals --why 'until the import is done'"]),
    ("jobs resume", &["vitally-script jobs resume renewals"]),
    ("jobs held", &["vitally-script jobs held", "vitally-script jobs held -o csv"]),
    ("jobs release", &["vitally-script jobs release renewals", "vitally-script jobs release --discard"]),
    ("jobs history", &["vitally-script jobs history", "vitally-script jobs history renewals --last 100"]),
    ("jobs install", &["vitally-script jobs install", "vitally-script jobs install scripts --print"]),
    ("jobs audit", &["vitally-script jobs audit", "vitally-script jobs audit renewals --since 30d -o csv"]),
    ("schedule", &["vitally-script schedule next 'weekdays at 06:00' --timezone Europe/London"]),
    (
        "schedule next",
        &[
            "vitally-script schedule next '0 6 * * MON-FRI' --timezone Europe/London",
            "vitally-script schedule next 'every monday at 9am' -n 10",
            "vitally-script schedule next '30 1 * * *' --timezone America/New_York --after 2027-11-06 -o json",
        ],
    ),
    ("get", &["vitally-script get account acct-1", "vitally-script get user user-1 -o json"]),
    (
        "export",
        &[
            "vitally-script export accounts --out accounts.csv",
            "vitally-script export users --cols name,email,traits.plan",
            "vitally-script export accounts --where 'account.usersCount == 0'",
            "vitally-script export tasks --filter archived=true -o jsonl",
        ],
    ),
    ("new", &["vitally-script new churn_report", "vitally-script new renewals_eu --from renewals"]),
    ("examples", &["vitally-script examples", "vitally-script examples copy renewals"]),
    ("examples show", &["vitally-script examples show renewals"]),
    ("examples copy", &["vitally-script examples copy renewals"]),
    ("check", &["vitally-script check renewals.rhai", "vitally-script check scripts --error-format github"]),
    (
        "test",
        &[
            "vitally-script test",
            "vitally-script test tests/renewals_test.rhai --name 'only once'",
            "vitally-script test --junit report.xml",
        ],
    ),
    (
        "docs",
        &[
            "vitally-script docs",
            "vitally-script docs update_account",
            "vitally-script docs task_completed",
            "vitally-script docs --export reference",
        ],
    ),
    ("lsp", &["vitally-script lsp"]),
    ("fields", &["vitally-script fields account", "vitally-script fields task -o json"]),
    ("triggers", &["vitally-script triggers", "vitally-script triggers -o json"]),
    (
        "simulator",
        &[
            "vitally-script simulator --port 8080 --key demo",
            "vitally-script simulator --accounts 2000 --latency-ms 80 --rate-limit off",
        ],
    ),
    ("doctor", &["vitally-script doctor", "vitally-script doctor -p eu -o json"]),
    ("config", &["vitally-script config show --origin"]),
    ("config show", &["vitally-script config show", "vitally-script config show --origin -o json"]),
    (
        "completions",
        &["vitally-script completions bash > vitally-script.bash", "vitally-script completions zsh"],
    ),
    ("help", &["vitally-script help run", "vitally-script help exit-codes"]),
];

/// The topics of `help`, beside the commands.
pub const TOPICS: &[&str] = &[
    "tutorial",
    "dialogue",
    "safety",
    "csv",
    "reports",
    "email",
    "dates",
    "schedules",
    "hooks",
    "tests",
    "editors",
    "errors",
    "exit-codes",
    "environment",
    "formats",
    "settings",
];

/// What there is to know about `repl`.
const DIALOGUE: &str = include_str!("topics/dialogue.txt");

/// What is said about a command after its options.
pub fn after(command: &str) -> Option<&'static str> {
    (command == "repl").then_some(DIALOGUE)
}

/// Topics are laid out for this many columns.
const TOPIC_WIDTH: usize = 80;

const TEMPLATE: &str = "{about}{after-help}\n\n{usage-heading} {usage}\n\n{all-args}";

/// The command line with its grouped list of commands and its examples.
pub fn dressed(command: Command) -> Command {
    let about = |name: &str| {
        let about = command.find_subcommand(name).and_then(Command::get_about);
        format!("  {name:<12} {}\n", about.map(ToString::to_string).unwrap_or_default())
    };
    let group = |(title, names): &(&str, &[&str])| {
        let lines: String = names.iter().map(|name| about(name)).collect();
        format!("{title}:\n{lines}\n")
    };
    let list: String = GROUPS.iter().map(group).collect();
    let top = format!(
        "{{about}}\n\nStart with:\n  vitally-script repl --demo\n  vitally-script eval 'accounts().take(5)' --demo\n\n\
         {{usage-heading}} {{usage}}\n\n{list}{{options}}\n\nTopics: vitally-script help {}",
        TOPICS.join(" | ")
    );
    let mut command = command.help_template(top);
    for (name, examples) in EXAMPLES {
        command = with_examples(command, &name.split(' ').collect::<Vec<_>>(), examples);
    }
    command
}

fn with_examples(command: Command, path: &[&str], examples: &[&str]) -> Command {
    match path {
        [] => command.after_help(format!("Examples:\n  {}", examples.join("\n  "))).help_template(TEMPLATE),
        [name, rest @ ..] => command.mut_subcommand(*name, |below| with_examples(below, rest, examples)),
    }
}

/// The text of a topic.
pub fn topic(name: &str) -> Option<String> {
    let text = match name {
        "exit-codes" => {
            let lines = exit::MEANINGS.iter().map(|(code, meaning)| format!("{code:>5}  {meaning}"));
            let lines = lines.collect::<Vec<_>>().join("\n");
            format!(
                "The number a command ends with:\n\n{lines}\n\nexit(n) in a script ends with n, 0 to 125."
            )
        }
        "environment" => {
            let text = |doc: &str| show::hanging("      ", doc, Some(TOPIC_WIDTH));
            let lines = VARIABLES.iter().map(|(name, doc)| format!("  {name}\n{}", text(doc)));
            let lines = lines.collect::<Vec<_>>().join("\n");
            format!(
                "The environment variables that are read:\n\n{lines}\n\n\
                 Names that are not set may stand in a file .env in the project. The VITALLY_\n\
                 variables describe the profile a command was started with;\n\
                 profile(\"other\") in a script uses the files only."
            )
        }
        "tutorial" => include_str!("topics/tutorial.txt").trim_end().into(),
        "dialogue" => DIALOGUE.trim_end().into(),
        "safety" => include_str!("topics/safety.txt").trim_end().into(),
        "csv" => include_str!("topics/csv.txt").trim_end().into(),
        "reports" => include_str!("topics/reports.txt").trim_end().into(),
        "email" => include_str!("topics/email.txt").trim_end().into(),
        "dates" => include_str!("topics/dates.txt").trim_end().into(),
        "schedules" => include_str!("topics/schedules.txt").trim_end().into(),
        "hooks" => include_str!("topics/hooks.txt").trim_end().into(),
        "tests" => include_str!("topics/tests.txt").trim_end().into(),
        "editors" => include_str!("topics/editors.txt").trim_end().into(),
        "errors" => include_str!("topics/errors.txt").trim_end().into(),
        "formats" => FORMATS.into(),
        "settings" => SETTINGS.into(),
        code => return rules::rule(code).map(Rule::text),
    };
    Some(text)
}

const FORMATS: &str = "\
How results are written, with -o:

  table   for people; fitted to the terminal, never cut when piped
  json    one JSON document, and nothing else on standard output
  jsonl   one JSON document a line
  csv     for spreadsheets; nested values as JSON text

With json, jsonl and csv, `run` writes the value of the script's last
expression, and what the script prints goes to standard error.
Errors under -o json are one JSON document on standard error.

Tables show names and numbers first, days without a time, and leave out what
is nested; json, jsonl and csv hold every value as Vitally sent it. In CSV, text
that a spreadsheet would take for a formula gets a ' before it.";

const SETTINGS: &str = "\
Where settings come from, strongest first:

  1  the command line
  2  environment variables (vitally-script help environment)
  3  .env in the project
  4  vitally.toml, in this folder or one above it
  5  config.toml in your own settings folder, of the same form

  default_profile = \"acme-sandbox\"

  [profile.acme-prod]
  region          = \"us\"                # or \"eu\", which needs no subdomain
  subdomain       = \"acme\"
  env             = \"production\"        # or \"sandbox\"
  api_key_keyring = \"acme-9c41d2\"       # written by login; or api_key_file,
                                        # or api_key_command = \"op read …\"
  read_only       = false
  protect         = [\"Strategic\", \"protect.rhai\"]     # records left alone
  rate_reserve    = 0.05                # share of the rate limit left to others
  timezone        = \"Europe/London\"
  record_url      = \"https://acme.example/{objects}/{id}\"   # for :open in repl

Hosts that scripts may ask stand in [http], the mail server in [email] (help
email), jobs in [[job]] and [notify] (help schedules).

`vitally-script config show --origin` shows what came from where.";
