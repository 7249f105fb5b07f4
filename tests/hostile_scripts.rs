//! Scripts that mean harm or went wrong: loops, recursion, floods of memory, deep nesting, heavy texts. Each ends with the
//! right error, and the engine goes on afterwards.
//!
//! All of them run in one process of their own, since the limit of memory counts the whole process. By hand, with figures:
//! `cargo test --release --test all hostile_scripts::all_in_one_process -- --ignored --exact --nocapture`.

use crate::support::host::stopping;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use vitally_script::error::Error;
use vitally_script::script::{self, Script};
use vitally_script::stop::{Reason, Stop};

/// When a script that does not end is asked to stop.
const DEADLINE: Duration = Duration::from_millis(100);

/// How a script may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Only by being stopped.
    Stopped,
    /// By the limit of memory, if it comes to it before it is stopped.
    Memory,
    /// It is refused as it stands, or by a limit.
    Refused,
    /// It may well come to its end.
    Any,
}

fn scripts() -> Vec<(End, String)> {
    let mut all = Vec::new();
    loops(&mut all);
    recursion(&mut all);
    memory(&mut all);
    nesting(&mut all);
    texts(&mut all);
    all
}

fn loops(all: &mut Vec<(End, String)>) {
    for text in [
        "loop {}",
        "while true {}",
        "do {} while true",
        "do { } until false",
        "for i in 0..9_000_000_000_000_000_000 { i + 1; }",
        "for i in 0..9_000_000_000_000_000_000 { for j in 0..i { } }",
        "let n = 0; loop { n += 1; }",
        "loop { try { loop {} } catch (e) {} }",
        "loop { try { throw 1; } catch (e) {} }",
        "let f = || { loop {} }; f.call();",
        "[1].map(|x| { loop {} })",
        "[1].where(|x| { while true {} true })",
        "[2, 1].sort_by(|a, b| { loop {} })",
        "[1, 2].reduce(|a, b| { loop {} }, 0)",
        "each([1, 2], |row| { loop {} })",
        "attempt(|| { loop {} })",
        "retry(100, \"1h\", || throw #{ kind: \"server\", message: \"no\" })",
        "sleep(1_000_000)",
        "loop { sleep(0.01); }",
        "loop { try { sleep(1_000_000); } catch (e) {} }",
        "loop { print(\"flood\"); }",
        "loop { log(\"flood\"); }",
        "loop { print([#{ a: 1, b: 2 }]); }",
        "let s = switch 1 { 1 => { loop {} } _ => 0 };",
        "let x = `${{ loop {} }}`;",
        "loop { now(); today(); }",
        "loop { parse_json(\"{}\"); from_json(\"[1]\"); }",
    ] {
        all.push((End::Stopped, text.to_string()));
    }
}

fn recursion(all: &mut Vec<(End, String)>) {
    for text in [
        "fn f() { f() } f();",
        "fn f() { g() } fn g() { f() } f();",
        "fn f(x) { f(x + 1) + f(x + 2) } f(0);",
        "fn f(list) { list.map(|x| f(list)) } f([1, 2]);",
        "fn f() { try { f() } catch (e) { throw e; } } f();",
        "fn f(x) { this.g() } fn g() { f(this) } f(1);",
        "fn f(x) { attempt(|| f(x)) } let t = f(1); if !t.ok { throw t.error.message; }",
        "fn f(x) { retry(3, \"0s\", || f(x)) } f(1);",
        "fn f(s) { `${f(s)}` } f(\"a\");",
        "fn f(m) { #{ a: f(m) } } f(#{});",
    ] {
        all.push((End::Any, text.to_string()));
    }
}

