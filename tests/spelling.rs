//! Words with one letter dropped, or two letters swapped: the message suggests the word that was meant.

use crate::support::program::Folder;
use crate::support::spread;
use std::collections::BTreeSet;
use vitally_script::catalogue::{self, Effect};
use vitally_script::script::library::{self, on, schedule};
use vitally_script::script::{self, Script, fields, names, words};

/// Words that are suggested for each other, and whether they are functions.
struct Family {
    what: String,
    words: Vec<String>,
    functions: bool,
}

fn family<'a>(what: impl Into<String>, words: impl IntoIterator<Item = &'a str>) -> Family {
    Family { what: what.into(), words: words.into_iter().map(str::to_string).collect(), functions: false }
}

/// The words between `#{` and `}` of a signature, such as `delimiter` and `encoding`.
fn keys(signature: &str) -> Vec<&str> {
    let inside = signature.split_once("#{").and_then(|(_, rest)| rest.split_once('}'));
    let words = inside.map_or("", |(keys, _)| keys).split(',').map(str::trim);
    words.filter(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')).collect()
}

fn families() -> Vec<Family> {
    let mut all = vec![family("trigger", catalogue::triggers().map(|(_, trigger)| trigger.name))];
    let functions = names::standard().iter().map(String::as_str);
    all.push(Family { functions: true, ..family("function", functions) });
    for object in catalogue::OBJECTS {
        all.push(family(format!("field of {}", object.name), object.fields.iter().map(|field| field.name)));
    }
    for (object, action) in catalogue::actions() {
        if matches!(action.effect, Effect::Create | Effect::Update) {
            all.push(family(format!("key of {}", action.name), fields::accepted(object, action)));
        } else {
            all.push(family(format!("key of {}", action.name), action.query.iter().copied()));
        }
    }
    for (_, list) in catalogue::lists() {
        all.push(family(format!("filter of {}", list.name), list.keys()));
    }
    for entry in library::entries() {
        all.push(family(format!("option of {}", entry.name), keys(entry.signature)));
    }
    all
}

/// A word with one letter dropped or two neighbours swapped, where that gives another word.
fn misspelt(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut found = BTreeSet::new();
    for at in 0..letters.len() {
        let mut dropped = letters.clone();
        dropped.remove(at);
        found.insert(dropped.iter().collect::<String>());
        if at + 1 < letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            found.insert(swapped.iter().collect());
        }
    }
    found.remove(word);
    found.remove("");
    found
}

#[test]
fn the_word_that_was_meant_is_suggested() {
    let mut cases = Vec::new();
    for family in families() {
        let family = std::sync::Arc::new(family);
        for word in &family.words {
            for typed in misspelt(word) {
                // Another word that exists is no mistake.
                if !family.words.contains(&typed) {
                    cases.push((std::sync::Arc::clone(&family), word.clone(), typed));
                }
            }
        }
    }
    let count = cases.len();
    let missed = spread(cases, |(family, word, typed)| {
        let known = family.words.iter().map(String::as_str);
        let near = if family.functions { names::near(&typed, known) } else { words::nearest(&typed, known) };
        (near != Some(word.as_str()))
            .then(|| format!("{}: {typed} for {word} suggests {}", family.what, near.unwrap_or("nothing")))
    });
    let right = 100.0 * (1.0 - missed.len() as f64 / count as f64);
    println!("{right:.2} % of {count} misspelt words are answered with the right one; the others:");
    for line in &missed {
        println!("  {line}");
    }
    assert!(count > 8_000, "only {count} cases");
    assert!(right >= 95.0, "{right:.2} % of {count}:\n{}", missed.join("\n"));
}

/// What check says about a script.
fn told(text: &str) -> String {
    let script = Script {
        name: "spelling.rhai".into(),
        text: text.into(),
        path: None,
        root: ".".into(),
        hidden_lines: 0,
    };
    let (found, _) = script::check(&script);
    let lines = found
        .iter()
        .map(|finding| format!("{} {}", finding.message, finding.label.clone().unwrap_or_default()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The same suggestions through the engine, where a person would see them: one misspelling of a sample of words.
#[test]
fn the_messages_hold_the_suggestion() {
    let typed = |word: &str| misspelt(word).into_iter().nth(word.len() / 2).unwrap();
    let wanted = |word: &str| format!("did you mean \"{word}\"?");
    let mut cases: Vec<(String, String)> = Vec::new();
    for (_, trigger) in catalogue::triggers().step_by(3) {
        cases.push((format!("on(\"{}\", |it| print(it));", typed(trigger.name)), wanted(trigger.name)));
    }
    for (_, action) in catalogue::actions().step_by(6) {
        cases.push((format!("{}();", typed(action.name)), wanted(action.name)));
    }
    for (_, list) in catalogue::lists().step_by(4) {
        cases.push((format!("print({}());", typed(list.name)), wanted(list.name)));
    }
    for object in catalogue::OBJECTS.iter().step_by(4) {
        let Some(list) = object.lists.iter().find(|list| list.parent.is_none()) else { continue };
        for field in object.fields.iter().filter(|field| field.name.len() > 5).step_by(5) {
            let text = format!("for it in {}() {{ print(it.{}); }}", list.name, typed(field.name));
            cases.push((text, wanted(field.name)));
        }
    }
    for option in on::OPTIONS {
        let text = format!("on(\"task_completed\", #{{ {}: 1 }}, |it| print(it));", typed(option));
        cases.push((text, wanted(option)));
    }
    for option in schedule::OPTIONS {
        let text = format!("schedule(\"daily at 06:00\", #{{ {}: 1 }}, || print(1));", typed(option));
        cases.push((text, wanted(option)));
    }
    let (task, create) = catalogue::actions().find(|(_, action)| action.name == "create_task").unwrap();
    for field in fields::accepted(task, create).into_iter().filter(|field| field.len() > 4) {
        let text = format!("create_task(#{{ {}: 1, name: \"a\", accountId: \"b\" }});", typed(field));
        cases.push((text, wanted(field)));
    }
    let count = cases.len();
    let missed = spread(cases, |(text, wanted)| {
        let told = told(&text);
        (!told.contains(&wanted)).then(|| format!("{text}\n    {told}"))
    });
    let most = count / 20;
    assert!(count >= 60, "only {count} cases");
    assert!(missed.len() <= most, "{} of {count}:\n{}", missed.len(), missed.join("\n"));
}

/// Options that only a running script looks at say it in the same way.
#[test]
fn a_running_script_says_it_too() {
    let folder = Folder::new();
    let cases = [
        ("each([], #{ on_eror: \"stop\" }, |row| 1);", "on_error"),
        ("read_csv(\"none.csv\", #{ delimter: \";\" });", "delimiter"),
        ("write_csv(\"none.csv\", [], #{ colums: [] });", "columns"),
        ("http_get(\"https://x.example\", #{ headrs: #{} });", "headers"),
        ("let keys = #{ stauts: \"churned\" }; print(accounts(keys).len());", "status"),
        ("let keys = #{ nmae: \"a\" }; update_account(\"acct-1\", keys);", "name"),
        ("let name = \"task_complted\"; on(name, |task| 1);", "task_completed"),
    ];
    for (text, word) in cases {
        let ended = folder.run(&["eval", "--demo", text]);
        let wanted = format!("did you mean \"{word}\"?");
        assert!(ended.code != 0 && ended.stderr.contains(&wanted), "{text}\n{}", ended.stderr);
    }
}
