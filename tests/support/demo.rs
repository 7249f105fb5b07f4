//! Scripts in the demo tenant.

use super::binary;
use super::program::Folder;
use std::process::Stdio;

/// What a script prints in a fresh demo tenant and an empty folder, or what it complains about.
pub fn demo_eval(code: &str) -> Result<String, String> {
    let folder = Folder::new();
    let output = binary()
        .current_dir(folder.path())
        .args(["eval", "--demo", "--color", "never", code])
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| cause.to_string())?;
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(out) } else { Err(err) }
}
