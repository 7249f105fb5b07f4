//! How long the values scripts hold and the times of a crontab take, against `CPython` in the same run, which needs
//! croniter: `cargo bench --bench values`.
//!
//! The page has 100 accounts of 2.85 KB with 40 traits each, as Vitally sends them. Times are the least of several
//! rounds, since everything else on the machine only adds to them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rhai::{Array, Dynamic, Engine, Scope};
use serde_json::{Value, json};
use std::hint::black_box;
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vitally_script::catalogue;
use vitally_script::schedule::Crontab;
use vitally_script::script::record::Record;
use vitally_script::script::{operators, record_type, verbs};
use vitally_script::tape::Page;

/// How many times of a crontab are found, of which, and where.
const TIMES: usize = 10_000;
const EXPRESSION: &str = "*/5 6-20 * * MON-FRI";
const ZONE: &str = "Europe/Berlin";

fn main() {
    let page = page(0);
    println!("page of 100 accounts: {} KB", page.len() / 1024);
    let file = std::env::temp_dir().join(format!("values-bench-{}.json", std::process::id()));
    std::fs::write(&file, &page).expect("the temporary folder can be written");
    let python = python(&file.display().to_string());
    std::fs::remove_file(&file).expect("the file was just written");
    let theirs = |name: &str| python[name].as_f64().unwrap_or(f64::NAN);

    let parse = least(60, || page.clone(), |text| Page::parse(text).expect("it is JSON"));
    report("parse a page, us", micros(parse), theirs("parse"), 0.5);
    report("hold 100,000 accounts, MB", held(), theirs("held"), 0.75);

    let theirs_next = croniter();
    let ours_next =
        least(20, crontab, |(crontab, zone, from)| crontab.upcoming(from, &zone).take(TIMES).last());
    report("10,000 next times of a crontab, us", micros(ours_next), theirs_next, 0.02);

    let verbs = [
        ("where(\"healthScore\", \"<\", 5)", "comprehension", 1.0),
        ("where(|a| a.healthScore < 5)", "lambda", f64::NAN),
        ("sort_by(\"mrr\")", "sorted", 0.5),
        ("sort_by(|a| a.mrr)", "sorted", f64::NAN),
        ("sort_by(\"name\")", "sorted_text", 0.5),
        ("map(|a| a.mrr)", "map", f64::NAN),
        ("sum(\"mrr\")", "sum", f64::NAN),
        ("group_by(\"csmId\")", "group", f64::NAN),
    ];
    for (verb, theirs_name, goal) in verbs {
        let script = format!("accounts.{verb}");
        let time = script_time(&overridden(), &script);
        report(&format!("20,000 accounts.{verb}, us"), time, theirs(theirs_name), goal);
    }
    let looped =
        "let n = 0; for a in accounts { if a.healthScore < 5 && a.traits.plan == \"gold\" { n += 1; } }";
    report("20,000 in a for loop, us", script_time(&overridden(), looped), theirs("loop"), f64::NAN);

    let bare = micros(least(30, || (), |()| Engine::new()));
    let full = micros(least(30, || (), |()| overridden()));
    println!("an engine: {bare:.0} us as Rhai makes it, {full:.0} us with records, verbs and comparisons");

    let spin = "let i = 0; let s = 0; while i < 200000 { if i > 1000 && i != 7 { s += i; } i += 1; }";
    let time = |engine: &Engine| script_time(engine, spin);
    let mut slow = Engine::new();
    slow.set_fast_operators(false);
    println!(
        "200,000 turns of a loop: {:.0} us with Rhai's fast operators, {:.0} without, {:.0} with ours",
        time(&Engine::new()),
        time(&slow),
        time(&overridden())
    );
}

/// The crontab that both look through, its zone, and the moment they begin at.
fn crontab() -> (Crontab, TimeZone, Timestamp) {
    let zone = TimeZone::get(ZONE).expect("the zone is known");
    let from = "2026-11-25T08:00:00Z".parse().expect("it is a moment");
    (Crontab::parse(EXPRESSION).expect("it is a crontab"), zone, from)
}

/// The microseconds that croniter's loop takes, the least of three runs.
fn croniter() -> f64 {
    let peer = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/next_times.py");
    let once = || {
        let output = Command::new("python3").args([peer, EXPRESSION, ZONE, &TIMES.to_string()]).output();
        let said = String::from_utf8(output.expect("python3 is there").stdout).expect("it is text");
        let seconds = said.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
        seconds.map_or(f64::NAN, |seconds| seconds * 1e6)
    };
    (0..3).map(|_| once()).fold(f64::NAN, f64::min)
}

fn report(what: &str, ours: f64, theirs: f64, goal: f64) {
    let goal = if goal.is_nan() { String::new() } else { format!(" (goal {goal})") };
    println!("{what}: {ours:.0} against {theirs:.0} = {:.2}{goal}", ours / theirs);
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The least time of several rounds.
fn least<I, O>(rounds: usize, mut make: impl FnMut() -> I, mut run: impl FnMut(I) -> O) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..rounds {
        let input = make();
        let start = Instant::now();
        let output = black_box(run(input));
        least = least.min(start.elapsed());
        drop(output);
    }
    least
}

fn overridden() -> Rc<Engine> {
    Rc::new_cyclic(|handle| {
        let mut engine = Engine::new();
        engine.set_fast_operators(false);
        record_type::register(&mut engine);
        verbs::register(&mut engine, handle);
        operators::register(&mut engine);
        engine
    })
}

