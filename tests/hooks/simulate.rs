//! One life of a poller and its dispatcher, made of a seed, and an independent judgement of it.

use super::faulty::{Bug, Faulty, Misread};
use super::world::{Deed, Tenant, World};
use jiff::{SignedDuration, Timestamp};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use vitally_script::catalogue;
use vitally_script::hooks::dispatch::{Dispatcher, Handled};
use vitally_script::hooks::source::Trouble;
use vitally_script::hooks::{Poller, Rules};
use vitally_script::store::hooks::{Delivery, HookStore, NewHook};

/// What was seen in one life.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Happenings that were to be handled and were not.
    pub lost: u64,
    /// Happenings that were handled as two.
    pub twice: u64,
    /// Handled happenings that there never were.
    pub phantom: u64,
    /// Handled happenings.
    pub events: u64,
    /// Times that the process ended at a random step.
    pub crashes: u64,
    /// Handlers that ran again because the process ended in between.
    pub repeats: u64,
    /// The first thing that went wrong.
    pub first: Option<String>,
}

impl Verdict {
    /// Whether anything went wrong.
    pub fn is_bad(&self) -> bool {
        self.lost + self.twice + self.phantom > 0
    }

    /// Adds another life.
    pub fn add(&mut self, other: &Verdict) {
        self.lost += other.lost;
        self.twice += other.twice;
        self.phantom += other.phantom;
        self.events += other.events;
        self.crashes += other.crashes;
        self.repeats += other.repeats;
        self.first = self.first.take().or_else(|| other.first.clone());
    }
}

const TRIGGERS: &[&str] =
    &["task_created", "task_updated", "task_completed", "task_archived", "task_assigned", "task_reopened"];

/// How far true times and told times lie apart at most, with the second that a date hides.
const DOUBT: i64 = 2_000 + 1_000 + 1_000;
/// How late changes show at most.
const DELAY: i64 = 3_000;

/// A life.
struct Life<'a> {
    seed: u64,
    tenant: &'a Tenant,
    source: Misread<'a>,
    store: &'a Faulty<'a>,
    rules: Rules,
    profile: String,
    handled: BTreeMap<i64, Delivery>,
    /// The true time when each task had been seen once.
    known: BTreeMap<String, i64>,
    verdict: Verdict,
}

/// Lives through one seed. With `sweeps` everything is walked from time to time, else only what changed, over
/// cursors that are values.
pub fn simulate(store: &dyn HookStore, seed: u64, bug: Bug, sweeps: bool) -> Verdict {
    let mut world = World::new(seed);
    // Cursors that are places can hide a record from several walks in a row; only the sweep answers that for sure.
    world.nature.offset &= sweeps;
    let tenant = Tenant(RefCell::new(world));
    let faulty = Faulty::new(store, bug, seed);
    let overlap = match bug {
        Bug::NoOverlap => SignedDuration::ZERO,
        Bug::Exclusive => SignedDuration::from_millis(-1),
        _ => SignedDuration::from_secs(12),
    };
    let never = SignedDuration::from_hours(1_000_000);
    let page = tenant.0.borrow_mut().rng.u32(1..6);
    let rules = Rules {
        overlap,
        // What grows with what comes late heals some mistakes, which is not what is asked here.
        lateness_factor: if bug == Bug::None { 4 } else { 0 },
        sweep_every: if sweeps { SignedDuration::from_mins(5) } else { never },
        sweep_after: if sweeps { SignedDuration::from_mins(1) } else { never },
        page,
        brake: None,
        ..Rules::default()
    };
    let mut life = Life {
        seed,
        tenant: &tenant,
        source: Misread { inner: &tenant, bug, rng: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x9A6E)) },
        store: &faulty,
        rules,
        profile: format!("seed-{seed}-{bug:?}-{sweeps}"),
        handled: BTreeMap::new(),
        known: BTreeMap::new(),
        verdict: Verdict::default(),
    };
    life.live(sweeps);
    life.judge();
    life.verdict
}

