//! Closing brackets that are typed on lines of their own.

use super::terminal::{CTRL_C, Terminal};
use crate::support::binary;

/// What stands on the screen after these keys, typed in a dialogue, until the last of what they show and so many prompts are
/// there: the rows from the first prompt on, without those that are empty.
fn typed(keys: &str, last: &str, prompts: usize, variables: &[(&str, &str)]) -> Vec<String> {
    let mut program = binary();
    program.args(["repl", "--demo"]).envs(variables.iter().copied());
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for("[1]> ");
    terminal.type_in(keys);
    terminal.wait_for(last);
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("]> ", prompts + 1);
    terminal.type_in("exit\r");
    let ended = terminal.end();
    let rows = ended.screen.rows(0, 80).map(|row| row.trim_end().to_string());
    rows.skip_while(|row| !row.contains("[1]> ")).filter(|row| !row.is_empty()).collect()
}

#[test]
fn a_closing_bracket_stands_below_what_it_closes_once() {
    for variables in [&[][..], &[("NO_COLOR", "1")]] {
        let keys = "if true {\rif true {\rprint([\r1,\r]);\r}\rlet ended = 1;";
        let rows = typed(keys, "let ended = 1;", 1, variables);
        let prompt = "demo sandbox live [1]> if true {";
        let wanted = [prompt, "  if true {", "    print([", "      1,", "    ]);", "  }", "  let ended = 1;"];
        assert_eq!(rows[..wanted.len()], wanted, "{rows:#?}");
        assert_eq!(rows.iter().filter(|row| row.contains('}')).count(), 1, "{rows:#?}");
    }
}

#[test]
fn the_last_bracket_stands_in_the_first_column_and_the_input_is_run() {
    let rows = typed("if true {\rprint(1);\r}\r", "[2]> ", 2, &[]);
    assert_eq!(rows[..4], ["demo sandbox live [1]> if true {", "  print(1);", "}", "1"], "{rows:#?}");
}
