//! Texts from outside, changed at random: nothing panics, and what is accepted keeps its promises.
//!
//! Short with every test run. Long by hand, a target at a time; a find is printed with its seed and its bytes:
//! `FUZZ_SECONDS=600 FUZZ_SEED=7 cargo test --release --test all fuzz::crontab -- --nocapture`.

use crate::support::sending::{create, known, new_account};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::io::Cursor;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::time::{Duration, Instant};
use vitally_script::files::csv::{Csv, Options};
use vitally_script::gate::plan::{Header, PlanReader, PlanWriter, SCHEMA};
use vitally_script::schedule::{Crontab, lint};
use vitally_script::script::{self, Script};
use vitally_script::settings::File;
use vitally_script::tape::{Node, Page};

/// Executions of a target in a test run that is not told otherwise, and of those that take longer.
const SHORT: u64 = 1_500;
const FEW: u64 = 300;

/// Numbers that look random and are the same for the same seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % end.max(1)
    }
}

/// Bytes that often matter.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "\0",
    ",",
    ";",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "#{",
    "null",
    "-1",
    "0",
    "1e999",
    "é",
    "\u{feff}",
    "\u{202e}",
    "*",
    "*/0",
    "60",
    "L",
    "#6",
    "W",
    "MON-",
    "@every ",
    "every ",
    "9999999999999999999",
    "\\u0000",
    "\\ud800",
    "=",
    "[profile.",
    "\"\"\"",
    "|x| ",
    "${",
    "`",
    "//",
    "/*",
    "..",
    "?.",
    "\u{1F600}",
];

/// Another text made of one or two of these.
fn changed(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].bytes())),
            3 => {
                let piece = bytes[at..end].to_vec();
                for _ in 0..=dice.below(4) {
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            5 => bytes.truncate(at),
            _ => bytes.insert(at, u8::try_from(dice.below(256)).unwrap()),
        }
    }
    bytes
}

/// Gives changed texts to a target.
fn fuzz(name: &str, short: u64, seeds: &[&str], target: impl Fn(&[u8])) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("FUZZ_SECONDS");
    let seed = number("FUZZ_SEED").unwrap_or(1);
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    for seed in &seeds {
        target(seed);
    }
    // Small seeds are spread over all bits.
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (started, mut done) = (Instant::now(), 0);
    let goes_on = |done: u64| match seconds {
        Some(seconds) => started.elapsed() < Duration::from_secs(seconds),
        None => done < short,
    };
    while goes_on(done) {
        let bytes = changed(&seeds, &mut dice);
        let fine = panic::catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_ok();
        assert!(fine, "{name}, seed {seed}, execution {done}: {:?}", String::from_utf8_lossy(&bytes));
        done += 1;
    }
    println!("{name}: seed {seed}, {done} executions in {} s", started.elapsed().as_secs());
}

#[test]
fn crontab() {
    let seeds = [
        "0 6 * * MON-FRI",
        "*/5 * * * *",
        "0 0 1,15 * 0-7/2",
        "0 0 9 ? * 1#2 2027",
        "@daily",
        "@every 10m",
        "weekdays at 06:00",
        "every monday at 9am",
        "every 90m",
        "first friday of the month at 10:00",
        "0 0 L * *",
        "30 1 * * * Europe/London",
        "CRON_TZ=UTC 0 6 * * *",
        "15W 6 * * *",
        "every day at 6, 12 and 18",
    ];
    let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
    let zone = TimeZone::get("Europe/London").unwrap();
    fuzz("crontab", SHORT, &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        for read in [Crontab::parse(&text), Crontab::every(&text)] {
            match read {
                Err(mistake) => assert!(!mistake.message.is_empty() && !mistake.help.is_empty(), "{text:?}"),
                Ok(crontab) => {
                    assert!(!crontab.words().is_empty(), "{text:?}");
                    let next: Vec<Timestamp> = crontab.upcoming(now, &zone).take(4).collect();
                    assert!(next.iter().all(|at| *at > now), "{text:?} {next:?}");
                    assert!(next.windows(2).all(|two| two[0] < two[1]), "{text:?} {next:?}");
                    lint::shape(&crontab, &zone, now);
                }
            }
        }
    });
}

#[test]
fn csv() {
    let seeds = [
        "name,email\nAcme,a@b.com\n\"Glo\"\"bex\",\"c,\nd\"\n",
        "a;b;c\r\n1;2;3\r\n",
        "sep=;\na;b\n1;2\n",
        "\u{feff}id\tname\n007\tBond\n",
        "name\n\n\nx\n",
        "a,a\n1,2\n",
        "a|b\n1|2\n",
        "\"open\n",
    ];
    fuzz("csv", FEW, &seeds, |bytes| {
        let Ok(mut csv) = Csv::open("list.csv", bytes.to_vec(), &Options::default()) else { return };
        let columns = csv.columns().len();
        assert!(columns > 0);
        while let Ok(Some(row)) = csv.next_row() {
            assert!(row.cell(columns).is_empty(), "a cell beyond the last column");
            assert!(row.trouble(columns - 1, "x", "y").message.text.contains(", line "));
        }
    });
}