impl Life<'_> {
    fn poller(&self) -> Poller<'_> {
        let family = self.store.family(&self.profile, "origin", "task").unwrap();
        let object = catalogue::object("task").unwrap();
        Poller::new(&self.source, self.store, self.rules.clone(), object, family, Vec::new())
    }

    fn hooks(&self) -> Vec<i64> {
        let family = self.store.family(&self.profile, "origin", "task").unwrap().number;
        let new = |trigger: &&'static str| NewHook {
            family,
            script: self.profile.clone(),
            name: (*trigger).to_string(),
            trigger,
            own: false,
            backfill: None,
        };
        let hooks: Vec<NewHook> = TRIGGERS.iter().map(new).collect();
        self.store.register(&self.profile, &hooks, &[]).unwrap();
        self.store.hooks(family).unwrap().iter().map(|hook| hook.number).collect()
    }

    fn chance(&self, likely: f64) -> bool {
        self.tenant.0.borrow_mut().rng.f64() < likely
    }

    fn live(&mut self, sweeps: bool) {
        let steps = self.tenant.0.borrow_mut().rng.usize(3..11);
        let mut boot = 0;
        let hooks = self.hooks();
        let mut step = 0;
        while step < steps {
            boot += 1;
            // What is kept is all that a new process knows.
            if self.process(&hooks, boot, &mut step, steps).is_err() {
                self.verdict.crashes += 1;
                self.store.crash();
            }
        }
        self.calm_down();
        for round in 0..3 {
            self.tenant.0.borrow_mut().pass(60_000);
            self.tell_time();
            let mut poller = self.poller();
            poller.round().unwrap();
            if sweeps && round == 1 {
                poller.want_sweep();
            }
            while poller.step_sweep().unwrap() {}
            drop(poller);
        }
        self.tenant.0.borrow_mut().pass(7_200_000);
        self.dispatch(&hooks, boot + 1, usize::MAX).unwrap();
    }

    /// One process, from its start to its end at a random step or the end of the story.
    fn process(&mut self, hooks: &[i64], boot: u32, step: &mut usize, steps: usize) -> Result<(), Trouble> {
        while *step < steps {
            *step += 1;
            self.between_polls();
            let mut poller = self.poller();
            let looked = poller.round().map(|_| ());
            for _ in 0..3 {
                poller.step_sweep()?;
            }
            drop(poller);
            self.note_known();
            // Where only an answer was missing, the process goes on; it asks again after a while.
            if let Err(trouble) = looked
                && (trouble.message != "no answer" || self.chance(0.3))
            {
                return Err(trouble);
            }
            let most = self.tenant.0.borrow_mut().rng.usize(0..20);
            self.dispatch(hooks, boot, most)?;
        }
        Ok(())
    }

    fn note_known(&mut self) {
        let world = self.tenant.0.borrow();
        let now = world.now;
        let ids: Vec<String> = world.finals().into_keys().filter(|id| !self.known.contains_key(id)).collect();
        drop(world);
        let family = self.store.family(&self.profile, "origin", "task").unwrap();
        let seen = self.store.seen(family.number, &ids).unwrap();
        self.known.extend(seen.into_iter().map(|seen| (seen.id, now)));
    }

    fn between_polls(&self) {
        let mut world = self.tenant.0.borrow_mut();
        let busy = world.nature.busy;
        for _ in 0..world.rng.i64(0..4 * busy) {
            let pause = world.rng.i64(0..8_000) / (busy * busy);
            world.pass(pause);
            world.act();
        }
        let away = if world.rng.f64() < 0.05 { world.rng.i64(60_000..10_800_000) } else { 0 };
        if away > 0 {
            for _ in 0..world.rng.usize(0..10) {
                world.pass(away / 10);
                world.act();
            }
        }
        let pause = world.rng.i64(1_000..20_000) / busy;
        world.pass(pause);
        drop(world);
        self.tell_time();
    }

    /// This machine's own clock is wrong, and differently so each time.
    fn tell_time(&self) {
        let mut world = self.tenant.0.borrow_mut();
        let wrong = world.rng.i64(-60_000..60_000);
        *self.store.own_time.lock().unwrap() = Timestamp::from_millisecond(world.now + wrong).unwrap();
    }

    fn calm_down(&mut self) {
        let mut world = self.tenant.0.borrow_mut();
        world.nature.trouble = 0.0;
        world.nature.restless = 0.0;
        drop(world);
        *self.store.rate.lock().unwrap() = 0.0;
    }

    fn dispatch(&mut self, hooks: &[i64], boot: u32, most: usize) -> Result<(), Trouble> {
        let mut dispatcher = Dispatcher::new(self.store, format!("boot-{boot}"), hooks.to_vec())?;
        for _ in 0..most {
            let now = Timestamp::from_millisecond(self.tenant.0.borrow().now).unwrap();
            let Some(delivery) = dispatcher.next(self.store, now)? else { break };
            if self.handled.insert(delivery.number, delivery.clone()).is_some() {
                self.verdict.repeats += 1;
            }
            let handled = if self.chance(0.1) && most < usize::MAX {
                Handled::Failed { kind: "network".into(), message: "no connection".into() }
            } else {
                Handled::Done
            };
            dispatcher.ended(self.store, &delivery, handled, now)?;
        }
        Ok(())
    }

    fn wrong(&mut self, what: &str) {
        self.verdict.first.get_or_insert_with(|| format!("seed {}: {what}", self.seed));
    }

    fn judge(&mut self) {
        let family = self.store.family(&self.profile, "origin", "task").unwrap();
        let baseline = family.baseline.unwrap().as_millisecond();
        let world = self.tenant.0.borrow();
        let (deeds, finals) = (world.deeds.clone(), world.finals());
        drop(world);
        let handled: Vec<Delivery> = self.handled.values().cloned().collect();
        self.verdict.events = handled.len() as u64;
        let mut values: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for delivery in &handled {
            let event = &delivery.event;
            let value = value_of(delivery);
            *values.entry((event.trigger.clone(), event.record.clone(), value.clone())).or_default() += 1;
            if !happened(&deeds[&event.record], &event.trigger, &value, baseline) {
                self.verdict.phantom += 1;
                self.wrong(&format!("{} never happened, value {value}", event.key));
            }
        }
        for ((trigger, record, value), count) in &values {
            // The same admin may get a task several times.
            if *count > 1 && trigger != "task_assigned" && trigger != "task_updated" {
                self.verdict.twice += 1;
                self.wrong(&format!("{trigger} of {record} with {value} was handled {count} times"));
            }
        }
        let got: BTreeSet<_> = values.into_keys().collect();
        let has = |trigger: &str, record: &str, value: &str| {
            got.contains(&(trigger.to_string(), record.to_string(), value.to_string()))
        };
        let mut lost = Vec::new();
        for (record, held) in &finals {
            let born = deeds[record].first().is_some_and(|made| made.at >= baseline + DOUBT);
            let known = self.known.get(record).map_or(i64::MAX, |known| known + DELAY);
            // A time from before the beginning, typed before the task was first seen, cannot be told from one that
            // stood there before.
            let clear = |deed: &Deed| {
                let typed = deed.value.parse::<Timestamp>().map_or(deed.at, Timestamp::as_millisecond);
                born || typed >= baseline || deed.at >= known
            };
            let after = |what: &str, value: &str| {
                deeds[record].iter().any(|deed| {
                    deed.what == what && deed.value == value && deed.at >= baseline + DOUBT && clear(deed)
                })
            };
            let mut expect = |trigger: &str, what: &str, value: &str| {
                if after(what, value) && !has(trigger, record, value) {
                    lost.push(format!("{trigger} of {record} with {value}"));
                }
            };
            if let Some(completed) = &held.completed {
                expect("task_completed", "completed", completed);
            }
            if let Some(archived) = &held.archived {
                expect("task_archived", "archived", archived);
            }
            if let Some(created) = deeds[record].iter().find(|deed| deed.what == "created") {
                expect("task_created", "created", &created.value);
            }
            let told = handled.iter().any(|delivery| {
                delivery.event.record == *record
                    && ["task_updated", "task_created"].contains(&delivery.event.trigger.as_str())
                    && delivery.event.payload["updatedAt"] == held.updated.as_str()
            });
            if held.archived.is_none() && after("updated", &held.updated) && !told {
                lost.push(format!("the last update of {record}, {}", held.updated));
            }
        }
        self.verdict.lost = lost.len() as u64;
        if let Some(first) = lost.into_iter().next() {
            self.wrong(&format!("lost: {first}"));
        }
    }
}

/// The value that an event is about.
fn value_of(delivery: &Delivery) -> String {
    let event = &delivery.event;
    let field = |name: &str| event.payload[name].as_str().unwrap_or_default().to_string();
    match event.trigger.as_str() {
        "task_created" => field("createdAt"),
        "task_updated" => field("updatedAt"),
        "task_completed" => field("completedAt"),
        "task_archived" => field("archivedAt"),
        "task_assigned" => field("assignedToId"),
        _ => event.before["completedAt"].as_str().unwrap_or_default().to_string(),
    }
}

/// Whether a task really got this value, and not long before the beginning.
fn happened(deeds: &[Deed], trigger: &str, value: &str, baseline: i64) -> bool {
    let what = match trigger {
        "task_created" => "created",
        "task_updated" => "updated",
        "task_archived" => "archived",
        "task_assigned" => "assigned",
        _ => "completed",
    };
    let since = if trigger == "task_reopened" { i64::MIN } else { baseline - DOUBT - DELAY };
    deeds.iter().any(|deed| deed.what == what && deed.value == value && deed.at >= since)
}
