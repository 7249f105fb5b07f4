//! Colours at a terminal, and none for those who want none.

use super::terminal::{Ended, Terminal};
use crate::support::binary;

/// An error at a terminal.
fn mistake(option: Option<&str>, variable: Option<(&str, &str)>) -> Ended {
    let mut program = binary();
    program.args(["eval", "--demo", "-q"]).args(option).arg("let a = get_account(ext(\"acct-1\")); a.naem");
    program.envs(variable);
    let ended = Terminal::start(&program, 80).end();
    assert_eq!(ended.code, Some(1));
    let shown = ended.screen.contents();
    assert!(shown.starts_with("error: an account has no field \"naem\""), "{shown}");
    ended
}

/// Whether the first word stands in a colour of its own.
fn is_coloured(ended: &Ended) -> bool {
    ended.screen.cell(0, 0).expect("a cell").fgcolor() != vt100::Color::Default
}

#[test]
fn an_error_is_coloured() {
    assert!(is_coloured(&mistake(None, None)));
    assert!(is_coloured(&mistake(Some("--color=always"), Some(("NO_COLOR", "1")))));
}

#[test]
fn no_color_means_none_at_all() {
    for (option, variable) in
        [(None, Some(("NO_COLOR", "1"))), (Some("--color=never"), None), (None, Some(("TERM", "dumb")))]
    {
        let ended = mistake(option, variable);
        let written = String::from_utf8_lossy(&ended.written);
        assert!(!written.contains('\u{1b}'), "{option:?} {variable:?}: {written:?}");
    }
}
