//! What a dialogue can show, and how: forms, columns, differences, files, requests.

use crate::support::program::{Ended, Folder};

fn demo(folder: &Folder, lines: &str) -> Ended {
    folder.run_with(&["repl", "--demo", "-q"], &[], lines)
}

/// Some rows that look like records.
const ROWS: &str =
    "let rows = [#{ name: \"Ox\", mrr: 5, traits: #{ tier: \"gold\" } }, #{ name: \"\", mrr: () }];\nrows\n";

/// How they look in a table.
const TABLE: &str = "mrr  name  traits\n  5  Ox    {\"tier\":\"gold\"}\n  –  \"\"    –\n";

#[test]
fn a_value_is_shown_once_more_in_every_form() {
    let folder = Folder::new();
    let card = "  mrr     5\n  name    Ox\n  traits  {\"tier\":\"gold\"}\n\n  mrr   –\n  name  \"\"\n";
    let cases: &[(&str, &str)] = &[
        (":table", TABLE),
        (":card", card),
        (":csv", "mrr,name,traits\n5,Ox,\"{\"\"tier\"\":\"\"gold\"\"}\"\n,,\n"),
        (":yaml", "- mrr: 5\n  name: Ox\n  traits:\n    tier: gold\n- mrr: null\n  name: \"\"\n"),
        (":cols name,traits.tier", "name  traits.tier\nOx    gold\n\"\"    –\n"),
        (":cols -traits,-mrr", "name\nOx\n\"\"\n"),
        (":cols -traits.tier,-mrr", "name  traits\nOx    {}\n\"\"    –\n"),
        (":set cols mrr", "mrr\n  5\n  –\n"),
        (":set page 1\nrows", "mrr  name  traits\n  5  Ox    {\"tier\":\"gold\"}\n"),
        (":set page 1\nrows\n:cols mrr\n:more", "mrr\n  5\nmrr\n–\n"),
        (":set page 1\n:cols mrr\n:more all", "mrr\n  5\nmrr\n–\n"),
        (":type rows", "a list of 2\nfields: mrr, name, traits\n"),
        (":type let inner = 1; inner", "the number 1\n"),
        (":format yaml\n[1]", "- 1\n"),
        (":format card\n\"text\"", "text\n"),
        (":cols", "all\n"),
        (":cols name,-mrr\n:cols", "name,-mrr\n"),
        (":format card\n:format", "card\n"),
        (":set page", "all\n"),
    ];
    for (lines, wanted) in cases {
        let ended = demo(&folder, &format!("{ROWS}{lines}\n"));
        assert_eq!(ended.code, 0, "{lines}: {}", ended.stderr);
        let shown = ended.stdout.strip_prefix(TABLE);
        assert!(shown.is_some_and(|shown| shown.ends_with(wanted)), "{lines}:\n{}", ended.stdout);
    }
}

#[test]
fn what_cannot_be_set_or_shown_is_said() {
    let folder = Folder::new();
    let cases = [
        (":formt card\n", "there is no command :formt; did you mean format?"),
        (":format tabel\n", "there is no format \"tabel\"; did you mean \"table\"?"),
        (":set pages 3\n", "there is no setting \"pages\"; did you mean \"page\"?"),
        (":set page none\n", "\"none\" is no number of items"),
        (":set time maybe\n", "time is on or off"),
        (":watch 5 1\n", ":watch needs a time of a second or more, and code"),
        (":watch 5s\n", ":watch needs a time of a second or more, and code"),
        (":type\n", ":type needs code"),
        (":http many\n", "\"many\" is no number of requests"),
        (":export\n", ":export needs a file"),
        (":export rows.doc 1\n", "the name of the file \"rows.doc\" does not say what to write"),
        (":diff 1 2\n", ":diff takes one number or run, or nothing"),
        (":more none\n", ":more takes nothing, or the word all"),
    ];
    for (line, wanted) in cases {
        let ended = folder.run_with(&["repl", "--demo"], &[], line);
        assert_ne!(ended.code, 0, "{line}");
        assert!(ended.stderr.contains(wanted), "{line}: {}", ended.stderr);
    }
    let ended = folder.run_with(&["repl", "--demo"], &[], "[#{ name: 1 }]\n:cols nam\n");
    assert!(
        ended.stderr.contains("nothing here has a column \"nam\"; did you mean \"name\"?"),
        "{}",
        ended.stderr
    );
}

