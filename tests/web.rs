//! Requests that scripts make by themselves.

use crate::support::hostile::{Act, Hostile};
use crate::support::program::{Ended, Folder};
use serde_json::{Value, json};

/// An answer with a body.
fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn ok(body: &str) -> Act {
    Act::Answer(answer("200 OK", "Content-Type: application/json\r\n", body))
}

/// A project whose scripts may speak to these servers.
fn project(servers: &[&Hostile]) -> Folder {
    let folder = Folder::new();
    let hosts: Vec<String> =
        servers.iter().map(|server| format!("\"{}\"", server.origin().replace("http://", ""))).collect();
    folder.write("vitally.toml", format!("[http]\nallow = [{}]\n", hosts.join(", ")));
    folder
}

/// Runs a piece of script, with the server's address as `at`.
fn eval(folder: &Folder, server: &Hostile, code: &str, options: &[&str]) -> Ended {
    let code = format!("const AT = \"{}\"; {code}", server.origin());
    let words: Vec<&str> =
        ["eval", "--color", "never"].iter().chain(options).copied().chain([code.as_str()]).collect();
    folder.run(&words)
}

#[test]
fn an_answer_has_status_headers_body_and_json() {
    let server = Hostile::acting(vec![ok("{\"plan\": \"Pro\", \"seats\": [1, 2]}")]);
    let code = "let r = http_get(AT + \"/a?x=1\", #{ query: #{ q: \"a b&c\", n: 7, none: () }, headers: #{ \"X-Team\": \"CS\" } });\n\
         print(r.status); print(r.ok); print(r.headers[\"content-type\"]); print(r.json.seats.len()); print(r.body.len()); print(r.planned);";
    let ended = eval(&project(&[&server]), &server, code, &[]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, "200\ntrue\napplication/json\n2\n32\nfalse\n"),
        "{}",
        ended.stderr
    );
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /a?x=1&n=7&q=a+b%26c");
    assert!(seen.headers.contains(&"x-team: cs".to_string()), "{:?}", seen.headers);
}

#[test]
fn maps_are_sent_as_json_and_texts_as_they_are() {
    let server = Hostile::acting(vec![ok("[]")]);
    let code = "http_post(AT + \"/a\", #{ name: \"É\", day: date(\"2026-12-01\") }, #{ idempotency_key: \"r-1\" });\n\
         http_put(AT + \"/b\", \"plain\"); http_patch(AT + \"/c\", [1], #{ headers: #{ \"content-type\": \"application/x-list\" } });\n\
         print(http_delete(AT + \"/d\").status)";
    let ended = eval(&project(&[&server]), &server, code, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let seen = server.seen();
    let has = |place: usize, header: &str| seen[place].headers.iter().any(|line| line == header);
    assert_eq!(
        serde_json::from_str::<Value>(&seen[0].body).unwrap(),
        json!({ "name": "É", "day": "2026-12-01" })
    );
    assert!(has(0, "content-type: application/json") && has(0, "idempotency-key: r-1"), "{:?}", seen[0]);
    assert!(has(1, "content-type: text/plain; charset=utf-8") && seen[1].body == "plain", "{:?}", seen[1]);
    assert!(has(2, "content-type: application/x-list") && seen[2].body == "[1]", "{:?}", seen[2]);
    let lines: Vec<String> = server.lines();
    assert_eq!(lines, ["POST /a", "PUT /b", "PATCH /c", "DELETE /d"]);
}

#[test]
fn a_bad_status_is_an_answer() {
    let server = Hostile::acting(vec![Act::Answer(answer("404 Not Found", "", "no such page"))]);
    let ended = eval(
        &project(&[&server]),
        &server,
        "let r = http_get(AT); print(`${r.status} ${r.ok} ${r.body} ${r.json == ()}`)",
        &[],
    );
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "404 false no such page true\n"), "{}", ended.stderr);
}