fn memory(all: &mut Vec<(End, String)>) {
    for text in [
        "let s = \"x\"; loop { s += s; }",
        "let s = \"x\"; loop { s = `${s}${s}${s}${s}`; }",
        "let a = []; loop { a.push(a.len()); }",
        "let a = [1]; loop { a += a; }",
        "let a = [1]; loop { a = [a, a, a, a, a, a, a, a]; }",
        "let m = #{ a: 1 }; loop { m = #{ a: m, b: m, c: m }; }",
        "let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; }",
        "let a = []; loop { a.push(\"text of some length, which is kept\".to_upper() + a.len()); }",
        "let s = \"ab\"; loop { s = s.replace(\"a\", s); }",
        "let s = \"ab\"; loop { s = s.replace_pattern(`a`, s); }",
        "let s = \"ab\"; loop { s = s.replace_pattern(`.+`, `$0$0$0$0$0$0$0$0`); }",
        "let s = \"a,b\"; loop { s = s.split(\",\").join(s) + s; }",
        "let s = \"<\"; loop { s = html_escape(s) + s; }",
        "let s = \"a\"; loop { s += s; s.split(\"\"); }",
        "let f = []; loop { let x = f; f.push(|| x.len()); }",
        "let s = \"a b \"; loop { s += s; s.words(); s.lines(); s.title_case(); }",
        "let a = [1, 2]; loop { let b = a; a = b.map(|x| [x, x, x]).flatten(); }",
        "let b = blob(8, 1); loop { b += b; }",
        "let s = \"[1],\"; loop { s += s; attempt(|| from_json(\"[\" + s + \"1]\")); }",
    ] {
        all.push((End::Memory, text.to_string()));
    }
    for text in [
        "let a = []; a.pad(9_000_000_000_000, 0);",
        "let a = [[1]]; a.pad(1_000_000_000, [2]);",
        "blob(9_000_000_000_000_000_000)",
        "blob(4_000_000_000, 1)",
        "let b = blob(1); b.pad(9_000_000_000_000, 1);",
        "\"x\".pad(9_000_000_000_000, \"y\")",
        "\"x\".pad_left(9_000_000_000_000, 'y')",
    ] {
        all.push((End::Refused, text.to_string()));
    }
    for text in [
        "round(1.5, 9_000_000_000_000)",
        "grouped(1.5, 9_000_000_000_000)",
        "money(1.5, \"EUR\", 9_000_000_000_000)",
        "percent_text(1, 3, 9_000_000_000_000)",
        "\"abc\".shorten(9_000_000_000_000)",
        "\"abc\".left(9_000_000_000_000)",
        "format(today(), \"%9000000000Y\")",
        "today().plus(\"9000000000000 days\")",
        "[1, 2].chunk(9_000_000_000_000)",
        "[1, 2].take(9_000_000_000_000)",
        "[1, 2].top(9_000_000_000_000)",
        "9_000_000_000 ** 9_000_000_000",
        "print(bar_chart(#{ a: 1e300, b: -1e300, c: 0 }))",
    ] {
        all.push((End::Any, text.to_string()));
    }
}

fn nesting(all: &mut Vec<(End, String)>) {
    const DEEP: usize = 10_000;
    let deep = |open: &str, inside: &str, close: &str| {
        format!("{}{inside}{}", open.repeat(DEEP), close.repeat(DEEP))
    };
    for (open, inside, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("#{ a: ", "1", "}"),
        ("{ ", "1", " }"),
        ("if true { ", "1", " }"),
        ("if true { 1 } else ", "{ 1 }", ""),
        ("while true { ", "break;", " }"),
        ("for i in 0..1 { ", "1", " }"),
        ("loop { ", "break;", " }"),
        ("try { ", "1", " } catch { }"),
        ("switch 1 { 1 => ", "1", " }"),
        ("print(", "1", ")"),
        ("|x| ", "1", ""),
        ("-", "1", ""),
        ("!", "true", ""),
        ("`${", "1", "}`"),
        ("1 + ", "1", ""),
        ("1 + (", "1", ")"),
        ("true && ", "true", ""),
        ("() ?? ", "1", ""),
        ("let x = ", "1", ""),
        ("return ", "1", ""),
        ("fn f() { ", "1", " }"),
    ] {
        all.push((End::Any, deep(open, inside, close)));
    }
    all.push((End::Any, format!("let a = #{{}}; a{}", ".b".repeat(DEEP))));
    all.push((End::Any, format!("let a = []; a{}", "[0]".repeat(DEEP))));
    all.push((End::Any, format!("let a = 1; a{}", ".f()".repeat(DEEP))));
    let text = deep("[", "1", "]");
    all.push((End::Any, format!("from_json(\"{text}\")")));
    all.push((End::Any, format!("parse_json(\"{text}\")")));
    all.push((End::Any, format!("\"a\".matches(\"{}\")", deep("(", "a", ")"))));
    for after in ["a", "print(a);", "to_json(a)", "a == a", "a.flatten()", "let b = a; b.push(1);"] {
        all.push((End::Any, format!("let a = []; for i in 0..3_000 {{ a = [a]; }} {after}")));
    }
    all.push((End::Memory, "let a = []; loop { a = [a]; }".into()));
    all.push((End::Memory, "let a = #{}; loop { a = #{ a: a }; }".into()));
}

/// How long the texts are that are searched: a debug build takes ten times as long for each letter.
const LONG: usize = if cfg!(debug_assertions) { 200_000 } else { 4_000_000 };

