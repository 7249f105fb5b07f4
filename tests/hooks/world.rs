//! A Vitally made of a seed: tasks that are made, changed, completed, reopened and archived at any moment, also
//! between two pages, by servers whose clocks differ and whose changes show late.

use super::listed;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use vitally_script::catalogue::Object;
use vitally_script::hooks::source::{Lists, Page, Sort, Source, Trouble, TroubleKind, Wanted};
use vitally_script::hooks::stream::{of_trigger, variants};

/// 2026-01-05T00:00:00Z.
const START: i64 = 1_767_571_200_000;

/// How this Vitally behaves; all of it follows from the seed.
#[derive(Clone, Debug)]
pub struct Nature {
    /// Times are whole multiples of so many milliseconds.
    pub granularity: i64,
    /// How far clocks differ, in milliseconds either way.
    pub skew: i64,
    /// How late a change shows at most, in milliseconds.
    pub delay: i64,
    /// Cursors are places in the list, which shift, instead of values.
    pub offset: bool,
    /// How much happens between two polls, 1 to 3.
    pub busy: i64,
    /// How likely a page fails.
    pub trouble: f64,
    /// How likely something changes between two pages.
    pub restless: f64,
}

#[derive(Clone, Debug, Default)]
struct Fields {
    name: u32,
    completed: Option<i64>,
    assigned: Option<u8>,
    archived: Option<i64>,
}

#[derive(Clone, Debug)]
struct Version {
    visible: i64,
    updated: i64,
    fields: Fields,
}

#[derive(Clone, Debug)]
struct Task {
    created: i64,
    versions: Vec<Version>,
}

/// One thing that was done to a task: what, the value it got, when it was really done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// `created`, `updated`, `completed`, `archived`, `assigned`.
    pub what: &'static str,
    /// The value: a time or an assignee.
    pub value: String,
    /// The true time.
    pub at: i64,
}

/// What a task holds in the end.
pub struct Final {
    /// `updatedAt`.
    pub updated: String,
    /// `completedAt`.
    pub completed: Option<String>,
    /// `archivedAt`.
    pub archived: Option<String>,
}

