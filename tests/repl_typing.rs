//! What helps while typing, as tables: whether an input is whole, what a word can become, what a hint says.

use vitally_script::repl::complete::complete;
use vitally_script::repl::hint::hint;
use vitally_script::repl::indent::{indent, outdent};
use vitally_script::repl::meta::{Asked, asked, numbers, words};
use vitally_script::repl::names::Names;
use vitally_script::repl::paint::painted;
use vitally_script::repl::secret::looks_secret;
use vitally_script::repl::tidy::tidy;
use vitally_script::script::dialogue::scan::{Kind, pieces};
use vitally_script::script::dialogue::{Seen, Shape, Variable, is_unfinished};

const WHOLE: &[&str] = &[
    "1",
    "let x = 1;",
    "let x = 1",
    "let x = ;",
    "x = 5 5",
    "get_account(\"1\").name",
    "print(\"(\")",
    "print(\"a // b\")",
    "\"http://x/*y\"",
    "// (",
    "let a = 1; // {",
    "'x'",
    "\"no end",
    "print(\"no end)",
    "}",
    ")",
    "fn f() { 1 }",
    "if true { 1 } else { 2 }",
    "#{ a: 1 }",
    "[1, 2]",
    "|x| x + 1",
    "`a ${b} c`",
    "`a ${`b ${1}`} c`",
    "/* a */ 1",
    "/* a /* b */ c */ 1",
    "x.map(|a| a.name)",
    "let in = 3",
    "é",
    "名前",
    "let x",
    "throw",
    "|x|",
    "",
    "   ",
];

const UNFINISHED: &[&str] = &[
    "accounts().where(|a| a.mrr > 1,",
    "fn f() {",
    "fn f(",
    "fn",
    "if true",
    "if true {",
    "if true { 1 } else",
    "if true { 1 } else {",
    "let x =",
    "accounts().where(|a| a.mrr > 1",
    "let",
    "1 +",
    "1 + (2",
    "[1,",
    "[1, 2",
    "#{",
    "#{ a:",
    "#{ a: 1",
    "get_account(",
    "get_account(\"1\"",
    "x.",
    "for a in",
    "for a in [1] {",
    "while true {",
    "switch x {",
    "try {",
    "try { 1 } catch",
    "`open",
    "`open ${1 +",
    "`a ${b} c",
    "/* open",
    "1 /* open",
    "/* a /* b */",
    "each(rows, |r| {\n  update_account(r, #{})",
    "x &&",
    "!",
    "import",
    "import \"x\" as",
    "// a remark\nlet y = [",
];

