//! Secrets of scripts are shown nowhere, and the key to Vitally goes to nobody else.

use crate::support::hostile::{Act, Hostile};
use crate::support::program::{Ended, Folder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const KEY: &str = "sk_live_canary_41c7";
const TOKEN: &str = "tok-canary-55e1";

fn server() -> Hostile {
    Hostile::acting(vec![Act::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec())])
}

/// Runs a script that may speak to the server, with a key and a secret in the environment.
fn run(folder: &Folder, server: &Hostile, script: &str, options: &[&str]) -> Ended {
    let place = server.origin().replace("http://", "");
    folder.write("vitally.toml", format!("[http]\nallow = [\"{place}\"]\n"));
    folder.write("job.rhai", format!("const AT = \"{}\";\n{script}", server.origin()));
    let words: Vec<&str> =
        ["run", "job.rhai", "--log-file", "log.txt"].iter().chain(options).copied().collect();
    let origin = server.origin();
    let hook = format!("{origin}/services/{TOKEN}");
    let variables = [
        ("VITALLY_API_KEY", KEY),
        ("VITALLY_BASE_URL", "http://127.0.0.1:9"),
        ("CRM_TOKEN", TOKEN),
        ("SLACK_HOOK", &hook),
    ];
    folder.run_with(&words, &variables, "")
}

/// What must not be seen: a value as it is, and as it looks in headers, addresses and JSON.
fn forms(value: &str) -> Vec<String> {
    vec![
        value.to_string(),
        STANDARD.encode(value),
        STANDARD.encode(format!("{value}:")),
        value.replace('-', "%2D").replace('_', "%5F"),
        value.chars().rev().collect(),
        value.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
        value.to_uppercase(),
        value.replace('-', "\\u002d").replace('_', "\\u005f"),
    ]
}

#[track_caller]
fn hides(value: &str, texts: &[&str]) {
    for form in forms(value) {
        assert!(texts.iter().all(|text| !text.contains(&form)), "{form} is seen in {texts:?}");
    }
}

#[test]
fn the_key_to_vitally_is_never_sent_to_others() {
    let (folder, server) = (Folder::new(), server());
    let script = "http_get(AT); http_post(AT, #{ all: attempt(|| env(\"VITALLY_API_KEY\")).error.message }); slack(AT, \"Hi\");\n\
         print(attempt(|| secret(\"VITALLY_API_KEY\")).error.kind); print(attempt(|| secret(\"VITALLY_API_KEY_FILE\")).error.kind);";
    let ended = run(&folder, &server, script, &["-vv"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "refused\nrefused\n"), "{}", ended.stderr);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        assert!(!request.headers.iter().any(|line| line.starts_with("authorization")), "{request:?}");
        hides(KEY, &[&request.line, &request.headers.join("\n"), &request.body]);
    }
    hides(KEY, &[&ended.stdout, &ended.stderr, &folder.read("log.txt")]);
}

#[test]
fn a_secret_is_sent_and_never_shown() {
    let (folder, server) = (Folder::new(), server());
    let script = "let token = secret(\"CRM_TOKEN\"); print(token); debug(token); log(token); print(token.to_string()); print(`${token}`); print([token].join()); print([token]); print(#{ t: token });\n\
         http_get(AT, #{ headers: #{ Authorization: bearer(token), \"X-Key\": token } });\n\
         slack(secret(\"SLACK_HOOK\"), \"Hi\"); print(token == secret(\"CRM_TOKEN\"));";
    let ended = run(&folder, &server, script, &["-vv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.starts_with("***\n***\n***\n***\n[***]\n") && ended.stdout.ends_with("true\n"),
        "{}",
        ended.stdout
    );
    let seen = server.seen();
    assert!(seen[0].headers.contains(&format!("authorization: bearer {TOKEN}")), "{:?}", seen[0]);
    assert!(seen[0].headers.contains(&format!("x-key: {TOKEN}")), "{:?}", seen[0]);
    assert_eq!(seen[1].line, format!("POST /services/{TOKEN}"));
    hides(TOKEN, &[&ended.stdout, &ended.stderr, &folder.read("log.txt")]);
}

#[test]
fn a_secret_cannot_be_put_anywhere_else() {
    let (folder, server) = (Folder::new(), server());
    let tries = [
        "\"a\" + t",
        "t + \"a\"",
        "{ let s = \"a\"; s += t; s }",
        "to_json(t)",
        "to_json(#{ a: [t] })",
        "write_json(\"a.json\", t)",
        "write_csv(\"a.csv\", [#{ a: t }])",
        "state.set(\"a\", t)",
        "create_task(#{ name: t, accountId: \"1\" })",
        "http_post(AT, #{ a: t })",
        "http_get(AT, #{ query: #{ a: t } })",
        "slack(AT, t)",
        "fail(t)",
        "t.len()",
        "t.name",
        "bearer(\"plain\")",
        "http_get(secret(\"CRM_TOKEN\"))",
        "secret(\"NOBODY\")",
    ];
    let lines: Vec<String> = tries
        .iter()
        .map(|code| {
            format!("try {{ let x = {code}; print(\"went through: \" + x); }} catch (e) {{ print(e); }}")
        })
        .collect();
    let ended = run(
        &folder,
        &server,
        &format!("let t = secret(\"CRM_TOKEN\");\n{}", lines.join("\n")),
        &["-n", "-vv"],
    );
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(!ended.stdout.contains("went through"), "{}", ended.stdout);
    assert!(server.lines().is_empty());
    hides(TOKEN, &[&ended.stdout, &ended.stderr, &folder.read("log.txt")]);
}

#[test]
fn errors_and_dry_runs_do_not_show_where_a_secret_leads() {
    let folder = Folder::new();
    for act in [Act::Close, Act::Answer(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_vec())] {
        for options in [&["-vv"][..], &["-n", "-vv"]] {
            let server = Hostile::acting(vec![act.clone()]);
            let script = "let r = attempt(|| slack(secret(\"SLACK_HOOK\"), \"Hi\")); print(r.ok); if !r.ok { throw r.error; }";
            let ended = run(&folder, &server, script, options);
            assert_eq!(ended.code == 0, options.contains(&"-n"), "{}", ended.stderr);
            hides(TOKEN, &[&ended.stdout, &ended.stderr, &folder.read("log.txt")]);
        }
    }
}
