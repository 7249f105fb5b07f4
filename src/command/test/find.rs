//! Which files are files of tests.

use crate::error::Error;
use crate::script::testing::ENDING;
use std::path::{Path, PathBuf};

/// The files that were named, those of the folders that were named, or those of this folder.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let here = [PathBuf::from(".")];
    let mut found = Vec::new();
    for path in if paths.is_empty() { &here } else { paths } {
        if path.is_dir() {
            collect(path, &mut found)?;
        } else if is_of_tests(path) {
            found.push(path.clone());
        } else {
            return Err(Error::usage(
                format!("{} is no file of tests", path.display()),
                format!("files of tests end in {ENDING}, such as tests/renewals{ENDING}"),
            ));
        }
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(Error::usage(
            "there are no tests here",
            format!(
                "write one: tests/renewals{ENDING} with test(\"…\", || …) in it; vitally-script help tests shows how"
            ),
        ));
    }
    Ok(found)
}

fn is_of_tests(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING))
}

/// The files of tests in a folder and in those below; hidden folders are left out.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |cause| Error::File { path: folder.into(), doing: "read the folder", cause };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let path = entry.path();
        // What was asked for as this folder is named without a dot before it.
        let path = path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
        if entry.file_type().map_err(failed)?.is_dir() {
            if !hidden {
                collect(&path, found)?;
            }
        } else if is_of_tests(&path) {
            found.push(path);
        }
    }
    Ok(())
}