#[test]
fn code_that_is_only_looked_at_changes_nothing_and_leaves_nothing() {
    let folder = Folder::new();
    let lines = "let a = 1;\n:type let b = 2; fn c() { 3 } b\n:vars\n";
    let ended = demo(&folder, lines);
    assert!(!ended.stdout.contains("\nb ") && !ended.stdout.contains("c()"), "{}", ended.stdout);
    let change = "update_account(ext(\"acct-1\"), #{ name: \"Ox\" })";
    for code in [change.to_string(), format!("fn ox() {{ {change} }} ox()")] {
        for way in [":type ", ":export ox.json ", ":watch 5s "] {
            let lines = format!("{way}{code}\n");
            let ended = demo(&folder, &lines);
            assert_eq!(ended.code, 8, "{lines}: {}", ended.stderr);
            assert!(
                ended.stderr.contains("update_account changes something, and here nothing may be changed")
            );
        }
    }
    let lines = format!(
        ":mode dry-run\n{change}.name\n:type get_account(ext(\"acct-1\")).name\n:discard\n{change}.name\n:plan\n"
    );
    assert_eq!(demo(&folder, &lines).stdout, "Ox\nthe text \"Ox\"\nOx\n");
}

#[test]
fn differences_are_shown_field_by_field() {
    let folder = Folder::new();
    let one = "update_account(ext(\"acct-1\"), #{ name: \"Ox\", traits: #{ tier: \"gold\" } });";
    let two =
        "create_task(#{ name: \"Call\", externalId: \"t-1\", accountId: get_account(ext(\"acct-1\")).id });";
    let shown =
        demo(&folder, &format!(":mode dry-run\n{one}\n{two}\n:diff\n:diff 1\n:plan csv p.csv\n")).stdout;
    let update = "  name         Lakeside Optics Group → Ox\n  traits.tier  – → gold\n";
    assert_eq!(shown.matches(update).count(), 2, "{shown}");
    assert_eq!(shown.matches("create_task Call\n  accountId   ").count(), 1, "{shown}");
    let written = std::fs::read_to_string(folder.path().join("p.csv")).expect("the file");
    assert!(written.starts_with("run,object,id,name,field,before,after,"), "{written}");
    assert_eq!(written.lines().count(), 6, "{written}");
    let shown = demo(&folder, &format!("{one}\n:diff last\n")).stdout;
    assert!(shown.contains(update), "{shown}");
}

#[test]
fn a_file_holds_what_was_asked_for() {
    let folder = Folder::new();
    let lines = "[#{ name: \"Ü\", mrr: 5 }]\n:export it.csv\n:export \"two words.json\" it.map(|row| row.mrr)\n\
                 :export book.xlsx it\nread_xlsx(\"book.xlsx\")[0].name\n";
    let ended = folder.run_with(&["repl", "--demo"], &[], lines);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("written to two words.json: 1 row\n"), "{}", ended.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("the file");
    assert_eq!(read("it.csv"), "mrr,name\n5,Ü\n");
    assert_eq!(read("two words.json").split_whitespace().collect::<String>(), "[5]");
    assert!(ended.stdout.ends_with("Ü\n"), "{}", ended.stdout);
    assert_ne!(demo(&folder, ":export ../out.csv [1]\n").code, 0);
}

#[test]
fn the_last_requests_are_told_and_no_key() {
    let folder = Folder::new();
    let shown = demo(
        &folder,
        "accounts().take(1).to_array();\nget_account(ext(\"acct-1\"));\n:http 1\n:http\n:whoami\n",
    )
    .stdout;
    let requests: Vec<&str> = shown.lines().filter(|line| line.starts_with("GET ")).collect();
    assert_eq!(requests.len(), 3, "{shown}");
    assert!(requests[0].starts_with("GET /accounts/acct-1 → 200") && requests[0] == requests[2], "{shown}");
    for part in ["profile    demo", "api_key    ***", "mode       live", "collected  0"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_script_runs_in_the_mode_of_the_session() {
    let folder = Folder::new();
    folder.write(
        "fix.rhai",
        "update_account(ext(\"acct-1\"), #{ name: \"Ox\" });\nprint(arg(\"word\", \"\"));\n",
    );
    let name = "get_account(ext(\"acct-1\")).name\n";
    let shown = demo(&folder, &format!(":mode dry-run\n:run fix.rhai --arg word=hi\n{name}")).stdout;
    assert_eq!(shown, "hi\nLakeside Optics Group\n");
    assert_eq!(demo(&folder, &format!(":run fix.rhai\n{name}")).stdout, "\nOx\n");
    assert_eq!(demo(&folder, ":mode confirm\n:run fix.rhai\n").code, 2);
}
