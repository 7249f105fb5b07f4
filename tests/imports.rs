//! What `import` may reach.

use crate::support::{Ended, binary, ended};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vitally-script-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("project")).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, script: &str) -> Ended {
        ended(
            binary().current_dir(self.0.join("project")).args(["run", "--demo", "--color", "never", script]),
        )
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn real(path: &Path) -> String {
    path.canonicalize().unwrap().display().to_string()
}

#[test]
fn a_file_outside_the_project_is_not_imported() {
    let folder = Folder::new("outside");
    folder.write("secret.rhai", "fn f() { 1 }");
    folder.write("project/job.rhai", "import \"../secret\" as secret;\nprint(secret::f());\n");
    let ended = folder.run("job.rhai");
    let expected = format!(
        "error: \"../secret\" is outside the project folder, so it is not imported\n \
         --> job.rhai:1:8\n  |\n1 | import \"../secret\" as secret;\n  |        ^^^^^^^^^^^\n  |\n  \
         = help: copy the file into {}\n",
        real(&folder.0.join("project"))
    );
    assert_eq!((ended.err.as_str(), ended.code), (expected.as_str(), 3));
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_outside_is_not_followed() {
    let folder = Folder::new("link");
    folder.write("secret.rhai", "fn f() { 1 }");
    folder.write("project/job.rhai", "import \"inside\" as secret;\nprint(secret::f());\n");
    std::os::unix::fs::symlink(folder.0.join("secret.rhai"), folder.0.join("project/inside.rhai")).unwrap();
    let ended = folder.run("job.rhai");
    assert!(ended.err.starts_with("error: \"inside\" is outside the project folder"), "{}", ended.err);
    assert_eq!(ended.code, 3);
}

#[test]
fn imports_are_looked_for_beside_the_script_that_imports_them() {
    let folder = Folder::new("beside");
    folder.write("project/job.rhai", "import \"lib/a\" as a;\nprint(a::f());\n");
    folder.write("project/lib/a.rhai", "import \"b\" as b;\nfn f() { b::g() + 1 }\n");
    folder.write("project/lib/b.rhai", "import \"../c\" as c;\nfn g() { c::h() + 1 }\n");
    folder.write("project/c.rhai", "fn h() { 1 }\n");
    let ended = folder.run("job.rhai");
    assert_eq!((ended.out.as_str(), ended.code), ("3\n", 0), "{}", ended.err);
}
