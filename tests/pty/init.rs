//! `init` and `login` at a terminal: what is asked, and that the key is not shown.

use super::terminal::{CTRL_C, Terminal};
use crate::support::program::Folder;
use crate::support::{KEY, tenant};

const REGION: &str = "Is your Vitally in the us or the eu? [us]";
const NAME: &str = "The name before .vitally.io in your browser:";
const ASKS_KEY: &str = "API key (Settings, Integrations, Vitally REST API):";

/// What was written, without what moves the cursor.
fn without_controls(written: &str) -> String {
    let mut pieces = written.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_string();
    let after = |piece: &str| piece.find(char::is_alphabetic).map(|end| piece[end + 1..].to_string());
    pieces.filter_map(after).fold(first, |text, piece| text + piece.as_str())
}

#[test]
fn init_asks_for_a_key_without_showing_it() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = Terminal::start(&folder.command(&["init", "--base-url", &tenant.origin()]), 120);
    terminal.wait_for(ASKS_KEY);
    terminal.type_in("sk_live_mistyped\r");
    terminal.wait_for_times(ASKS_KEY, 2);
    for letter in KEY.chars() {
        terminal.type_in(&letter.to_string());
    }
    terminal.wait_for_times(&"*".repeat(KEY.len()), 1);
    terminal.type_in("\r");
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(0), "{shown}");
    assert!(shown.ends_with("next:\n  vitally-script run hello.rhai\n  vitally-script test\n  in an editor: vitally-script help editors"), "{shown}");
    let written = String::from_utf8_lossy(&ended.written).into_owned();
    let typing = written.split(&tenant.origin()).next().unwrap();
    let rest = without_controls(typing)
        .replace(ASKS_KEY, "")
        .replace("warning: Vitally did not accept the API key (401): Invalid API key", "");
    // Not one letter of what was typed was written, not even for a moment.
    assert_eq!(rest.replace(['*', ' ', '\r', '\n'], ""), "", "{written:?}");
    assert_eq!(folder.run(&["whoami"]).code, 0);
}

#[test]
fn init_asks_where_a_vitally_is() {
    let folder = Folder::new();
    let terminal = Terminal::start(&folder.command(&["init"]), 120);
    terminal.wait_for(REGION);
    terminal.type_in("uk\r");
    terminal.wait_for("warning: please type us or eu");
    terminal.wait_for_times(REGION, 2);
    terminal.type_in("\r");
    terminal.wait_for(NAME);
    terminal.type_in("https://acme.vitally.io\r");
    terminal.wait_for(ASKS_KEY);
    terminal.type_in("sk_live");
    terminal.wait_for("*******");
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(130), "{}", ended.screen.contents());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
}

#[test]
fn a_terminal_that_cannot_hide_a_key_is_not_asked() {
    let folder = Folder::new();
    folder.write("vitally.toml", "[profile.acme]\nsubdomain = \"acme\"\n");
    let terminal = Terminal::start(folder.command(&["login"]).env("TERM", "dumb"), 120);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(8), "{shown}");
    assert!(shown.starts_with("error: this terminal cannot hide a key while it is typed\n"), "{shown}");
}
