//! The program itself, run in a folder of its own with an environment that holds nothing else.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is taken away with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("folder-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("work")).unwrap();
        Folder(path)
    }

    /// The folder the program works in.
    pub fn path(&self) -> PathBuf {
        self.0.join("work")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// The file of the only key that the program keeps here.
    pub fn stored_key(&self) -> PathBuf {
        let mut files = fs::read_dir(self.0.join("home/keys")).unwrap().map(|entry| entry.unwrap().path());
        let only = files.next().expect("a key is stored");
        assert_eq!(files.next(), None, "nothing else lies beside {}", only.display());
        only
    }

    /// The program, ready to be run in this folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitally-script"));
        command.args(words).current_dir(self.path()).env_clear();
        command.env("VITALLY_SCRIPT_HOME", self.0.join("home")).stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        self.run_with(words, &[], "")
    }

    pub fn run_with(&self, words: &[&str], variables: &[(&str, &str)], input: &str) -> Ended {
        let mut command = self.command(words);
        command.envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not read its input is no failure.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How the program ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Asserts all three at once.
    #[track_caller]
    pub fn is(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!((self.code, self.stdout.as_str(), self.stderr.as_str()), (code, stdout, stderr));
    }
}
