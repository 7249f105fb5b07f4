//! How long a person waits in a dialogue: `cargo bench --bench repl`. Times of typing are the least of several rounds,
//! since everything else on the machine only adds to them; the program is timed at a real terminal, without a network.

use std::hint::black_box;
use std::time::{Duration, Instant};
use vitally_script::repl::complete::complete;
use vitally_script::repl::hint::hint;
use vitally_script::repl::names::Names;
use vitally_script::repl::records::Records;
use vitally_script::script::dialogue::Seen;
use vitally_script::store::names::RecordName;

fn main() {
    let names = Names::new(Seen::default(), Vec::new()).with(records(10_000));
    for line in
        ["get_acc", "get_account(\"Na", "get_account(\"Name 9999", "create_task(#{ accountId: \"name 5"]
    {
        let time = least(50, || black_box(complete(line, line.len(), &names, &|_| Vec::new())));
        report(&format!("Tab after {line}"), time, Duration::from_millis(5));
    }
    for line in ["update_account(", "let x = update_account(get_account(ext(\"acct-1\")), "] {
        let time = least(50, || black_box(hint(line, &names)));
        report(&format!("hint after {line}"), time, Duration::from_millis(5));
    }
    #[cfg(unix)]
    terminal::measure();
}

fn records(count: usize) -> Records {
    let records = Records::default();
    let record = |n: usize| RecordName {
        object: "account".into(),
        id: format!("{n:08}-0000-4000-8000-000000000000"),
        external_id: Some(format!("acct-{n}")),
        name: format!("Name {n}"),
    };
    records.load((0..count).map(record).collect());
    records
}

/// The least time of so many rounds.
fn least<T>(rounds: usize, mut job: impl FnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let begun = Instant::now();
        black_box(job());
        best = best.min(begun.elapsed());
    }
    best
}

fn report(what: &str, time: Duration, goal: Duration) {
    println!("{what}, us: {} (goal {})", time.as_micros(), goal.as_micros());
}

#[cfg(unix)]
mod terminal {
    use super::report;
    use pty_process::Size;
    use pty_process::blocking::{Command, Pty, open};
    use std::io::{Read as _, Write as _};
    use std::time::{Duration, Instant};

    /// How often the program is started; the least time counts.
    const ROUNDS: usize = 5;

    /// A dialogue that talks to nobody, and everything it has written.
    struct Dialogue {
        pty: Pty,
        child: std::process::Child,
        seen: Vec<u8>,
    }

    pub fn measure() {
        let (mut first, mut page) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let mut dialogue = Dialogue::start();
            dialogue.wait_for("[1]> ");
            first = first.min(begun.elapsed());
            dialogue.type_in("let a = []; for n in 0..100000 { a.push(#{ name: `n${n}`, n: n }); }\r");
            dialogue.wait_for("[2]> ");
            dialogue.type_in("a");
            dialogue.wait_for("[2]> a");
            let begun = Instant::now();
            dialogue.type_in("\r");
            dialogue.wait_for(":more shows the next");
            page = page.min(begun.elapsed());
            // It has told what was wanted.
            let _ = dialogue.child.kill();
            let _ = dialogue.child.wait();
        }
        report("first prompt", first, Duration::from_millis(50));
        report("first page of 100,000 maps", page, Duration::from_millis(100));
    }

    impl Dialogue {
        fn start() -> Dialogue {
            let home = std::env::temp_dir().join(format!("repl-bench-{}", std::process::id()));
            let (pty, pts) = open().expect("a terminal");
            pty.resize(Size::new(40, 80)).expect("it can be sized");
            let command = Command::new(env!("CARGO_BIN_EXE_vitally-script")).args(["repl"]).env_clear();
            let command = command.env("TERM", "dumb-colour").env("VITALLY_SCRIPT_HOME", home);
            let command =
                command.env("VITALLY_API_KEY", "none").env("VITALLY_BASE_URL", "http://127.0.0.1:9");
            let child = command.current_dir(std::env::temp_dir()).spawn(pts).expect("the program starts");
            Dialogue { pty, child, seen: Vec::new() }
        }

        fn type_in(&mut self, keys: &str) {
            self.seen.clear();
            self.pty.write_all(keys.as_bytes()).expect("it still runs");
        }

        fn wait_for(&mut self, text: &str) {
            let mut piece = [0; 4096];
            while !without_colours(&self.seen).contains(text) {
                let length = self.pty.read(&mut piece).expect("it still runs");
                self.seen.extend_from_slice(&piece[..length]);
            }
        }
    }

    /// What was written, without what moves the cursor and changes colours.
    fn without_colours(bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let mut plain = String::new();
        let mut parts = text.split("\u{1b}[");
        plain.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
            plain.push_str(&part[end..]);
        }
        plain
    }
}
