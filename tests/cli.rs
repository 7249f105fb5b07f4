//! The command line as a table: every command explained, with examples, in the grouped help.

use crate::support::program::Folder;
use clap::Command;
use std::time::Duration;
use vitally_script::cli::help::{GROUPS, TOPICS, topic};
use vitally_script::cli::{command, duration};

fn walk(command: &Command, path: &str, see: &mut dyn FnMut(&Command, &str)) {
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim().to_string();
        see(below, &path);
        walk(below, &path, see);
    }
}

#[test]
fn the_parser_agrees_with_itself() {
    command().debug_assert();
}

#[test]
fn every_command_says_what_it_does_and_shows_it() {
    let mut seen = 0;
    walk(&command(), "", &mut |command, path| {
        seen += 1;
        assert!(command.get_about().is_some(), "{path} says nothing about itself");
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(examples.contains(&format!("vitally-script {path}")), "{path} shows no example: {examples}");
    });
    assert!(seen > 10);
}

#[test]
fn every_argument_is_explained() {
    walk(&command(), "", &mut |command, path| {
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{path}: {} is not explained", argument.get_id());
        }
    });
}

#[test]
fn the_grouped_help_names_every_command_once() {
    let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let command = command();
    let mut names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    grouped.sort_unstable();
    names.sort_unstable();
    assert_eq!(grouped, names);
}

#[test]
fn every_example_can_be_typed() {
    walk(&command(), "", &mut |below, path| {
        let examples = below.get_after_help().map(ToString::to_string).unwrap_or_default();
        for line in examples.lines().filter_map(|line| line.trim().strip_prefix("vitally-script")) {
            let typed = line.split([' ', '|']).filter(|word| !word.is_empty());
            let words = words(line);
            assert!(typed.count() > 0, "{path}");
            let parsed = command().try_get_matches_from([vec!["vitally-script".to_string()], words].concat());
            assert!(parsed.is_ok(), "{path}: {line}: {}", parsed.err().unwrap());
        }
    });
}

/// The words of a line as a shell would split it, up to a redirection.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_string());
        } else {
            words.extend(part.split_whitespace().map(ToString::to_string));
        }
    }
    let end = words.iter().position(|word| word == ">" || word == "<").unwrap_or(words.len());
    words.truncate(end);
    words
}

#[test]
fn every_topic_has_a_text() {
    for name in TOPICS {
        assert!(topic(name).is_some_and(|text| text.len() > 80), "{name}");
    }
    assert_eq!(topic("nothing"), None);
}

#[test]
fn lengths_of_time() {
    let good = [("90s", 90), ("15m", 900), ("2h", 7200), ("3d", 259_200), ("2w", 1_209_600), ("1 h", 3600)];
    for (text, seconds) in good {
        assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
    }
    for text in ["", "90", "s", "1.5h", "-1s", "3y", "99999999999999999999w", "9999999999999999999w", "1é"] {
        assert_eq!(
            duration(text),
            Err(format!("\"{text}\" is not a length of time; write 90s, 15m, 2h, 3d or 2w"))
        );
    }
    assert_eq!(duration("0s"), Err("it must be longer than nothing".into()));
}

#[test]
fn the_scripts_in_the_topics_run() {
    // The tutorial has a test of its own.
    for name in ["safety", "csv", "reports", "dates", "errors"] {
        let text = topic(name).expect("the topic exists");
        let scripts: Vec<&str> = text.split("\n\n").filter(|part| part.starts_with("    ")).collect();
        assert!(!scripts.is_empty(), "{name}");
        let folder = Folder::new();
        folder.write("topic.rhai", scripts.join("\n"));
        let ended = folder.run(&["run", "topic.rhai", "--demo", "-q"]);
        assert_eq!(ended.code, 0, "{name}: {}{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn the_hooks_in_their_topic_work() {
    let text = topic("hooks").expect("the topic exists");
    let scripts: Vec<&str> = text.split("\n\n").filter(|part| part.starts_with("    ")).collect();
    let folder = Folder::new();
    folder.write("topic.rhai", scripts.join("\n"));
    let ended = folder.run(&["trigger", "task_completed", "topic.rhai", "--demo", "--sample", "-q"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.starts_with("done: "), "{}", ended.stdout);
}

#[test]
fn a_topic_may_be_written_in_several_words() {
    let folder = Folder::new();
    let several = folder.run(&["help", "exit", "codes"]);
    assert_eq!(several, folder.run(&["help", "exit-codes"]));
    let below = folder.run(&["help", "events", "list"]);
    assert!(below.stdout.contains("Usage: vitally-script events list"), "{}", below.stdout);
}

#[test]
fn a_name_with_a_space_can_be_typed_as_it_is_shown() {
    let ended = Folder::new().run(&["new", "my script"]);
    assert!(ended.stderr.contains("vitally-script run \"my script.rhai\" --demo"), "{}", ended.stderr);
}

#[test]
fn what_is_missing_or_too_much_is_said_in_plain_words() {
    let folder = Folder::new();
    folder.write("hello.rhai", "print(1);");
    for (words, said) in [
        (&["run"][..], "vitally-script run needs <SCRIPT>"),
        (&["trigger"], "vitally-script trigger needs <EVENT> and <SCRIPT>"),
        (&["check"], "vitally-script check needs <PATHS>"),
        (&["new"], "vitally-script new needs <NAME>"),
        (&["run", "hello.rhai", "--dryrun"], "there is no option --dryrun; did you mean --dry-run?"),
        (&["run", "hello.rhai", "5"], "nothing is expected here like 5"),
        (&["examples", "hello"], "examples has no command \"hello\""),
        (&["events", "lst"], "events has no command \"lst\"; did you mean \"list\"?"),
        (&["run", "hello"], "did you mean hello.rhai?"),
    ] {
        let ended = folder.run(words);
        assert_eq!(ended.code, 2, "{words:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{words:?}: {}", ended.stderr);
    }
}

#[test]
fn the_topics_fit_a_terminal_and_their_commands_are_commands() {
    for name in TOPICS {
        let text = topic(name).expect("the topic exists");
        for line in text.split("\n\n").filter(|part| !part.starts_with("    ")).flat_map(str::lines) {
            assert!(line.chars().count() <= 80, "{name}: {line}");
            let Some(typed) = line.strip_prefix("  vitally-script") else { continue };
            let typed = [vec!["vitally-script".to_string()], words(typed)].concat();
            assert!(command().try_get_matches_from(typed).is_ok(), "{name}: {line}");
        }
    }
}

#[test]
fn no_command_has_a_word_that_means_another_thing_everywhere() {
    let whole = command();
    let everywhere: Vec<String> =
        whole.get_arguments().filter(|one| one.is_global_set()).map(|one| one.get_id().to_string()).collect();
    assert!(everywhere.len() > 5, "{everywhere:?}");
    walk(&whole, "", &mut |below, path| {
        let twice = below.get_arguments().find(|one| everywhere.contains(&one.get_id().to_string()));
        assert!(path.is_empty() || twice.is_none(), "{path}: {}", twice.unwrap().get_id());
    });
}
