//! A plan is applied and taken back at a terminal: what is asked, and what the answers do.

use super::terminal::{CTRL_C, Ended, Terminal};
use crate::support::desk::Desk;

fn text(ended: &Ended) -> String {
    ended.screen.contents()
}

/// A desk with a plan of four updates.
fn planned() -> Desk {
    let desk = Desk::new();
    desk.folder
        .write("four.rhai", "each(accounts().take(4), |a| update_account(a, #{ traits: #{ four: 4 } }));");
    assert_eq!(desk.run(&["run", "four.rhai", "--plan-out", "four.plan"]).code, 0);
    desk
}

fn at_terminal(desk: &Desk, words: &[&str]) -> Terminal {
    Terminal::start(&desk.command(words), 100)
}

#[test]
fn a_plan_is_sent_after_a_yes() {
    let desk = planned();
    let terminal = at_terminal(&desk, &["apply", "four.plan"]);
    terminal.wait_for("Go on? Type yes:");
    assert_eq!(desk.tenant.writes(), 0);
    terminal.type_in("yes\r");
    let ended = terminal.end();
    assert_eq!((ended.code, desk.tenant.writes()), (Some(0), 4), "{}", text(&ended));
    assert!(text(&ended).contains("4 accounts to be updated in default PRODUCTION"), "{}", text(&ended));
    assert!(text(&ended).contains("done: 4 accounts updated"), "{}", text(&ended));
}

#[test]
fn a_no_and_a_ctrl_c_send_nothing_and_leave_the_plan_usable() {
    let desk = planned();
    for (answer, code) in [("no\r", 8), (CTRL_C, 130)] {
        let terminal = at_terminal(&desk, &["apply", "four.plan"]);
        terminal.wait_for("Go on? Type yes:");
        terminal.type_in(answer);
        let ended = terminal.end();
        assert_eq!((ended.code, desk.tenant.writes()), (Some(code), 0), "{}", text(&ended));
    }
    assert_eq!(desk.run(&["apply", "four.plan", "-y"]).code, 0);
}

#[test]
fn after_the_first_few_the_rest_waits_for_an_answer() {
    for (answer, writes) in [("yes\r", 4), ("no\r", 1)] {
        let desk = planned();
        let terminal = at_terminal(&desk, &["apply", "four.plan", "--canary", "1"]);
        terminal.wait_for("Go on? Type yes:");
        terminal.type_in("yes\r");
        terminal.wait_for("Go on with the rest? Type yes:");
        assert_eq!(desk.tenant.writes(), 1);
        terminal.type_in(answer);
        let ended = terminal.end();
        assert_eq!((ended.code, desk.tenant.writes()), (Some(0), writes), "{}", text(&ended));
    }
}

#[test]
fn deletes_are_typed_out() {
    for (answer, writes) in [("delete 1 default\r", 1), ("yes\r", 0)] {
        let desk = Desk::new();
        let made = r#"create_task(#{ name: "T", accountId: get_account(ext("acct-1")).id });"#;
        assert_eq!(desk.run(&["eval", "-y", made]).code, 0);
        desk.tenant.forget_requests();
        let terminal = at_terminal(&desk, &["undo", "last", "--max-deletes", "1"]);
        terminal.wait_for("Type \"delete 1 default\" to delete:");
        terminal.type_in(answer);
        let ended = terminal.end();
        let code = if writes == 1 { 0 } else { 8 };
        assert_eq!((ended.code, desk.tenant.writes()), (Some(code), writes), "{}", text(&ended));
    }
}
