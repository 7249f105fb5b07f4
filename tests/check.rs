//! What `check` says beyond what a run refuses.

use crate::support::program::Folder;

#[test]
fn a_loop_that_does_nothing_is_reported_but_runs() {
    let folder = Folder::new();
    let script = "fn idle(list) {\n    for item in list {\n        // nothing yet\n    }\n}\nfor n in 1..3 { idle([n]); }\nprint(\"ran\");\n";
    folder.write("idle.rhai", script);
    let found = "error[V046]: this loop does nothing; errors in it would go unseen\n \
        --> idle.rhai:2:5\n  |\n2 |     for item in list {\n  |     ^^^\n  |\n  \
        = help: write between { and } what to do with each item, or take the loop out; .len() reads a whole list and \
        counts it\n\n";
    folder.run(&["check", "idle.rhai"]).is(3, found, "1 mistake in 1 script\n");
    folder.run(&["run", "idle.rhai", "--demo"]).is(0, "ran\n", "");
}