#[test]
fn page() {
    let seeds = [
        r#"{"results":[{"id":"1","name":"Acme","traits":{"a":1,"b":[1,2.5,-3e9,null,true]}},{"id":"2","name":"B"}],"next":"eyJpZCI6MX0=","atEnd":false}"#,
        r#"{"data":[{"id":"1"},{"id":"2","x":"é\n\u0041\ud83d\ude00"}],"next":null}"#,
        r"[]",
        r#"[{"a":{"b":{"c":[[[[1]]]]}}}]"#,
        r#"{"results":[],"next":{"cursor":1}}"#,
        "18446744073709551615",
        "null",
    ];
    fuzz("page", SHORT, &seeds, |bytes| {
        let ours = Page::parse(bytes.to_vec());
        let theirs = serde_json::from_slice::<Value>(bytes);
        match (&ours, &theirs) {
            (Ok(page), Ok(value)) => {
                assert_eq!(page.root().to_value(), *value);
                for key in ["results", "data", "next", "atEnd"] {
                    assert_eq!(page.root().get(key).map(Node::to_value).as_ref(), value.get(key));
                }
            }
            (Err(_), Err(_)) => {}
            _ => panic!("ours {:?}, theirs {:?}", ours.is_ok(), theirs),
        }
    });
}

fn plan_text() -> String {
    let header = Header {
        schema: SCHEMA,
        plan: String::new(),
        profile: "acme".into(),
        origin: "https://acme.rest.vitally.io".into(),
        script: "renewals.rhai".into(),
        script_hash: "1f".into(),
        arguments: json!({ "days": 30.0 }),
        created: "2026-11-25T10:00:00Z".into(),
    };
    let mut plan = PlanWriter::new(Cursor::new(Vec::new()), header).unwrap();
    plan.write(&create(1, "create_account", "new-1", new_account("a-1"))).unwrap();
    let change =
        known(2, "acct-1", json!({ "traits": { "plan": null } }), json!({ "traits": { "plan": "gold" } }));
    plan.write(&change).unwrap();
    String::from_utf8(plan.finish().unwrap().0.into_inner()).unwrap()
}

#[test]
fn plan() {
    let whole = plan_text();
    fuzz("plan", SHORT, &[&whole, "{}\n", r#"{"schema":1}"#], |bytes| {
        let Ok(plan) = PlanReader::open(Cursor::new(bytes)) else { return };
        let count = plan.len();
        let changes = plan.collect::<Result<Vec<_>, _>>().expect("an opened plan can be read");
        assert_eq!(changes.len() as u64, count);
        // What still opens says the same, but for the ends of its lines and the space between its words.
        if count == 2 {
            assert_eq!(
                changes[1].after,
                Some(json!({ "traits": { "plan": "gold" } }).as_object().unwrap().clone())
            );
        }
    });
}

#[test]
fn config() {
    let seeds = [
        "default_profile = \"acme\"\n[profile.acme]\nregion = \"us\"\nsubdomain = \"acme\"\napi_key_file = \"key.txt\"\n\
         env = \"sandbox\"\nrate_reserve = 0.05\nprotect = [\"Strategic\"]\n",
        "[[job]]\nname = \"renewals\"\nscript = \"renewals.rhai\"\nschedule = \"0 6 * * *\"\ntimezone = \"Europe/London\"\n\
         catchup = \"latest\"\ntimeout = \"30m\"\n[job.args]\ndays = 30\n",
        "[http]\nallow = [\"api.example.com\", \"*.example.com:8443\"]\n[notify]\nslack = \"HOOK\"\n",
        "# a comment\n[profile.\"a.b\"]\nbase_url = \"http://127.0.0.1:1\"\nread_only = true\nmax_changes = 5\n",
    ];
    fuzz("config", SHORT, &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Err(error) = File::parse(Path::new("vitally.toml"), &text) {
            assert!(!vitally_script::report::message(&error).text.is_empty(), "{text:?}");
        }
    });
}

#[test]
fn scripts_that_are_checked() {
    let seeds = [
        "for account in accounts() { if account.healthScore < 4 { print(`${account.name}`); } }",
        "fn late(task) { days_until(task.dueDate) < 0 }\nlet all = tasks().where(|t| late(t)).sort_by(\"name\");\nall.len()",
        "on(\"task_completed\", #{ where: |t| t.name != \"\" }, |task, event| { update_task(task, #{ tags: [\"a\"] }); });",
        "const N = 1; let m = #{ a: [1, 2], \"b c\": () }; m.a[0] += N; switch m { 1 | 2 => 3, _ if true => { 4 } }",
        "try { throw 1; } catch (e) { print(e ?? \"x\"); } let x = if true { 1 } else { 2 }; do { x -= 1; } until x <= 0",
        "schedule(\"0 6 * * *\", #{ timezone: \"UTC\" }, || { each(read_csv(\"a.csv\"), |r| r.b * 2 / 3); });",
    ];
    fuzz("check", FEW, &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.lines().count().max(1);
        let script =
            Script { name: "fuzz.rhai".into(), text, path: None, root: "/nowhere".into(), hidden_lines: 0 };
        let (found, _) = script::check(&script);
        for finding in found {
            assert!(!finding.message.is_empty());
            let place = finding.place.as_ref().map_or(1, |place| place.line);
            assert!((1..=lines).contains(&place), "{finding:?}");
        }
    });
}