#[test]
fn a_host_that_is_not_named_is_refused() {
    let server = Hostile::acting(vec![ok("{}")]);
    let other = Hostile::acting(vec![ok("{}")]);
    let place = server.origin().replace("http://", "");
    let ended = eval(&project(&[&other]), &server, "http_get(AT)", &[]);
    assert_eq!(ended.code, 8);
    let help = format!("if they should, name it in vitally.toml: [http] and under it allow = [\"{place}\"]");
    assert!(ended.stderr.contains(&format!("error: scripts may not speak to {place}")), "{}", ended.stderr);
    assert!(ended.stderr.contains(&help), "{}", ended.stderr);
    assert!(server.lines().is_empty());
}

#[test]
fn a_dry_run_sends_only_reads_and_shows_the_rest() {
    let server = Hostile::acting(vec![ok("{}")]);
    let code = "print(http_get(AT).planned); let r = http_post(AT + \"/hook/path\", #{ text: \"Hello\" }); print(`${r.status} ${r.planned}`); http_delete(AT); ()";
    let ended = eval(&project(&[&server]), &server, code, &["-n"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "false\n200 true\n"), "{}", ended.stderr);
    let place = server.origin().replace("http://", "");
    assert!(
        ended.stderr.contains(&format!("would send POST to {place}: {{\"text\":\"Hello\"}}\n")),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains(&format!("would send DELETE to {place}\n")), "{}", ended.stderr);
    assert!(!ended.stderr.contains("/hook/path"));
    assert_eq!(server.lines(), ["GET /"]);
}

#[test]
fn a_read_only_run_sends_only_reads() {
    let server = Hostile::acting(vec![ok("{}")]);
    let code = "http_get(AT); for send in [|| http_post(AT, 1), || http_put(AT, 1), || http_patch(AT, 1), || http_delete(AT), || slack(AT, \"a\")] { print(attempt(send).error.kind); }";
    let ended = eval(&project(&[&server]), &server, code, &["--read-only"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "refused\n".repeat(5).as_str()), "{}", ended.stderr);
    assert_eq!(server.lines(), ["GET /"]);
}

#[test]
fn a_redirect_is_followed_to_hosts_that_are_named() {
    let other = Hostile::acting(vec![ok("{\"at\": \"other\"}")]);
    let to = format!("Location: {}/there\r\n", other.origin());
    let server = Hostile::acting(vec![Act::Answer(answer("302 Found", &to, ""))]);
    let code =
        "print(http_get(AT, #{ headers: #{ Authorization: \"Basic abc\", \"X-Team\": \"CS\" } }).json.at)";
    let ended = eval(&project(&[&server, &other]), &server, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "other\n"), "{}", ended.stderr);
    let seen = &other.seen()[0];
    assert!(seen.line.starts_with("GET /there") && seen.headers.contains(&"x-team: cs".into()), "{seen:?}");
    assert!(!seen.headers.iter().any(|line| line.starts_with("authorization")), "{seen:?}");

    let ended = eval(&project(&[&server]), &server, "http_get(AT)", &[]);
    assert!(
        ended.code == 8 && ended.stderr.contains("scripts may not speak to 127.0.0.1"),
        "{}",
        ended.stderr
    );
    let ended = eval(&project(&[&server, &other]), &server, "http_post(AT, #{})", &[]);
    assert!(ended.code == 8 && ended.stderr.contains("leads to another host"), "{}", ended.stderr);
    assert_eq!(other.lines().len(), 1);
}

#[test]
fn redirects_end() {
    let server = Hostile::acting(vec![Act::Answer(answer("307 Again", "Location: /x\r\n", ""))]);
    let ended = eval(&project(&[&server]), &server, "http_get(AT)", &[]);
    assert!(
        ended.code == 7 && ended.stderr.contains("leads from address to address without an end"),
        "{}",
        ended.stderr
    );
    assert_eq!(server.lines().len(), 6);
}

