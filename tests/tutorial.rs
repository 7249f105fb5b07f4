//! The tutorial is true: what `help tutorial` says is done as it stands there, by somebody who knows nothing else, and
//! `docs/tutorial.md` shows what came of it. Both are one text.

use crate::support::binary;
use crate::support::program::Folder;
use std::env::var_os;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

const TOPIC: &str = include_str!("../src/cli/topics/tutorial.txt");
const PAGE: &str = "docs/tutorial.md";

/// Something that stands in the tutorial.
enum Step<'a> {
    /// Words for a person.
    Prose(Vec<&'a str>),
    /// Lines that are typed in a shell.
    Shell(Vec<&'a str>),
    /// Lines of a script, or of a dialogue.
    Code(Vec<&'a str>),
}

/// The tutorial in pieces, up to the step that needs a Vitally of one's own.
fn steps() -> (Vec<Step<'static>>, &'static str) {
    let (first, rest) = TOPIC.split_at(TOPIC.find("\n8  ").unwrap() + 1);
    let mut steps: Vec<Step> = Vec::new();
    let indent = |line: &str| line.len() - line.trim_start().len();
    for line in first.lines() {
        let blank = line.trim().is_empty();
        match (steps.last_mut(), indent(line)) {
            (Some(Step::Code(lines)), _) if blank => lines.push(""),
            (Some(Step::Code(lines)), 4..) => lines.push(&line[4..]),
            (_, 4..) => steps.push(Step::Code(vec![&line[4..]])),
            (Some(Step::Shell(lines)), 2) => lines.push(&line[2..]),
            (_, 2) => steps.push(Step::Shell(vec![&line[2..]])),
            _ if blank => steps.push(Step::Prose(Vec::new())),
            (Some(Step::Prose(lines)), _) => lines.push(line.trim()),
            _ => steps.push(Step::Prose(vec![line.trim()])),
        }
    }
    (steps, rest)
}

/// The person who does what the tutorial says.
struct Beginner {
    folder: Folder,
    /// Where they are, below their folder.
    here: String,
}

impl Beginner {
    /// Types a line in a shell; a dialogue gets what is typed into it. What both streams print, in their order.
    fn types(&mut self, line: &str, dialogue: &str) -> String {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.here = folder.into();
            return String::new();
        }
        let path = Path::new(env!("CARGO_BIN_EXE_vitally-script")).parent().unwrap().to_path_buf();
        let path = std::env::join_paths([path, "/usr/bin".into(), "/bin".into()]).unwrap();
        let mut shell = std::process::Command::new("/bin/sh");
        let model = binary();
        shell.env_clear().envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("PATH", path).current_dir(self.folder.path().join(&self.here));
        shell.args(["-c", &format!("exec 2>&1\n{line}")]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = shell.spawn().unwrap();
        running.stdin.take().unwrap().write_all(dialogue.as_bytes()).unwrap();
        let ended = running.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stdout).unwrap();
        assert!(ended.status.success(), "{line}\n{said}");
        // How long tests took is another number every time.
        regex::Regex::new(r"\(\d+\.\d s\)").unwrap().replace_all(&said, "(0.1 s)").into_owned()
    }
}

/// The words of a step below its first sentence.
fn heading(number: &str, words: &str) -> String {
    match words.split_once(". ") {
        Some((title, rest)) => format!("\n## {number}. {title}\n\n{rest}\n"),
        None => format!("\n## {number}. {}\n", words.trim_end_matches([':', '.'])),
    }
}

#[test]
#[cfg(unix)]
fn a_beginner_gets_from_nothing_to_a_passing_test() {
    let (steps, rest) = steps();
    let mut person = Beginner { folder: Folder::new(), here: ".".into() };
    let mut page = String::from(
        "# The first ten minutes\n\nMade from `vitally-script help tutorial` by doing what it says; do not edit.\n",
    );
    let mut steps = steps.into_iter().peekable();
    let (mut words, mut ran, mut written) = (String::new(), 0, 0);
    while let Some(step) = steps.next() {
        match step {
            Step::Prose(lines) if lines.is_empty() => {}
            Step::Prose(lines) => {
                words = lines.join(" ");
                match words.split_once("  ") {
                    Some((number, text)) => page.extend([heading(number, text)]),
                    None => page.extend([format!("\n{words}\n")]),
                }
            }
            Step::Shell(lines) => {
                page.push_str("\n```console\n");
                for line in lines {
                    let in_dialogue = line.contains(" repl ");
                    while in_dialogue && matches!(steps.peek(), Some(Step::Prose(lines)) if lines.is_empty())
                    {
                        steps.next();
                    }
                    let dialogue = match steps.peek() {
                        Some(Step::Code(lines)) if in_dialogue => lines.join("\n"),
                        _ => String::new(),
                    };
                    let said = person.types(line, &dialogue);
                    page.extend([format!("$ {line}\n{said}")]);
                    ran += 1;
                    if in_dialogue {
                        // What was typed stands before what came of it.
                        page.truncate(page.len() - said.len());
                        page.extend([format!("{}\n\n{said}", dialogue.trim_end())]);
                        steps.next();
                    }
                }
                page.push_str("```\n");
            }
            Step::Code(lines) => {
                let text = lines.join("\n").trim_end().to_string();
                let name =
                    words.split("Put this into ").nth(1).expect("the words before say where").trim_start();
                let new = name.strip_prefix("the new file ");
                let (there, name) = (new.is_none(), new.unwrap_or(name).split([' ', ':']).next().unwrap());
                let path = person.folder.path().join(&person.here).join(name);
                assert_eq!(path.exists(), there, "{name}");
                fs::write(path, format!("{text}\n")).unwrap();
                page.extend([format!("\n```rhai\n{text}\n```\n")]);
                written += 1;
            }
        }
    }
    assert!(ran >= 10 && written == 2, "{ran} commands, {written} files");
    let last = person.types("vitally-script test", "");
    assert!(last.contains("tests/check_in_test.rhai  2 passed"), "{last}");
    let (number, rest) = rest.split_once("  ").unwrap();
    let (text, commands) = rest.split_once("\n\n").unwrap();
    let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let commands = commands.lines().map(|line| format!("$ {}", line.trim())).collect::<Vec<_>>().join("\n");
    page.extend([heading(number, &text), format!("\n```console\n{commands}\n```\n")]);
    if var_os("UPDATE_GOLDEN").is_some() {
        fs::write(PAGE, &page).unwrap();
    } else {
        assert_eq!(fs::read_to_string(PAGE).unwrap(), page, "UPDATE_GOLDEN=1 cargo test tutorial");
    }
}
