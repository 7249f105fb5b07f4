//! `run_script` and `advance`: the script under test is run, its hooks hear what happens, and time passes.

use super::bench::{Bench, Standing};
use super::due;
use super::stage::Visit;
use crate::error::Error;
use crate::script::Script;
use crate::script::execute::Program;
use crate::script::hooks::{Call, End, Feed, Wanted};
use crate::script::library::moment::Moment;
use crate::script::library::{date, span};
use crate::script::raise::{Raised, mistake};
use crate::script::value;
use crate::script::words::described;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rhai::{Dynamic, Engine, ImmutableString, Map};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Between a look and the next change the tenant's clock goes on by so much: Vitally tells whole seconds.
const MOMENT: SignedDuration = SignedDuration::from_secs(2);
/// At noon nothing that takes a moment turns into another day.
const NOON: i8 = 12;
/// The most times that one `advance` runs a script: more is a mistake in the test.
const MOST: usize = 2000;

/// Registers the functions.
pub fn register(engine: &mut Engine, bench: &Rc<Bench>) {
    let own = Rc::clone(bench);
    engine.register_fn("run_script", move || run(&own, None, &Map::new()));
    let own = Rc::clone(bench);
    engine.register_fn("run_script", move |path: &str| run(&own, Some(path), &Map::new()));
    let own = Rc::clone(bench);
    engine.register_fn("run_script", move |arguments: Map| run(&own, None, &arguments));
    let own = Rc::clone(bench);
    engine.register_fn("run_script", move |path: &str, arguments: Map| run(&own, Some(path), &arguments));
    let own = Rc::clone(bench);
    engine.register_fn("printed", move || -> String {
        own.standing.borrow().iter().map(|one| one.visit.said().0).collect()
    });
    let own = Rc::clone(bench);
    engine.register_fn("today_is", move |when: Dynamic| -> Result<(), Raised> {
        own.stage.set_now(moment(&when, own.host.timezone.get())?);
        Ok(())
    });
    let own = Rc::clone(bench);
    engine.register_fn("advance", move |length: &str| advance(&own, length));
    engine.register_fn("advance", |other: Dynamic| -> Result<(), Raised> {
        Err(mistake(
            format!("advance needs a length of time, and got {}", described(&other)),
            "such as advance(\"3d\"), advance(\"2 hours\") or advance(\"1 working day\")",
        ))
    });
}

/// Runs a script to its end; one with hooks then listens.
fn run(bench: &Bench, path: Option<&str>, arguments: &Map) -> Result<Map, Raised> {
    let told = |message: crate::error::Message| mistake(message.text, message.help.unwrap_or_default());
    let script = bench.stage.script(path).map_err(told)?;
    let arguments = arguments
        .iter()
        .map(|(name, value)| {
            let plain = value::to_json(value)?;
            let text = plain.as_str().map_or_else(|| plain.to_string(), ToString::to_string);
            Ok((name.to_string(), text))
        })
        .collect::<Result<BTreeMap<_, _>, Raised>>()?;
    bench.begin(&script, arguments).map_err(|error| bench.pass_on(error))
}

impl Bench {
    /// Runs a script, and answers what became of it.
    pub fn begin(&self, script: &Script, arguments: BTreeMap<String, String>) -> Result<Map, Error> {
        let visit = self.stage.visit(script, arguments.clone())?;
        let program = Program::new(script, &visit.host(), None)?;
        let value = program.run();
        let value = value.inspect_err(|_| drop(visit.said()))?;
        let exit = program.exit();
        let mut result = said(&*visit);
        result.insert("value".into(), value);
        result.insert("exit".into(), exit.map_or(Dynamic::UNIT, |code| i64::from(code).into()));
        let listens = program.listens();
        self.standing.borrow_mut().retain(|other| other.script.name != script.name);
        let standing = Rc::new(Standing { script: script.clone(), arguments, program, visit });
        self.standing.borrow_mut().push(Rc::clone(&standing));
        if listens {
            look(&standing)?;
            self.stage.set_now(self.stage.now() + MOMENT);
        }
        Ok(result)
    }

