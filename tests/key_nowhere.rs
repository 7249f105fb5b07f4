//! The key and the secrets of scripts are in nothing that the program prints or leaves behind, however they are written.

use crate::support::NOW;
use crate::support::encodings::{KEY, TOKEN, forms, seen};
use crate::support::program::Folder;
use std::fs;
use std::path::Path;
use vitally_script::simulator::{Options, Simulator};

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

const SCRIPT: &str = r#"
let token = secret("CRM_TOKEN");
print(token);
print(`${token}`);
print([token, 1]);
print(#{ token: token });
log(`the token is ${token}`);
print(attempt(|| to_json(#{ token: token })));
print(attempt(|| "x" + token));
print(attempt(|| write_csv("out.csv", [#{ a: 1, token: token }])));
print(attempt(|| create_note(#{ note: token, noteDate: today(), accountId: "x" })));
print(attempt(|| state.set("token", token)));
print(attempt(|| http_get("http://127.0.0.1:9/?t", #{ headers: #{ Authorization: token } })));
for account in accounts().take(3) {
    update_account(account, #{ traits: #{ seen: "yes" } });
    create_task(#{ externalId: `t-${account.externalId}`, name: "Call", accountId: account.id });
}
each(accounts().take(2), #{ key: "externalId" }, |account| update_account(account, #{ name: account.name + "!" }));
write_csv("accounts.csv", accounts());
"#;

/// A command line, the variables it is run with, and what is typed into it.
type Typed<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

#[allow(clippy::too_many_lines, reason = "most of it is the list of commands")]
#[test]
fn the_key_and_secrets_are_in_nothing_that_is_printed_or_left_behind() {
    let options = Options { key: KEY.into(), now: Some(NOW.parse().unwrap()), ..Options::default() };
    let tenant = Simulator::start(options).expect("a free port on this machine");
    let folder = Folder::new();
    folder.write("job.rhai", SCRIPT);
    folder.write("throws.rhai", "throw secret(\"CRM_TOKEN\");");
    folder.write("wrong.rhai", "print(acounts());");
    folder.write("hook.rhai", "on(\"task_completed\", |task| print(task.name));");
    folder.write("names.csv", "externalId,name\nacct-1,Acme\nacct-2,Globex\nnobody,X\n");
    folder.write("hello_test.rhai", "test(\"a\", || assert(true));");
    let origin = tenant.origin();
    let usual = [
        ("VITALLY_API_KEY", KEY),
        ("VITALLY_BASE_URL", origin.as_str()),
        ("CRM_TOKEN", TOKEN),
        ("VITALLY_SCRIPT_NOW", NOW),
    ];
    let closed = [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", "http://127.0.0.1:9"), ("CRM_TOKEN", TOKEN)];
    let login = format!("http://{KEY}:@127.0.0.1:9");
    let mistaken = [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", login.as_str())];
    let region = [("VITALLY_API_KEY", KEY), ("VITALLY_REGION", KEY), ("VITALLY_SUBDOMAIN", KEY)];
    let commands: &[Typed] = &[
        ("whoami", &usual, ""),
        ("whoami -o json", &usual, ""),
        ("doctor", &usual, ""),
        ("doctor -o json", &usual, ""),
        ("config show --origin", &usual, ""),
        ("config show -o json", &usual, ""),
        ("run job.rhai -n -vv --log-file dry.log", &usual, ""),
        ("run job.rhai --plan-out job.plan", &usual, ""),
        ("plan show job.plan -o json", &usual, ""),
        ("apply job.plan -y -vv --log-file apply.log", &usual, ""),
        ("run job.rhai -y -vv --log-file run.log", &usual, ""),
        ("run job.rhai --read-only", &usual, ""),
        ("run throws.rhai", &usual, ""),
        ("run throws.rhai -o json", &usual, ""),
        ("run wrong.rhai", &usual, ""),
        ("run hook.rhai --once -vv", &usual, ""),
        ("eval env(\"VITALLY_API_KEY\")", &usual, ""),
        ("eval secret(\"VITALLY_API_KEY\")", &usual, ""),
        ("eval get_account(\"nobody\")", &usual, ""),
        ("eval get_account(\"nobody\") -o json -vv", &usual, ""),
        ("eval accounts().len() -vv", &closed, ""),
        ("get account acct-1 -o json", &usual, ""),
        ("export accounts --out all.csv", &usual, ""),
        ("bulk update account names.csv --match externalId -y", &usual, ""),
        ("undo last -y", &usual, ""),
        ("resume last -y", &usual, ""),
        ("runs", &usual, ""),
        ("runs show last -o json", &usual, ""),
        ("history account:acct-1 -o json", &usual, ""),
        ("trigger task_completed hook.rhai --sample", &usual, ""),
        ("events list -o json", &usual, ""),
        ("pollers -o json", &usual, ""),
        ("jobs list", &usual, ""),
        ("check job.rhai wrong.rhai --error-format json", &usual, ""),
        ("test hello_test.rhai", &usual, ""),
        (
            "repl -vv",
            &usual,
            "accounts().len()\n:http\n:whoami\n:profile\nsecret(\"CRM_TOKEN\")\nenv(\"VITALLY_API_KEY\")\n:save s.rhai\n",
        ),
        ("get account acct-1 -vv", &mistaken, ""),
        ("get account acct-1 -vv", &region, ""),
        ("doctor", &region, ""),
        ("config show --origin", &region, ""),
    ];
    let hidden = |what: &str, bytes: &[u8]| {
        for (name, value) in [("key", KEY), ("secret", TOKEN)] {
            let found = seen(value, bytes);
            assert!(
                found.is_none(),
                "the {name} ({}) is in {what}:\n{}",
                found.unwrap_or_default(),
                String::from_utf8_lossy(bytes)
            );
        }
    };
    let mut went_well = 0;
    for (words, variables, input) in commands {
        let words: Vec<&str> = words.split(' ').collect();
        let ended = folder.run_with(&words, variables, input);
        went_well += usize::from(ended.code == 0);
        hidden(&format!("what {words:?} printed"), format!("{}\n{}", ended.stdout, ended.stderr).as_bytes());
    }
    assert!(went_well >= 20, "only {went_well} of {} commands did their work", commands.len());
    let mut left = Vec::new();
    files(folder.path().parent().unwrap(), &mut left);
    let names: Vec<String> = left.iter().map(|path| path.display().to_string()).collect();
    for wanted in ["run.log", "job.plan", "store.db", "accounts.csv"] {
        assert!(names.iter().any(|name| name.contains(wanted)), "{wanted} is not among {names:?}");
    }
    for path in &left {
        hidden(&path.display().to_string(), &fs::read(path).unwrap());
    }
    let thrown = folder.run_with(&["run", "throws.rhai"], &usual, "");
    assert!(
        thrown.stderr.starts_with("error: the script stopped itself with a secret\n"),
        "{}",
        thrown.stderr
    );
    // The search finds what it looks for.
    for (name, form) in forms(KEY) {
        assert!(seen(KEY, &[b"before ", form.as_slice(), b" after"].concat()).is_some(), "{name}");
    }
}