#[test]
fn the_parser_decides_whether_an_input_is_whole() {
    let wrong: Vec<&&str> = WHOLE
        .iter()
        .filter(|text| is_unfinished(text))
        .chain(UNFINISHED.iter().filter(|text| !is_unfinished(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn variable(name: &str, shape: Shape, keys: &[&str], traits: &[&str]) -> Variable {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    Variable {
        name: name.into(),
        constant: false,
        kind: "a list of 2".into(),
        shape,
        keys: texts(keys),
        traits: texts(traits),
    }
}

fn names() -> Names {
    let seen = Seen {
        variables: vec![
            variable("rows", Shape::Items, &["email", "tier"], &[]),
            variable("account", Shape::Fields, &["name", "mrr", "traits"], &["plan", "planned on"]),
            variable("word", Shape::Text, &[], &[]),
            variable("count", Shape::Other, &[], &[]),
        ],
        functions: vec![("follow_up".into(), vec!["task".into(), "days".into()])],
        modules: vec!["helpers".into()],
    };
    Names::new(seen, vec!["acme".into(), "acme-eu".into()])
}

fn files(begin: &str) -> Vec<String> {
    ["fix.rhai", "rows.csv", "data/more.csv"]
        .into_iter()
        .filter(|file| file.starts_with(begin))
        .map(String::from)
        .collect()
}

/// What a line can become, with the cursor at its end; `…` stands for many more.
const COMPLETIONS: &[(&str, &[&str])] = &[
    ("get_account_h", &["get_account_health_score_breakdown"]),
    ("update_proj", &["update_project"]),
    ("follow", &["follow_up"]),
    ("row", &["rows"]),
    ("help", &["helpers"]),
    ("contin", &["continue"]),
    ("let x = rows.sort_b", &["sort_by"]),
    ("rows.count_b", &["count_by"]),
    ("account.", &["name", "mrr", "traits"]),
    ("account.m", &["mrr"]),
    ("account.traits.pl", &["plan", "planned on"]),
    ("rows[0].", &["email", "tier"]),
    ("rows.first().e", &["email"]),
    ("rows.where(|r| r.tier == 1).first().t", &["tier"]),
    ("accounts().first().healthS", &["healthScore"]),
    ("get_task(x).dueD", &["dueDate"]),
    ("accounts().first().org", &["organizationId"]),
    ("rows.pus", &["push"]),
    ("word.to_upp", &["to_upper"]),
    ("`${rows.count_b", &["count_by"]),
    ("`${account.m", &["mrr"]),
    ("on(\"task_c", &["task_created", "task_completed"]),
    ("profile(\"acme-", &["acme-eu"]),
    ("read_csv(\"ro", &["rows.csv"]),
    ("write_csv(\"da", &["data/more.csv"]),
    ("import \"fi", &["fix.rhai"]),
    ("rows.sort_by(\"t", &["tier"]),
    ("rows.count_by(\"", &["email", "tier"]),
    ("accounts().pluck(\"healthS", &["healthScore"]),
    ("account[\"m", &["mrr"]),
    ("accounts(#{ sta", &["status"]),
    ("accounts(#{ status: \"ch", &["churned"]),
    ("update_account(account, #{ na", &["name"]),
    ("update_account(account, #{ name: \"x\", na", &[]),
    ("update_account(account, #{ traits: #{ pl", &["plan", "planned on"]),
    ("create_task(#{ due", &["dueDate"]),
    ("each(rows, #{ on", &["on_error"]),
    ("schedule(\"@daily\", #{ ex", &["expect_within"]),
    ("every(\"10m\", #{ name: \"x\", ", &["overlap", "catchup", "jitter", "timeout", "expect_within"]),
    ("on(\"task_created\", #{ wh", &["where"]),
    ("read_csv(\"rows.csv\", #{ ty", &["types"]),
    ("http_put(\"https://x\", rows, #{ ", &["query", "headers", "timeout", "idempotency_key"]),
    (":ap", &["apply"]),
    (":mode d", &["dry-run"]),
    (":profile acme", &["acme-eu"]),
    (":fields custom_object_i", &["custom_object_instance"]),
    (":load f", &["fix.rhai"]),
    (":save fix.rhai d", &["data/more.csv"]),
    (":format j", &["json", "jsonl"]),
    (":time row", &["rows"]),
    (":forget cou", &["count"]),
    ("?task_com", &["task_completed"]),
    ("// get_acc", &[]),
    ("\"get_acc", &[]),
    ("nothing_like_it", &[]),
];

#[test]
fn a_word_becomes_what_is_there() {
    let names = names();
    let mut wrong = Vec::new();
    for (line, expected) in COMPLETIONS {
        let completion = complete(line, line.len(), &names, &files);
        let found: Vec<&str> =
            completion.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
        if found != *expected {
            wrong.push(format!("{line}: {found:?}, not {expected:?}"));
        }
        let typed = &line[completion.start..];
        assert!(completion.candidates.iter().all(|candidate| candidate.text.starts_with(typed)), "{line}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn completion_looks_only_at_what_stands_before_the_cursor() {
    let completion = complete("account.m + 1", 9, &names(), &files);
    assert_eq!((completion.start, completion.candidates[0].text.as_str()), (8, "mrr"));
    let completion = complete("get_account_h", 13, &names(), &files);
    assert!(completion.candidates[0].shown.starts_with("get_account_health_score_breakdown(account)  "));
}

#[test]
fn ten_thousand_names_are_completed_at_once() {
    let variables = (0..10_000).map(|at| variable(&format!("name_{at}"), Shape::Fields, &["a"], &["t"]));
    let seen = Seen { variables: variables.collect(), ..Seen::default() };
    let names = Names::new(seen, Vec::new());
    let completion = complete("name_999", 8, &names, &files);
    assert_eq!(completion.candidates.len(), 10);
}

const HINTS: &[(&str, Option<&str>)] = &[
    ("get_account(", Some("account)  ")),
    ("update_account(", Some("account, #{ … })  ")),
    ("update_account(a,", Some(" #{ … })")),
    ("update_account(a, ", Some("#{ … })")),
    ("update_account", Some("(account, #{ … })  ")),
    ("follow_up(", Some("task, days)  your function")),
    ("follow_up(t,", Some(" days)")),
    ("rows.sort_by(", Some("")),
    ("rows.where", Some("(test)  ")),
    ("where", None),
    ("get_account(\"1\"", None),
    ("get_acc", None),
    ("let x = 1", None),
    (":apply", Some(" [--limit N] [-n] — ")),
    (":nonsense", None),
    ("\"get_account(", None),
    ("", None),
];

#[test]
fn a_hint_says_what_is_still_wanted() {
    let names = names();
    for (line, expected) in HINTS {
        let hint = hint(line, &names).map(|hint| hint.shown);
        let fits = match (expected, &hint) {
            (None, None) => true,
            (Some(start), Some(hint)) => hint.starts_with(start),
            _ => false,
        };
        assert!(fits, "{line:?}: {hint:?}, not {expected:?}");
    }
}

#[test]
fn colours_leave_the_text_as_it_is() {
    let names = names();
    for line in
        WHOLE.iter().chain(UNFINISHED).chain(&[":apply --limit 5", "?get_account", "delete_account(x)"])
    {
        let mut plain = String::new();
        let painted = painted(line, &names);
        let mut rest = painted.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').expect("the end of a colour").1;
        }
        plain.push_str(rest);
        assert_eq!(plain, *line);
    }
    assert!(painted("delete_account(x)", &names).starts_with("\u{1b}[1;31mdelete_account\u{1b}[0m"));
}

#[test]
fn every_byte_is_in_one_piece() {
    for text in WHOLE.iter().chain(UNFINISHED).chain(&[
        "日本語 \"テキスト\" 👩‍👩‍👧 // 終",
        "#\"raw \" text\"#",
        "##\"a\"# b\"##",
    ]) {
        let found = pieces(text);
        let whole: String = found.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, *text);
    }
    let kinds: Vec<Kind> = pieces("#\"raw \\\" + 1").iter().map(|piece| piece.kind).collect();
    assert_eq!(kinds, [Kind::Text]);
}

#[test]
fn pasted_text_is_put_right() {
    for (pasted, meant) in [
        ("let a = “x”;", "let a = \"x\";"),
        ("let a = “it said \u{a0}so”;", "let a = \"it said \u{a0}so\";"),
        ("let a = \"“x”\u{a0}\";", "let a = \"“x”\u{a0}\";"),
        ("let\u{a0}a = 1;", "let a = 1;"),
        ("\u{feff}1\u{200b} + 1", "1 + 1"),
        ("a\r\nb\rc", "a\nb\nc"),
        (">>> 1 + 1", "1 + 1"),
        ("acme PROD dry-run Δ3 [4]> rows.len()", "rows.len()"),
        ("demo sandbox live [1]> 1\n... 2", "1\n2"),
        ("x[1]> 3", "x[1]> 3"),
        ("`a “b”\n“c”` + “d”", "`a “b”\n“c”` + \"d\""),
        ("\"a \\\" “b”\"", "\"a \\\" “b”\""),
    ] {
        assert_eq!(tidy(pasted), meant, "{pasted:?}");
    }
}

#[test]
fn commands_are_told_from_code() {
    assert_eq!(asked(":plan all"), Asked::Meta("plan", "all"));
    assert_eq!(asked("  :q"), Asked::Meta("quit", ""));
    assert_eq!(asked("exit"), Asked::Meta("quit", ""));
    assert_eq!(asked("?"), Asked::Meta("help", ""));
    assert_eq!(asked("?get_account"), Asked::About("get_account"));
    assert_eq!(asked("get_account?"), Asked::About("get_account"));
    assert_eq!(asked(":aply"), Asked::Unknown("there is no command :aply; did you mean apply?".into()));
    for code in ["exit(2)", "a ? b", "help_me()", "x", "let quit = 1;"] {
        assert_eq!(asked(code), Asked::Code, "{code}");
    }
    assert_eq!(words("--confirm \"delete 3 acme\" -y"), ["--confirm", "delete 3 acme", "-y"]);
    assert_eq!(numbers(&words("4 7-9")), Some(vec![4, 7, 8, 9]));
    assert_eq!(numbers(&words("4 x")), None);
}

#[test]
fn lines_with_secrets_are_known() {
    for line in [
        "let api_key = \"x\"",
        "http_get(u, #{ Authorization: \"Bearer x\" })",
        "let PASSWORD = 1",
        "login()",
    ] {
        assert!(looks_secret(line), "{line}");
    }
    assert!(!looks_secret("accounts().first()"));
}

#[test]
fn a_new_line_begins_below_the_one_before() {
    for (text, columns) in [
        ("fn f() {", 2),
        ("  each(rows, |r| {", 4),
        ("let a = [", 2),
        ("  1 +", 2),
        ("1", 0),
        ("if x {\n  y(", 4),
    ] {
        assert_eq!(indent(text), columns, "{text:?}");
    }
}

#[test]
fn a_closing_bracket_goes_below_the_line_that_opened_it() {
    for (text, wanted) in [
        ("if true {\n  print(1);\n  ", Some("")),
        ("if true {\n  ", Some("")),
        ("if true {\n  for n in [\n    1,\n    ", Some("  ")),
        ("accounts().each(|a| {\n      ", Some("")),
        ("let a = #{\n  b: [1],\n  c: \"}\", // }\n  ", Some("")),
        // What stands right, and what somebody has put elsewhere.
        ("if true {\n  if true {\n  ", None),
        ("if true {\n", None),
        ("  if true {\n ", None),
        // Something stands before it, or nothing is open, or it is no bracket.
        ("if true {\n  x", None),
        ("  ", None),
        ("let x = 1;\n  ", None),
        ("let a = `{\n  ", None),
        ("{ /* a\n  ", None),
    ] {
        assert_eq!(outdent(text), wanted, "{text:?}");
    }
}
