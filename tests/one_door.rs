//! No change gets out except through the gate: read in the sources, and counted at the server.

use crate::support::{eval_at, tenant};
use std::fs;
use std::path::{Path, PathBuf};
use vitally_script::catalogue::{self, Effect};

/// Every source file below a folder, with its text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The files that hold a word, as they are named below `src`.
fn files_with(words: &[&str]) -> Vec<String> {
    let root = Path::new("src");
    let mut files: Vec<String> = sources(root)
        .into_iter()
        .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
        .map(|(path, _)| path.strip_prefix(root).unwrap().display().to_string())
        .collect();
    files.sort();
    files
}

#[test]
fn only_the_client_can_speak_http() {
    let outside: Vec<String> = files_with(&["reqwest", "TcpStream", "UdpSocket"])
        .into_iter()
        .filter(|file| !file.starts_with("client/") && !file.starts_with("simulator/"))
        .collect();
    assert_eq!(outside, Vec::<String>::new());
}

/// The one file that sends what scripts send to others than Vitally.
const SCRIPTS_OWN: &str = "web/fetch.rs";

#[test]
fn scripts_own_requests_leave_in_one_file_that_cannot_have_the_key() {
    assert_eq!(files_with(&["ureq"]), [SCRIPTS_OWN]);
    let knows: Vec<String> = sources(Path::new("src/web"))
        .into_iter()
        .filter(|(_, text)| {
            ["ApiKey", "crate::client", "crate::settings", "secrecy"].iter().any(|word| text.contains(word))
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_eq!(knows, Vec::<String>::new());
}

#[test]
fn only_the_gate_holds_the_writing_half() {
    // csv has a `Writer` of its own.
    let outside: Vec<String> = sources(Path::new("src"))
        .into_iter()
        .filter(|(_, text)| {
            let text = text.replace("csv::Writer", "").replace("BufWriter", "");
            text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Writer" || word == "WriteRequest")
        })
        .map(|(path, _)| path.strip_prefix("src").unwrap().display().to_string())
        .filter(|file| !file.starts_with("client/") && !file.starts_with("gate/"))
        .collect();
    assert_eq!(outside, Vec::<String>::new());
    let cloned: Vec<_> = sources(Path::new("src/client"))
        .into_iter()
        .filter(|(_, text)| {
            text.lines()
                .zip(text.lines().skip(1))
                .any(|(above, line)| line.starts_with("pub struct Writer") && above.contains("Clone"))
        })
        .collect();
    assert!(cloned.is_empty(), "the writing half can be copied");
}

#[test]
fn the_gate_lets_changes_out_in_one_place() {
    let sends: usize = sources(Path::new("src/gate"))
        .iter()
        .map(|(_, text)| text.matches("writer.send(").count() + text.matches("writer.start(").count())
        .sum();
    assert_eq!(sends, 1);
}

#[test]
fn read_only_sends_nothing_whatever_a_script_tries() {
    let tenant = tenant();
    let writes: Vec<_> = catalogue::actions().filter(|(_, action)| action.effect != Effect::Read).collect();
    assert!(writes.len() >= 30, "{}", writes.len());
    let tries: Vec<String> = writes
        .iter()
        .map(|(_, action)| {
            format!(
                "try {{ {}; fail(\"{} was let out\"); }} catch (e) {{ assert_eq(e.kind, \"refused\"); count += 1; }}",
                action.example, action.name
            )
        })
        .collect();
    let script = format!("let count = 0;\n{}\ncount", tries.join("\n"));
    let ended = eval_at(&tenant.origin(), &script, &["--read-only"]);
    assert_eq!((ended.out.trim(), ended.code), (writes.len().to_string().as_str(), 0), "{}", ended.err);
    assert_eq!(tenant.writes(), 0);
    assert!(tenant.counts()["GET"] > 0, "the reads of the examples reached the server");
}

#[test]
fn live_sends_each_write_once() {
    let tenant = tenant();
    let ended = eval_at(&tenant.origin(), "update_account(ext(\"acct-1\"), #{ name: \"Acme\" }).name", &[]);
    assert_eq!((ended.out.as_str(), ended.code), ("Acme\n", 0), "{}", ended.err);
    assert_eq!(tenant.writes(), 1);
}