#[test]
fn size_and_time_have_an_end() {
    let large = format!("HTTP/1.1 200 OK\r\nContent-Length: 11000000\r\n\r\n{}", "x".repeat(11_000_000));
    let server = Hostile::acting(vec![Act::AnswerAndClose(large.into_bytes())]);
    let ended = eval(&project(&[&server]), &server, "http_get(AT)", &[]);
    assert!(ended.code == 1 && ended.stderr.contains("is larger than 10 MB"), "{}", ended.stderr);

    let server = Hostile::acting(vec![Act::Hang]);
    let code = "for send in [|| http_get(AT, #{ timeout: 0.1 }), || http_post(AT, 1, #{ timeout: \"100ms\" })] { print(attempt(send).error.kind); }";
    let ended = eval(&project(&[&server]), &server, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "timeout\nmaybe_applied\n"), "{}", ended.stderr);
}

#[test]
fn an_answer_that_breaks_off_may_have_been_done() {
    let server = Hostile::acting(vec![Act::Close]);
    let code = "for send in [|| http_get(AT), || http_post(AT, 1)] { print(attempt(send).error.kind); }";
    let ended = eval(&project(&[&server]), &server, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "network\nmaybe_applied\n"), "{}", ended.stderr);
}

#[test]
fn the_deadline_of_the_run_ends_a_request() {
    let server = Hostile::acting(vec![Act::Hang]);
    let ended = eval(
        &project(&[&server]),
        &server,
        "try { http_get(AT); } catch { print(\"caught\"); }",
        &["--timeout", "1s"],
    );
    assert_eq!((ended.code, ended.stdout.as_str()), (7, ""), "{}", ended.stderr);
}

#[test]
fn what_makes_no_sense_is_said_before_anything_is_sent() {
    let server = Hostile::acting(vec![ok("{}")]);
    let folder = project(&[&server]);
    for (code, message) in [
        ("http_get(\"nowhere\")", "\"nowhere\" is not an address"),
        ("http_get(7)", "a request needs an address, and got the number 7"),
        (
            "let more = #{ header: #{} }; http_get(AT, more)",
            "a request has no option \"header\"; did you mean \"headers\"?",
        ),
        ("http_get(AT, #{ headers: 1 })", "headers needs a map, and got the number 1"),
        ("http_get(AT, #{ headers: #{ a: \"b\\r\\nc: d\" } })", "the header \"a\" cannot be sent as it is"),
        ("http_post(AT, || 1)", "a function cannot be stored as data"),
    ] {
        let ended = eval(&folder, &server, code, &[]);
        assert!(ended.code == 1 && ended.stderr.contains(message), "{code}: {}", ended.stderr);
    }
    assert!(server.lines().is_empty());
}

#[test]
fn a_setting_that_is_no_host_is_shown() {
    let folder = Folder::new();
    for (text, message) in [
        (
            "[http]\nallow = [\"https://api.example.com\"]\n",
            "\"allow\" must be a list of hosts, such as [\"hooks.slack.com\"",
        ),
        ("[http]\nalow = []\n", "there is no setting \"alow\" in [http]; did you mean \"allow\"?"),
    ] {
        folder.write("vitally.toml", text);
        let ended = folder.run(&["eval", "1"]);
        assert!(ended.code == 2 && ended.stderr.contains(message), "{}", ended.stderr);
    }
}

#[test]
fn slack_gets_a_text_blocks_or_a_whole_map() {
    let server = Hostile::acting(vec![
        Act::Answer(answer("200 OK", "", "ok")),
        Act::Answer(answer("200 OK", "", "ok")),
        Act::Answer(answer("200 OK", "", "ok")),
        Act::Answer(answer("404 Not Found", "", "no_service")),
    ]);
    let code = "print(slack(AT, \"Hi\")); slack(AT, [#{ type: \"divider\" }]); slack(AT, #{ text: \"a\", channel: \"b\" }); slack(AT, \"gone\");";
    let ended = eval(&project(&[&server]), &server, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, "true\n"), "{}", ended.stderr);
    assert!(ended.stderr.contains("answered 404: no_service"), "{}", ended.stderr);
    let bodies: Vec<Value> =
        server.seen().iter().map(|seen| serde_json::from_str(&seen.body).unwrap()).collect();
    let expected = [
        json!({ "text": "Hi" }),
        json!({ "blocks": [{ "type": "divider" }] }),
        json!({ "text": "a", "channel": "b" }),
        json!({ "text": "gone" }),
    ];
    assert_eq!(bodies, expected);
}