/// The whole tenant.
pub struct World {
    pub nature: Nature,
    pub rng: fastrand::Rng,
    pub now: i64,
    tasks: BTreeMap<u32, Task>,
    pub deeds: BTreeMap<String, Vec<Deed>>,
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut rng = fastrand::Rng::with_seed(seed);
        let nature = Nature {
            granularity: [1, 1, 10, 1000][rng.usize(..4)],
            skew: rng.i64(0..2000),
            delay: rng.i64(0..3000),
            offset: rng.bool(),
            busy: rng.i64(1..4),
            trouble: 0.02,
            restless: 0.3,
        };
        let mut world = World { nature, rng, now: START, tasks: BTreeMap::new(), deeds: BTreeMap::new() };
        for _ in 0..world.rng.usize(5..20) {
            world.create();
        }
        world.now += 60_000;
        world
    }

    /// Lets time pass.
    pub fn pass(&mut self, millis: i64) {
        self.now += millis;
    }

    /// Does something, as people and integrations do.
    pub fn act(&mut self) {
        match self.rng.u32(..100) {
            0..20 => self.create(),
            20..35 => self.change("updated", |_, fields, _| fields.name += 1),
            35..60 => self.complete(),
            60..70 => self.change("reopened", |_, fields, _| fields.completed = None),
            70..80 => self.archive(),
            80..90 => {
                let who = self.rng.u8(1..4);
                self.change("assigned", move |_, fields, _| fields.assigned = Some(who));
            }
            _ => self.bulk(),
        }
    }

    fn stamp(&mut self) -> i64 {
        let skew = self.nature.skew;
        let shown = self.now + if skew > 0 { self.rng.i64(-skew..skew) } else { 0 };
        shown - shown.rem_euclid(self.nature.granularity)
    }

    fn visible(&mut self) -> i64 {
        self.now + if self.nature.delay > 0 { self.rng.i64(0..self.nature.delay) } else { 0 }
    }

    fn create(&mut self) {
        let (stamp, visible) = (self.stamp(), self.visible());
        let id = u32::try_from(self.tasks.len()).unwrap();
        let mut fields = Fields::default();
        self.deed(id, "created", text(stamp));
        if self.rng.f64() < 0.15 {
            fields.completed = Some(stamp);
            self.deed(id, "completed", text(stamp));
        }
        let version = Version { visible, updated: stamp, fields };
        self.tasks.insert(id, Task { created: stamp, versions: vec![version] });
    }

    fn deed(&mut self, id: u32, what: &'static str, value: String) {
        let at = self.now;
        self.deeds.entry(name(id)).or_default().push(Deed { what, value, at });
    }

    fn pick(&mut self) -> Option<u32> {
        let active: Vec<u32> = self
            .tasks
            .iter()
            .filter(|(_, task)| task.versions.last().is_some_and(|last| last.fields.archived.is_none()))
            .map(|(id, _)| *id)
            .collect();
        (!active.is_empty()).then(|| active[self.rng.usize(..active.len())])
    }

    fn change(&mut self, what: &'static str, change: impl FnOnce(&mut fastrand::Rng, &mut Fields, i64)) {
        let Some(id) = self.pick() else { return };
        let stamp = self.stamp();
        self.write(id, what, stamp, change);
    }

    /// A new version of a task; a record's own `updatedAt` never goes back, and its versions show in order.
    fn write(
        &mut self,
        id: u32,
        what: &'static str,
        stamp: i64,
        change: impl FnOnce(&mut fastrand::Rng, &mut Fields, i64),
    ) {
        let visible = self.visible();
        let Some(task) = self.tasks.get_mut(&id) else { return };
        let Some(last) = task.versions.last().cloned() else { return };
        let updated = stamp.max(last.updated);
        let mut fields = last.fields.clone();
        change(&mut self.rng, &mut fields, updated);
        task.versions.push(Version { visible: visible.max(last.visible), updated, fields: fields.clone() });
        self.deed(id, "updated", text(updated));
        if fields.completed != last.fields.completed
            && let Some(completed) = fields.completed
        {
            self.deed(id, "completed", text(completed));
        }
        if let (Some(archived), None) = (fields.archived, last.fields.archived) {
            self.deed(id, "archived", text(archived));
        }
        if fields.assigned != last.fields.assigned {
            self.deed(id, "assigned", format!("admin-{}", fields.assigned.unwrap_or_default()));
        }
        let _ = what;
    }

    fn complete(&mut self) {
        self.change("completed", |rng, fields, stamp| {
            // Some are told to have been done long ago; no two at the same millisecond.
            let back = if rng.f64() < 0.1 { rng.i64(3_600_000..900_000_000) } else { 0 };
            fields.completed = Some(stamp - back);
        });
    }

    fn archive(&mut self) {
        self.change("archived", |_, fields, stamp| fields.archived = Some(stamp));
    }

    /// Many tasks in one go, all with the same time.
    fn bulk(&mut self) {
        let stamp = self.stamp();
        for _ in 0..self.rng.usize(2..12) {
            if let Some(id) = self.pick() {
                self.write(id, "updated", stamp, |_, fields, _| fields.name += 1);
            }
        }
    }

    /// What every task holds in the end.
    pub fn finals(&self) -> BTreeMap<String, Final> {
        let last = |task: &Task| task.versions.last().cloned();
        self.tasks
            .iter()
            .filter_map(|(id, task)| {
                let Version { updated, fields, .. } = last(task)?;
                let (completed, archived) = (fields.completed.map(text), fields.archived.map(text));
                Some((name(*id), Final { updated: text(updated), completed, archived }))
            })
            .collect()
    }

    fn page(&mut self, wanted: &Wanted) -> Result<Page, Trouble> {
        if self.rng.f64() < self.nature.trouble {
            return Err(Trouble::new(TroubleKind::Passing, "no answer"));
        }
        let pause = self.rng.i64(20..400);
        self.pass(pause);
        while self.rng.f64() < self.nature.restless {
            self.act();
        }
        let (now, archived) = (self.now, wanted.stream.archived);
        let mut shown: Vec<(i64, u32, &Version, i64)> = self
            .tasks
            .iter()
            .filter_map(|(id, task)| {
                let version = task.versions.iter().rev().find(|version| version.visible <= now)?;
                (version.fields.archived.is_some() == archived).then(|| {
                    let by = if wanted.sort == Sort::Created { task.created } else { version.updated };
                    (by, *id, version, task.created)
                })
            })
            .collect();
        shown.sort_by_key(|(by, id, ..)| std::cmp::Reverse((*by, *id)));
        let from = match wanted.cursor {
            None => 0,
            Some(cursor) if self.nature.offset => cursor.parse().unwrap(),
            Some(cursor) => {
                let (by, id) = cursor.split_once('/').unwrap();
                let place: (i64, u32) = (by.parse().unwrap(), id.parse().unwrap());
                shown.iter().position(|(by, id, ..)| (*by, *id) < place).unwrap_or(shown.len())
            }
        };
        let limit = wanted.limit as usize;
        let page = &shown[from.min(shown.len())..(from + limit).min(shown.len())];
        let next = (from + limit < shown.len()).then(|| match page.last() {
            Some((by, id, ..)) if !self.nature.offset => format!("{by}/{id}"),
            _ => (from + limit).to_string(),
        });
        let records = page.iter().map(|(_, id, version, created)| shown_as(*id, version, *created));
        let records = listed(records.collect());
        let date = Timestamp::from_second(now.div_euclid(1000)).unwrap();
        Ok(Page { records, date, next })
    }
}

fn shown_as(id: u32, version: &Version, created: i64) -> Value {
    let fields = &version.fields;
    json!({
        "id": name(id),
        "name": format!("Task {}", fields.name),
        "createdAt": text(created),
        "updatedAt": text(version.updated),
        "completedAt": fields.completed.map(text),
        "archivedAt": fields.archived.map(text),
        "assignedToId": fields.assigned.map(|who| format!("admin-{who}")),
    })
}

fn name(id: u32) -> String {
    format!("task-{id}")
}

/// A time as Vitally writes it.
pub fn text(millis: i64) -> String {
    Timestamp::from_millisecond(millis).unwrap().to_string()
}

/// The tenant as a source of pages.
pub struct Tenant(pub RefCell<World>);

impl Source for Tenant {
    fn lists(&self, _: &'static Object) -> Result<Lists, Trouble> {
        let (_, list, _) = of_trigger("task_completed").unwrap();
        Ok(Lists { streams: variants(list, None), date: None })
    }

    fn page(&self, wanted: &Wanted) -> Result<Page, Trouble> {
        self.0.borrow_mut().page(wanted)
    }
}
