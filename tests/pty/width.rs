//! Tables and texts fit the terminal.

use super::terminal::Terminal;
use crate::support::binary;

/// The rows of the screen after a piece of script, and whether one of them ran over the edge.
fn shown(code: &str, columns: u16) -> (Vec<String>, bool) {
    let ended = Terminal::start(binary().args(["eval", "--demo", "-q", code]), columns).end();
    let rows: Vec<String> = ended.screen.rows(0, columns).collect();
    let count = u16::try_from(rows.len()).expect("a screen");
    let over = (0..count).any(|row| ended.screen.row_wrapped(row));
    (rows, over)
}

fn longest(rows: &[String]) -> usize {
    rows.iter().map(|row| row.trim_end().chars().count()).max().unwrap_or_default()
}

#[test]
fn a_table_fills_the_terminal_and_no_more() {
    for columns in [80, 120] {
        let (rows, over) = shown("accounts().take(5)", columns);
        assert!(!over && rows.iter().any(|row| row.contains("name")), "{columns}: {rows:#?}");
        let widest = longest(&rows);
        assert!(widest > usize::from(columns) - 30, "{columns}: {widest}: {rows:#?}");
    }
}

#[test]
fn an_error_is_wrapped_at_words() {
    let (rows, over) = shown("get_account(\"nobody\")", 50);
    assert!(!over, "{rows:#?}");
    assert!(rows[0].starts_with("error: "), "{rows:#?}");
}
