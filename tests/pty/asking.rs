//! Questions that scripts ask.

use super::terminal::{CTRL_C, Terminal};
use crate::support::binary;

/// A script in the demo tenant, at the place of its first question.
fn asked(code: &str, question: &str) -> Terminal {
    let terminal = Terminal::start(binary().args(["eval", "--demo", "-q", code]), 80);
    terminal.wait_for(question);
    terminal
}

/// What is on the screen in the end, after these answers.
fn after(code: &str, question: &str, answers: &[&str]) -> (Option<i32>, String) {
    let terminal = asked(code, question);
    for answer in answers {
        terminal.type_in(answer);
    }
    let ended = terminal.end();
    (ended.code, ended.screen.contents())
}

#[test]
fn an_answer_is_of_the_kind_of_the_default() {
    let code = "print(ask(\"How many days?\", 30) + 1)";
    let (code_typed, shown) = after(code, "How many days? [30]", &["soon\r", "7\r"]);
    assert!(shown.contains("warning: that must be a whole number\n") && shown.ends_with('8'), "{shown}");
    assert_eq!(code_typed, Some(0));
    let (_, shown) = after(code, "How many days? [30]", &["\r"]);
    assert!(shown.ends_with("31"), "{shown}");
}

#[test]
fn a_question_without_a_default_is_asked_again() {
    let (code, shown) = after("print(ask(\"Which plan?\") + \"!\")", "Which plan?", &["\r", " Pro \r"]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.matches("Which plan?").count() == 2 && shown.ends_with("Pro!"), "{shown}");
}

#[test]
fn no_is_the_answer_unless_yes_is_typed() {
    for (answers, said) in
        [(&["y\r"][..], "true"), (&["\r"], "false"), (&["no\r"], "false"), (&["perhaps\r", "YES\r"], "true")]
    {
        let (code, shown) = after("print(confirm(\"Go on?\"))", "Go on? [y/N]", answers);
        assert!(code == Some(0) && shown.ends_with(said), "{answers:?}: {shown}");
    }
}

#[test]
fn an_option_is_picked_by_number_or_name() {
    let code = "print(choose(\"Which plan?\", [\"Starter\", \"Pro\"], \"Starter\") + \"!\")";
    for (answers, said) in
        [(&["2\r"][..], "Pro!"), (&["pro\r"], "Pro!"), (&["\r"], "Starter!"), (&["3\r", "1\r"], "Starter!")]
    {
        let (code, shown) = after(code, "Which plan? [1]", answers);
        assert!(shown.contains("  1  Starter\n  2  Pro\n"), "{shown}");
        assert!(code == Some(0) && shown.ends_with(said), "{answers:?}: {shown}");
    }
}

#[test]
fn ctrl_c_ends_a_question() {
    for (code, question) in [
        ("ask(\"Which plan?\")", "Which plan?"),
        ("try { confirm(\"Go on?\"); } catch { print(\"caught\"); }", "Go on?"),
        ("choose(\"Which plan?\", [\"Pro\"])", "Which plan?"),
    ] {
        let (ended, shown) = after(code, question, &[CTRL_C]);
        assert_eq!(ended, Some(130), "{shown}");
        assert!(shown.contains("error: stopped by Ctrl-C") && !shown.contains("caught"), "{shown}");
    }
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let (code, shown) = after("ask(\"Which plan?\")", "Which plan?", &["\u{4}"]);
    assert_eq!(code, Some(8), "{shown}");
    assert!(shown.contains("nobody is there to answer \"Which plan?\""), "{shown}");
}

#[test]
fn a_chart_fits_the_terminal() {
    let code = "bar_chart(#{ \"An account with a long name\": 100, Acme: 50 })";
    let terminal = Terminal::start(binary().args(["eval", "--demo", "-q", code]), 60);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.chars().count() <= 60), "{shown}");
    assert!(lines[0].ends_with(&"█".repeat(10)) && lines[1].starts_with("Acme "), "{shown}");
}
