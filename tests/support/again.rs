//! This test binary once more, as another process that plays one part of a test.

use std::path::Path;
use std::process::{Command, Stdio};

/// Tells the other process which folder it works in.
pub const FOLDER: &str = "STORE_OF_ANOTHER_PROCESS";

/// Another process that runs one ignored test in a folder; what it prints can be read.
pub fn again(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(again_arguments(test)).env(FOLDER, folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// The words that make this binary run one ignored test.
pub fn again_arguments(test: &str) -> [&str; 4] {
    [test, "--exact", "--ignored", "--nocapture"]
}
