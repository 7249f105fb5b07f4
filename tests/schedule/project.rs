//! A project of its own for the real program, and the program while it runs.

use crate::support::binary;
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Longer than anything here takes on the slowest machine.
pub const LONGEST: Duration = Duration::from_secs(60);

/// A project with its own state folder.
pub struct Project(pub PathBuf);

impl Project {
    pub fn new(name: &str) -> Project {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Project(folder)
    }

    pub fn write(&self, name: &str, text: &str) {
        // A script is never seen half written.
        let new = self.0.join("new");
        fs::write(&new, text).expect("a file");
        let place = self.0.join(name);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::rename(new, place).expect("a file");
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = binary();
        command.args(words).current_dir(&self.0).env("VITALLY_SCRIPT_HOME", self.0.join("state"));
        command.env_remove("VITALLY_SCRIPT_NOW").stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program")
    }

    pub fn json(&self, words: &[&str]) -> Value {
        let output = self.run(&[words, &["-o", "json"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|cause| panic!("{words:?}: {cause}: {said}"))
    }

    /// What became of every tick of a job, oldest first.
    pub fn outcomes(&self, job: &str) -> Vec<String> {
        let ticks = self.json(&["jobs", "history", job, "--last", "1000"]);
        let ticks = ticks.as_array().expect("a list").iter().rev();
        ticks.map(|tick| tick["outcome"].as_str().expect("a word").to_string()).collect()
    }

    pub fn serve(&self, words: &[&str]) -> Served {
        Served::of(self.command(&[&["serve", "-v"], words].concat()))
    }
}

/// The program while it serves.
pub struct Served {
    pub child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Served {
    pub fn of(mut command: Command) -> Served {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        let (sender, lines) = mpsc::channel();
        let out = child.stdout.take().expect("stdout");
        let err = child.stderr.take().expect("stderr");
        for stream in [Box::new(out) as Box<dyn std::io::Read + Send>, Box::new(err)] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Served { child, lines, heard: Vec::new() }
    }

    /// Waits for a line that holds these words.
    pub fn hear(&mut self, words: &str) {
        loop {
            match self.lines.recv_timeout(LONGEST) {
                Ok(line) => {
                    let found = line.contains(words);
                    self.heard.push(line);
                    if found {
                        return;
                    }
                }
                Err(cause) => panic!("{cause}: it never said \"{words}\", but:\n{}", self.heard.join("\n")),
            }
        }
    }

    /// Whether it ended, within so long at most.
    pub fn is_over(&mut self, most: Duration) -> bool {
        let until = Instant::now() + most;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.heard.push(line),
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
    }

    /// Ends it at once; everything that it ever said.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("a process");
        self.child.wait().expect("an end");
        self.heard.extend(self.lines.iter());
        std::mem::take(&mut self.heard)
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }

    pub fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
