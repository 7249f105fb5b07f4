//! Errors as people and programs read them: whole messages.

use std::io;
use std::sync::Arc;
use vitally_script::catalogue::Method;
use vitally_script::client::{Failure, Kind};
use vitally_script::error::{Error, Finding, Place};
use vitally_script::report::{self, Style};
use vitally_script::stop::Reason;

fn place(source: &str, line: usize, column: usize, length: usize) -> Place {
    Place { file: "job.rhai".into(), source: Arc::from(source), line, column, length }
}

fn finding(place: Option<Place>) -> Finding {
    Finding {
        code: Some("V021"),
        kind: "mistake",
        message: "there is no trigger called \"task_complted\"".into(),
        label: Some("did you mean \"task_completed\"?".into()),
        help: Some("run `vitally-script triggers` to see all of them".into()),
        place,
        trace: Vec::new(),
        status: None,
    }
}

fn text(error: &Error) -> String {
    report::text(error, Style::default())
}

fn failure() -> Error {
    Error::Api(Box::new(Failure {
        kind: Kind::NotFound,
        message: "there is no account \"x\"".into(),
        help: Some("check the id".into()),
        status: Some(404),
        method: Method::Get,
        path: "/accounts/x".into(),
        maybe_applied: false,
    }))
}

#[test]
fn a_mistake_at_a_place() {
    let source = "let a = 1;\non(\"task_complted\", |t| {\n});\n";
    assert_eq!(
        text(&Error::Check(vec![finding(Some(place(source, 2, 4, 15)))])),
        "error[V021]: there is no trigger called \"task_complted\"
 --> job.rhai:2:4
  |
2 | on(\"task_complted\", |t| {
  |    ^^^^^^^^^^^^^^^ did you mean \"task_completed\"?
  |
  = help: run `vitally-script triggers` to see all of them\n"
    );
}

#[test]
fn the_caret_stands_under_wide_characters() {
    let mut wide = finding(Some(place("let 顧客 = nmae;", 1, 10, 4)));
    (wide.code, wide.help, wide.label) = (None, None, None);
    assert_eq!(
        text(&Error::Thrown(Box::new(wide))),
        "error: there is no trigger called \"task_complted\"
 --> job.rhai:1:10
  |
1 | let 顧客 = nmae;
  |            ^^^^\n"
    );
}

#[test]
fn how_the_script_came_there() {
    let mut deep = finding(Some(place("fn f() { g() }\nf();\r\n", 1, 10, 1)));
    (deep.code, deep.help, deep.label) = (None, None, None);
    deep.trace = vec![place("fn f() { g() }\nf();\r\n", 2, 1, 1)];
    assert_eq!(
        text(&Error::Thrown(Box::new(deep))),
        "error: there is no trigger called \"task_complted\"
 --> job.rhai:1:10
  |
1 | fn f() { g() }
  |          ^
  |
  = note: called from job.rhai:2:1\n"
    );
}

#[test]
fn places_outside_the_text_are_no_fault() {
    for (line, column, length) in [(1, 99, 1), (9, 1, 1), (0, 0, 0), (2, 1, usize::MAX), (1, 4, 99)] {
        let said = text(&Error::Thrown(Box::new(finding(Some(place("let a\n", line, column, length))))));
        assert!(said.starts_with("error[V021]: there is no trigger"), "{said}");
    }
}

#[test]
fn a_finding_without_a_place() {
    assert_eq!(
        text(&Error::Thrown(Box::new(finding(None)))),
        "error: there is no trigger called \"task_complted\"\n\
         help: run `vitally-script triggers` to see all of them\n"
    );
}

#[test]
fn every_other_error() {
    let file = |kind| Error::File { path: "a.csv".into(), doing: "read", cause: io::Error::from(kind) };
    let cases = [
        (Error::usage("what", "do"), 2, "error: what\nhelp: do\n"),
        (Error::login("what", "do"), 6, "error: what\nhelp: do\n"),
        (failure(), 1, "error: there is no account \"x\" (GET /accounts/x)\nhelp: check the id\n"),
        (
            file(io::ErrorKind::NotFound),
            2,
            "error: cannot read a.csv: there is no such file or folder\n\
             help: check the name, and the folder you are in\n",
        ),
        (
            file(io::ErrorKind::PermissionDenied),
            2,
            "error: cannot read a.csv: you are not allowed to\n\
             help: ask the file's owner, or choose another place\n",
        ),
        (Error::Stopped(Reason::Interrupted), 130, "error: stopped by Ctrl-C\n"),
        (
            Error::Stopped(Reason::TimedOut),
            7,
            "error: stopped: the time given by --timeout has passed\n\
             help: give it more time, such as --timeout 1h, or let it read less\n",
        ),
        (Error::Stopped(Reason::PipeClosed), 0, ""),
    ];
    for (error, code, said) in cases {
        assert_eq!((error.exit_code(), text(&error).as_str()), (code, said));
    }
}

#[test]
fn nothing_in_a_message_steers_the_terminal() {
    let error = Error::usage("an \u{1b}[31mescape\u{7} and a\nline", "\u{9b}do");
    assert_eq!(text(&error), "error: an \u{fffd}[31mescape\u{fffd} and a\nline\nhelp: \u{fffd}do\n");
    let mut finding = finding(Some(place("let a = \"\u{1b}[31m\";", 1, 5, 1)));
    finding.message = "\u{1b}[2J".into();
    assert!(!text(&Error::Thrown(Box::new(finding))).contains('\u{1b}'));
}

#[test]
fn colours_only_where_they_are_wanted() {
    let error = Error::usage("what", "do");
    let style = Style { color: true, width: None };
    assert_eq!(
        report::text(&error, style),
        "\u{1b}[1;31merror\u{1b}[0m: what\n\u{1b}[1;36mhelp\u{1b}[0m: do\n"
    );
    let placed = Error::Thrown(Box::new(finding(Some(place("let a", 1, 1, 1)))));
    assert!(report::text(&placed, style).contains('\u{1b}'));
    assert!(!text(&placed).contains('\u{1b}'));
}

#[test]
fn errors_as_programs_read_them() {
    let mut thrown = finding(Some(place("let a = 1;\nx", 2, 1, 1)));
    (thrown.kind, thrown.status) = ("conflict", Some(409));
    assert_eq!(
        report::json(&Error::Thrown(Box::new(thrown))).to_string(),
        "{\"error\":{\"kind\":\"conflict\",\"message\":\"there is no trigger called \\\"task_complted\\\"\",\
         \"help\":\"run `vitally-script triggers` to see all of them\",\"status\":409,\"file\":\"job.rhai\",\
         \"line\":2,\"column\":1}}"
    );
    assert_eq!(
        report::json(&failure()).to_string(),
        "{\"error\":{\"kind\":\"not_found\",\"message\":\"there is no account \\\"x\\\" (GET /accounts/x)\",\
         \"help\":\"check the id\",\"status\":404,\"file\":null,\"line\":null,\"column\":null}}"
    );
    let several = Error::Check(vec![finding(None), finding(Some(place("x", 1, 1, 1)))]);
    let document = report::json(&several);
    assert_eq!(document["error"]["line"], serde_json::Value::Null);
    assert_eq!(document["others"][0]["line"], 1);
    assert_eq!(document["others"][0]["code"], "V021");
}

#[test]
fn on_a_terminal_words_are_never_cut_and_lines_fit() {
    let width = 44;
    let style = Style { color: false, width: Some(width) };
    let mut long = finding(Some(place("create_task(#{});\n", 1, 1, 11)));
    long.message = "create_task cannot set \"colour\" because there is no field of that name".into();
    long.help =
        Some("it can set: name, description, dueDate, assignedToId and all of your own traits".into());
    long.trace = vec![place("let a = 1;\nf();\n", 2, 1, 1)];
    let text = report::text(&Error::Thrown(Box::new(long)), style);
    assert_eq!(
        text,
        "error[V021]: create_task cannot set \"colour\"
             because there is no field of
             that name
 --> job.rhai:1:1
  |
1 | create_task(#{});
  | ^^^^^^^^^^^ did you mean \"task_completed\"?
  |
  = note: called from job.rhai:2:1
  = help: it can set: name, description,
          dueDate, assignedToId and all of
          your own traits\n"
    );
    let plain = report::text(
        &Error::usage(
            "there is no profile \"acme-prd\"; did you mean \"acme-prod\"?",
            "the profiles are: acme-prod, acme-sandbox, globex-prod, globex-sandbox",
        ),
        style,
    );
    assert_eq!(
        plain,
        "error: there is no profile \"acme-prd\"; did
       you mean \"acme-prod\"?
help: the profiles are: acme-prod,
      acme-sandbox, globex-prod,
      globex-sandbox\n"
    );
    for line in plain.lines().chain(text.lines().filter(|line| !line.contains("did you mean"))) {
        assert!(line.chars().count() <= width, "{line}");
    }
}