fn script_time(engine: &Engine, script: &str) -> f64 {
    let accounts: Array = (0..200)
        .flat_map(|number| {
            let page = Page::parse(page(number)).expect("it is JSON");
            let nodes =
                page.root().get("results").and_then(vitally_script::tape::Node::range).expect("it is a list");
            let object = catalogue::object("account");
            nodes.map(move |node| Dynamic::from(Record::new(Arc::clone(&page), node, object)))
        })
        .collect();
    let ast = engine.compile(script).expect("it compiles");
    let mut scope = Scope::new();
    scope.push("accounts", accounts);
    let time =
        least(15, || (), |()| engine.eval_ast_with_scope::<Dynamic>(&mut scope, &ast).expect("it runs"));
    micros(time)
}

/// How many MB 1,000 parsed pages take.
fn held() -> f64 {
    let before = resident();
    let pages: Vec<Arc<Page>> =
        (0..1000).map(|number| Page::parse(page(number)).expect("it is JSON")).collect();
    let after = resident();
    drop(black_box(pages));
    after - before
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|size| size.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn page(number: u32) -> Vec<u8> {
    let accounts: Vec<Value> = (0..100).map(|place| account(number * 100 + place)).collect();
    json!({ "results": accounts, "next": "abc", "atEnd": false }).to_string().into_bytes()
}

/// An account; its numbers are scrambled from its place, so that sorting has something to do.
fn account(place: u32) -> Value {
    let mixed = mixed(place);
    let uuid = |salt: u32| format!("{:08x}-1111-4222-8333-{:012x}", mixed ^ salt, place);
    let day =
        |salt: u32| format!("2026-{:02}-{:02}T10:11:12.345Z", 1 + (mixed ^ salt) % 12, 1 + (mixed >> 5) % 28);
    let mut traits =
        json!({ "plan": if mixed.is_multiple_of(3) { "gold" } else { "free" }, "seats": mixed % 500 });
    for number in 0..38 {
        traits[format!("vitally.custom.trait{number:02}")] = match number % 4 {
            0 => json!(f64::from(mixed % 10_000) / 100.0),
            1 => json!(format!("value {} of the trait, some text", mixed % 97)),
            2 => json!(mixed.is_multiple_of(2)),
            _ => Value::Null,
        };
    }
    json!({
        "id": uuid(1), "externalId": format!("acct-{place}"), "name": format!("Customer {mixed:010} Ltd"),
        "healthScore": f64::from(mixed % 101) / 10.0, "mrr": mixed % 100_000, "nextRenewalDate": day(2),
        "churnedAt": null, "trialEndDate": day(3), "csmId": format!("csm-{}", mixed % 20), "accountExecutiveId": uuid(4),
        "organizationId": uuid(5), "accountOwnerId": null, "usersCount": mixed % 1000, "npsScore": mixed % 100,
        "npsDetractorCount": 1, "npsPassiveCount": 2, "npsPromoterCount": 3, "firstSeenTimestamp": day(6),
        "lastSeenTimestamp": day(7), "lastInboundMessageTimestamp": day(8), "lastOutboundMessageTimestamp": null,
        "keyRoles": [{ "id": uuid(9), "label": "CSM", "vitallyUser": { "id": uuid(10), "name": "Ada L." } }],
        "segments": [{ "id": uuid(11), "name": "Enterprise" }, { "id": uuid(12), "name": "EMEA" }],
        "traits": traits, "createdAt": day(13), "updatedAt": day(14),
    })
}

/// A number without visible relation to the place.
fn mixed(place: u32) -> u32 {
    let mut number = place;
    for factor in [0x85eb_ca6b_u32, 0xc2b2_ae35] {
        number = (number ^ (number >> 16)).wrapping_mul(factor);
    }
    number ^ (number >> 16)
}

/// The same in Python, as one JSON object of times in microseconds.
fn python(file: &str) -> Value {
    let script = r#"
import json, sys, time, gc
text = open(sys.argv[1], "rb").read()
def least(n, f):
    best = 1e9
    for _ in range(n):
        t = time.perf_counter(); r = f(); best = min(best, time.perf_counter() - t); del r
    return best * 1e6
def rss():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmRSS")) / 1024
out = {"parse": least(60, lambda: json.loads(text))}
before = rss(); pages = [json.loads(text) for _ in range(1000)]; out["held"] = rss() - before; del pages; gc.collect()
a = [x for _ in range(200) for x in json.loads(text)["results"]]
for i, x in enumerate(a):
    m = i
    for f in (0x85ebca6b, 0xc2b2ae35): m = ((m ^ (m >> 16)) * f) & 0xffffffff
    m ^= m >> 16
    x["healthScore"] = (m % 101) / 10; x["mrr"] = m % 100000; x["name"] = "Customer %010d Ltd" % m
    x["csmId"] = "csm-%d" % (m % 20)
def group():
    g = {}
    for x in a: g.setdefault(x["csmId"], []).append(x)
    return g
def loop():
    n = 0
    for x in a:
        if x["healthScore"] < 5 and x["traits"]["plan"] == "gold": n += 1
    return n
out["comprehension"] = least(15, lambda: [x for x in a if x["healthScore"] < 5])
out["lambda"] = least(15, lambda: list(filter(lambda x: x["healthScore"] < 5, a)))
out["sorted"] = least(15, lambda: sorted(a, key=lambda x: x["mrr"]))
out["sorted_text"] = least(15, lambda: sorted(a, key=lambda x: x["name"]))
out["map"] = least(15, lambda: list(map(lambda x: x["mrr"], a)))
out["sum"] = least(15, lambda: sum(x["mrr"] for x in a))
out["group"] = least(15, group)
out["loop"] = least(15, loop)
print(json.dumps(out))
"#;
    let output = Command::new("python3").args(["-c", script, file]).output();
    output.ok().and_then(|output| serde_json::from_slice(&output.stdout).ok()).unwrap_or(Value::Null)
}