fn texts(all: &mut Vec<(End, String)>) {
    let long = format!("let s = \"a\"; while s.len() < {LONG} {{ s += s; }} ");
    for pattern in
        ["(a|aa)+$", "(a*)*b", "(?:a?){200}a{200}", "(.*)(.*)(.*)(.*)x", "(x+x+)+y", "[a-z]{1,500}b"]
    {
        all.push((End::Any, format!("{long}s.matches(`{pattern}`)")));
        all.push((End::Any, format!("{long}s.extract_all(`{pattern}`)")));
    }
    all.push((End::Any, format!("{long}s.replace_pattern(`a`, s)")));
    all.push((End::Any, "\"a\".matches(`(((a{100}){100}){100}){100}`)".into()));
    all.push((End::Any, "\"a\".matches(`(\\pL{500}){500}`)".into()));
    let made = "let a = []; for i in 0..5_000 { a.push(#{ k: i, v: [1, 2, 3] }); }";
    all.push((End::Any, format!("{made} from_json(to_json(a)).len()")));
    all.push((End::Any, format!("{long}from_json(s)")));
    for work in
        ["s.slug()", "strip_html(s)", "s.words()", "s.split(\"a\").len()", "s.index_of(\"b\")", "s.digits()"]
    {
        all.push((End::Any, format!("{long}{work}")));
    }
    all.push((
        End::Any,
        "let a = []; for i in 0..300_000 { a.push(i * 7919 % 300_007); } a.sorted(); a.unique().len()".into(),
    ));
    all.push((
        End::Any,
        "let a = []; for i in 0..3_000 { a.push(#{ k: 1, v: i }); } a.join_on(a, \"k\").len()".into(),
    ));
}

fn run(text: &str, stop: &Stop) -> Result<(), Error> {
    let script = Script {
        name: "hostile.rhai".into(),
        text: text.into(),
        path: None,
        root: ".".into(),
        hidden_lines: 0,
    };
    let stop = stop.clone();
    script::run(&script, || stopping(stop)).map(drop)
}

/// Asks a script to stop when its time is over, unless it has ended before.
fn deadline(stop: &Stop) -> mpsc::Sender<()> {
    let (ended, wait) = mpsc::channel();
    let stop = stop.clone();
    thread::spawn(move || {
        if wait.recv_timeout(DEADLINE).is_err() {
            stop.set(Reason::TimedOut);
        }
    });
    ended
}

fn is_right(end: End, result: &Result<(), Error>) -> bool {
    let told = match result {
        Err(Error::Thrown(finding)) => finding.message.clone(),
        Err(Error::Check(_)) => "refused".into(),
        _ => String::new(),
    };
    let stopped = matches!(result, Err(Error::Stopped(Reason::TimedOut)));
    let memory = told.contains("MB of memory");
    match end {
        End::Stopped => stopped,
        End::Memory => stopped || memory,
        End::Refused => !told.is_empty(),
        End::Any => result.is_ok() || stopped || !told.is_empty(),
    }
}

#[test]
#[ignore = "in a process of its own, started by the test below"]
fn all_in_one_process() {
    let all = scripts();
    assert!(all.len() >= 100, "{} scripts", all.len());
    let mut worst = (Duration::ZERO, String::new());
    let mut wrong = Vec::new();
    for (at, (end, text)) in all.iter().enumerate() {
        let short: String = text.chars().take(90).collect();
        // The last one that is named is the one that took the process down.
        println!("{at}: {short}");
        let stop = Stop::new();
        let ended = deadline(&stop);
        let started = Instant::now();
        let result = run(text, &stop);
        let took = started.elapsed();
        // The script may have come to its end while the flag was set.
        let _ = ended.send(());
        let late = took.saturating_sub(DEADLINE);
        if late > worst.0 {
            worst = (late, short.clone());
        }
        if late > Duration::from_millis(250) {
            println!("    ended {} ms after its deadline", late.as_millis());
        }
        if !is_right(*end, &result) {
            wrong.push(format!("{short}\n    should end as {end:?}, and ended as {result:?}"));
        }
        let after = run("if 1 + 1 != 2 { throw 1; }", &Stop::new());
        assert!(after.is_ok(), "after {short}: {after:?}");
    }
    println!(
        "{} scripts; the latest ended {} ms after its deadline: {}",
        all.len(),
        worst.0.as_millis(),
        worst.1
    );
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn hostile_scripts_end_with_the_right_error_and_the_process_lives() {
    let words = ["--ignored", "--exact", "hostile_scripts::all_in_one_process", "--nocapture"];
    let output = Command::new(std::env::current_exe().unwrap()).args(words).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}\n{told}\n{errors}", output.status);
    assert!(told.contains("1 passed"), "{told}");
}
