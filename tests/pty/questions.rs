//! What is asked before changes are made.

use super::terminal::{CTRL_C, Ended, Terminal};
use crate::support::{program_at, tenant};
use vitally_script::simulator::Simulator;

const QUESTION: &str = "Go on with every update_account of this run? Type yes: ";

/// A run that changes two accounts, waiting for its question to be answered.
fn asked(tenant: &Simulator, options: &[&str]) -> Terminal {
    let script = "for id in [\"acct-1\", \"acct-2\"] { update_account(ext(id), #{ name: `New ${id}` }); } print(\"done\")";
    let mut program = program_at(&tenant.origin());
    program.arg("eval").args(options).arg(script);
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for(QUESTION.trim_end());
    terminal
}

fn text(ended: &Ended) -> String {
    ended.screen.contents()
}

#[test]
fn yes_goes_on_with_all_of_them_and_is_asked_once() {
    let tenant = tenant();
    let terminal = asked(&tenant, &[]);
    assert_eq!(tenant.writes(), 0, "nothing leaves before the answer");
    terminal.type_in("yes\r");
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 2), "{}", text(&ended));
    assert_eq!(text(&ended).matches("Type yes").count(), 1, "{}", text(&ended));
}

#[test]
fn a_question_shows_the_first_change() {
    let tenant = tenant();
    let terminal = asked(&tenant, &[]);
    terminal.type_in("no\r");
    let ended = terminal.end();
    let place = tenant.origin().replace("http://", "");
    let expected = format!(
        "default PRODUCTION ({place}) · confirm\n\
         update_account in default PRODUCTION ({place})\n  \
           the first: Lakeside Optics Group\n  \
           name: Lakeside Optics Group → New acct-1\n\
         {QUESTION}no\n\
         error: update_account was not sent: you said no\n\
         help: run it again with -n to see everything it would do first"
    );
    assert_eq!(text(&ended), expected);
}

#[test]
fn anything_but_yes_sends_nothing() {
    for answer in ["no\r", "\r", "y\r", "\u{4}"] {
        let tenant = tenant();
        let terminal = asked(&tenant, &[]);
        terminal.type_in(answer);
        let ended = terminal.end();
        assert_eq!((ended.code, tenant.writes()), (Some(8), 0), "{answer:?}: {}", text(&ended));
        let said = "error: update_account was not sent: you said no";
        assert!(text(&ended).contains(said), "{answer:?}: {}", text(&ended));
    }
}

#[test]
fn ctrl_c_ends_a_question_and_the_run() {
    let tenant = tenant();
    let terminal = asked(&tenant, &[]);
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(130), 0), "{}", text(&ended));
}

#[test]
fn who_said_yes_before_is_not_asked() {
    let tenant = tenant();
    let mut program = program_at(&tenant.origin());
    program.args(["eval", "-y", "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name"]);
    let ended = Terminal::start(&program, 80).end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 1), "{}", text(&ended));
    assert!(!text(&ended).contains("Type yes"), "{}", text(&ended));
}
