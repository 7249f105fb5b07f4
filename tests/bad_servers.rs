//! The whole program against servers that answer badly, late or not at all: exit code, stdout and stderr.

use crate::support::hostile::{Hostile, bare, json};
use crate::support::{error_at, eval_at, seen, spread, tenant};
use std::net::TcpListener;
use vitally_script::simulator::{Effect, Fault, Simulator, Switches};

/// The script of most cases.
const READ: &str = "get_account(ext(\"acct-1\"))";
/// The same, with a value that is short.
const READ_NAME: &str = "get_account(ext(\"acct-1\")).externalId";
/// A write that must not be done twice.
const PLAIN: &str = "create_task(#{ name: \"Call\", accountId: get_account(ext(\"acct-1\")).id })";
/// The same write, safe to repeat.
const KEYED: &str =
    "create_task(#{ externalId: \"t-1\", name: \"Call\", accountId: get_account(ext(\"acct-1\")).id }).name";
/// The headers of a Vitally whose rate limit is used up.
const LIMITED: &[&str] =
    &["RateLimit-Limit: 1000, 1000;window=60", "RateLimit-Remaining: 0", "RateLimit-Reset: 1"];

const AGAIN: &str = "run it again in a while; if it stays like this, look at Vitally's status page";
const IN_BETWEEN: &str =
    "run it again; if it stays like this, check the base URL and any proxy or VPN in between";
const SHARED: &str =
    "run it again in a few minutes; other integrations that use the same key share its limit";
const CORRECT: &str =
    "correct what Vitally names and run it again; `vitally-script fields` lists every field with its type";

/// A script, what is typed beside it, and what comes of it.
struct Case {
    origin: String,
    code: &'static str,
    options: &'static [&'static str],
    exit: i32,
    out: &'static str,
    err: String,
}

/// What differs between a case and what really happens.
fn check(case: Case) -> Option<String> {
    let found = seen(&case.origin, &eval_at(&case.origin, case.code, case.options));
    let expected = (case.exit, case.out.to_string(), case.err);
    (found != expected).then(|| format!("{}\nexpected {expected:#?}\nfound {found:#?}", case.code))
}

fn judged(cases: Vec<Case>) {
    let wrong = spread(cases, check);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A script that ends with an error at its first function.
fn fails(origin: String, code: &'static str, exit: i32, message: &str, help: &str) -> Case {
    let function = code.split('(').next().expect("the script calls a function");
    Case { origin, code, options: &[], exit, out: "", err: error_at(code, function, message, help) }
}

/// Falls on every request.
fn always(effect: Effect) -> Fault {
    Fault { times: None, ..Fault::next(effect) }
}

fn broken(fault: Fault) -> Simulator {
    let tenant = tenant();
    tenant.fail(fault);
    tenant
}

#[test]
fn refusals_carry_the_words_of_the_api() {
    let report = r#"{"error":{"message":"validation failed","errors":[{"instancePath":"/dueDate",
        "message":"must match format \"date\""},{"params":{"missingProperty":"name"}}]}}"#;
    let (tenant, server) = (tenant(), Hostile::acting(vec![json(400, report)]));
    tenant.set_switches(Switches { upsert: false, ..Switches::default() });
    judged(vec![
        fails(
            tenant.origin(),
            "get_account(ext(\"nobody\"))",
            1,
            "Vitally has nothing at /accounts/nobody (404): Not found",
            "check the id and the profile: the record may have been deleted, or belong to another workspace",
        ),
        fails(
            server.origin(),
            READ,
            1,
            "Vitally did not accept the request (400): validation failed: dueDate must match format \"date\"; name is \
             missing",
            CORRECT,
        ),
        fails(
            tenant.origin(),
            "create_account(#{ externalId: \"acct-1\", name: \"Acme\" })",
            1,
            "Vitally refused this because it conflicts with what is there (409): This externalId is taken by another \
             account",
            "look at the existing record, and update it instead of creating another",
        ),
    ]);
}

#[test]
fn what_does_not_get_better_is_given_up() {
    let limited = Hostile::acting(vec![bare(429, LIMITED)]);
    let silent = Hostile::acting(vec![bare(429, &[])]);
    let failing = broken(always(Effect::Status { status: 500, headers: true, retry_after: None }));
    let page = broken(always(Effect::Html { status: 200 }));
    let truncated = broken(always(Effect::Truncate));
    let empty = broken(always(Effect::Empty));
    let rate = "Vitally's rate limit is still reached (429), after 4 tries";
    let quiet = |case: Case| Case { options: &["-q"], ..case };
    judged(vec![
        fails(
            failing.origin(),
            READ,
            7,
            "Vitally failed to answer (500): Something went wrong, after 4 tries",
            AGAIN,
        ),
        fails(
            page.origin(),
            READ,
            7,
            "Vitally answered with a web page instead of data (200), after 4 tries",
            "check the subdomain and the base URL: the address is not the one of Vitally's REST API, or a proxy or \
             login page is in between",
        ),
        fails(
            truncated.origin(),
            READ,
            7,
            "Vitally's answer is cut off or is not JSON (200), after 4 tries",
            IN_BETWEEN,
        ),
        fails(empty.origin(), READ, 7, "Vitally's answer is empty (200), after 4 tries", IN_BETWEEN),
        // The longest first: items are taken from the end.
        quiet(fails(limited.origin(), READ, 7, rate, SHARED)),
        quiet(fails(silent.origin(), READ, 7, rate, SHARED)),
    ]);
    assert_eq!((limited.seen().len(), silent.seen().len()), (4, 4));
    for tenant in [failing, page, truncated, empty] {
        assert_eq!(tenant.requests().len(), 4);
    }
}