    /// Lets the hooks of all scripts hear what has happened. The script that the tests are named after is run first,
    /// if none was.
    pub(super) fn hear(&self) -> Result<(), Raised> {
        if self.standing.borrow().is_empty() {
            run(self, None, &Map::new())?;
        }
        self.look_all().map_err(|error| self.pass_on(error))
    }

    /// Makes sure that a script listens before something happens.
    pub(super) fn listen_first(&self) -> Result<(), Raised> {
        let nobody = self.standing.borrow().is_empty();
        if nobody { run(self, None, &Map::new()).map(drop) } else { Ok(()) }
    }

    fn look_all(&self) -> Result<(), Error> {
        let standing = self.standing.borrow().clone();
        standing.iter().filter(|one| one.program.listens()).try_for_each(|one| look(one))?;
        self.stage.set_now(self.stage.now() + MOMENT);
        Ok(())
    }
}

/// Lets the hooks of a script hear what has happened since it was looked last.
fn look(standing: &Standing) -> Result<(), Error> {
    let mut feed = Strict(standing.visit.feed()?);
    standing.program.serve(&mut feed)
}

fn said(visit: &dyn Visit) -> Map {
    let (printed, logged) = visit.said();
    Map::from([("printed".into(), printed.into()), ("logged".into(), logged.into())])
}

/// Time passes. Hooks hear what had happened; scripts with a schedule run at every time of it.
fn advance(bench: &Bench, length: &str) -> Result<(), Raised> {
    let zone = bench.host.timezone.get();
    let until = span::moved_on(bench.stage.now(), length, zone)?;
    if until < bench.stage.now() {
        return Err(mistake("time goes on, and not back", "use today_is(\"2026-11-20\") for another day"));
    }
    bench.hear()?;
    let failed = |error| bench.pass_on(error);
    let mut runs = 0;
    loop {
        let standing = bench.standing.borrow().clone();
        let all = standing.iter().filter_map(|one| Some((due::next(bench, one)?, Rc::clone(one))));
        let first = all.filter(|(due, _)| due.at <= until).min_by_key(|(due, _)| due.at);
        let Some((due, one)) = first else { break };
        runs += 1;
        if runs > MOST {
            return Err(mistake(
                format!("{} would run more than {MOST} times in {length}", one.script.name),
                "advance by less",
            ));
        }
        bench.stage.set_now(due.at);
        due::carry_out(bench, &one, due).map_err(failed)?;
        bench.look_all().map_err(failed)?;
        // A tick is at a whole second, and looking takes a moment: the next one lies behind it in any case.
    }
    bench.stage.set_now(until.max(bench.stage.now()));
    bench.look_all().map_err(failed)
}

/// A day at noon, or a time.
fn moment(when: &Dynamic, zone: &TimeZone) -> Result<Timestamp, Raised> {
    if let Some(moment) = when.read_lock::<Moment>() {
        return Ok(moment.timestamp());
    }
    let text = when.clone().try_cast::<ImmutableString>().unwrap_or_default();
    if text.contains(':') {
        if let Ok(moment) = text.trim().parse::<Timestamp>() {
            return Ok(moment);
        }
        if let Ok(moment) = text.trim().parse::<DateTime>()
            && let Ok(moment) = zone.to_timestamp(moment)
        {
            return Ok(moment);
        }
    }
    let day = date::of(when, zone, "today_is")?;
    let noon = day.and_then(|day| zone.to_timestamp(day.0.at(NOON, 0, 0, 0)).ok());
    noon.ok_or_else(|| {
        mistake(
            format!("today_is needs a day, and got {}", described(when)),
            "such as today_is(\"2026-11-20\") or today_is(\"2026-11-20 06:00\")",
        )
    })
}

/// A feed that ends with the first event which goes wrong: a test has to see it.
pub struct Strict(pub Box<dyn Feed>);

impl Feed for Strict {
    fn listen(&mut self, script: &str, wanted: &Wanted) -> Result<(), Error> {
        self.0.listen(script, wanted)
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        self.0.next()
    }

    fn ended(&mut self, call: &Call, end: End) -> Result<(), Error> {
        match end {
            End::Failed { error, .. } => {
                self.0.ended(call, End::NotWanted)?;
                Err(*error)
            }
            end => self.0.ended(call, end),
        }
    }
}