#[test]
fn a_single_failure_is_got_over() {
    let failing = broken(Fault::status(500));
    let limited = broken(Fault::next(Effect::Status { status: 429, headers: false, retry_after: Some(1) }));
    let good = |origin, options, err: &str| Case {
        origin,
        code: READ_NAME,
        options,
        exit: 0,
        out: "acct-1\n",
        err: err.into(),
    };
    let noted = "default PRODUCTION (127.0.0.1:PORT) · live\n\
        Vitally failed to answer (500): Something went wrong (GET /accounts/acct-1); trying again\n";
    judged(vec![good(failing.origin(), &["-v"], noted), good(limited.origin(), &[], "")]);
    assert_eq!((failing.requests().len(), limited.requests().len()), (2, 2));
}

#[test]
fn an_answer_that_never_comes_ends_with_the_timeout() {
    let tenant = broken(always(Effect::Hang));
    let err = "error: stopped: the time given by --timeout has passed\n\
        help: give it more time, such as --timeout 1h, or let it read less\n";
    let options = &["--timeout", "1s"];
    judged(vec![Case { origin: tenant.origin(), code: READ, options, exit: 7, out: "", err: err.into() }]);
}

#[test]
fn a_cursor_that_repeats_ends_the_walk() {
    let tenant = broken(always(Effect::RepeatCursor));
    let code = "users().to_array().len()";
    let message = "Vitally's answer names a page that was already read, so the list would never end";
    let help = "run it again; if it stays like this, report it to Vitally's support";
    let err = error_at(code, "to_array", message, help);
    judged(vec![Case { origin: tenant.origin(), code, options: &[], exit: 7, out: "", err }]);
}

#[test]
fn large_answers_are_taken_and_larger_ones_refused() {
    let large = broken(always(Effect::Oversized { bytes: 10 << 20 }));
    let larger = broken(always(Effect::Oversized { bytes: 40 << 20 }));
    judged(vec![
        Case {
            origin: large.origin(),
            code: READ_NAME,
            options: &[],
            exit: 0,
            out: "acct-1\n",
            err: String::new(),
        },
        fails(
            larger.origin(),
            READ,
            7,
            "Vitally's answer is larger than 32 MiB, which is not taken",
            "ask for less at once, for example with a smaller limit",
        ),
    ]);
}

#[test]
fn servers_that_are_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let plain = tenant();
    judged(vec![
        fails(
            format!("http://{free}"),
            READ,
            7,
            "no connection to 127.0.0.1:PORT: connection refused, after 4 tries",
            "check the internet connection, a firewall or VPN in between, and the base URL if one is set",
        ),
        fails(
            plain.origin().replace("http:", "https:"),
            READ,
            7,
            "the secure connection to 127.0.0.1:PORT could not be made: it does not speak TLS, after 4 tries",
            "check the base URL and this computer's clock. If the company's network inspects traffic, its certificate \
             must be installed on this computer.",
        ),
        // `.invalid` never resolves; a name server that cannot be reached gives the same.
        fails(
            "https://nobody.invalid:443".into(),
            READ,
            7,
            "no server was found under the name nobody.invalid, after 4 tries",
            "check the internet connection, and the base URL if one is set",
        ),
    ]);
    assert!(plain.requests().is_empty());
}

/// How many tasks are called Call.
fn calls(tenant: &Simulator) -> i64 {
    tenant.clear_faults();
    let code = "tasks().where(\"name\", \"Call\").to_array().len()";
    eval_at(&tenant.origin(), code, &[]).out.trim().parse().expect("a number")
}

#[test]
fn a_write_whose_answer_is_lost() {
    let lost = || broken(Fault::next(Effect::CloseAfter).method("POST"));
    let (plain, keyed) = (lost(), lost());
    judged(vec![
        fails(
            plain.origin(),
            PLAIN,
            7,
            "it is not known whether Vitally did this: the connection broke off before Vitally's answer was complete",
            "look in Vitally before you run it again: a second try could make a second record. With an externalId a \
             repeat is safe.",
        ),
        Case {
            origin: keyed.origin(),
            code: KEYED,
            options: &[],
            exit: 0,
            out: "Call\n",
            err: "done: 1 task created\nrun RUN: vitally-script undo RUN takes it back\n".into(),
        },
    ]);
    assert_eq!((plain.counts()["POST"], keyed.counts()["POST"]), (1, 2));
    assert_eq!((calls(&plain), calls(&keyed)), (1, 1));
}
