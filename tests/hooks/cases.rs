//! One case for every way in which something could slip through, with a list that does exactly what the case needs.

use super::listed;
use super::simulation::folder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use vitally_script::catalogue::{self, Object};
use vitally_script::hooks::source::{Lists, Page, Sort, Source, Trouble, Wanted};
use vitally_script::hooks::stream::{of_trigger, variants};
use vitally_script::hooks::{Poller, Round, Rules};
use vitally_script::store::SqliteStore;
use vitally_script::store::hooks::{Choice, DeliveryState, HookStore, NewHook, Observed, Seen};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Something that happens between two pages.
type Between = Box<dyn Fn(&mut Vec<Value>)>;

/// Lists of records, newest first, with cursors that are values.
struct Tables {
    trigger: &'static str,
    records: RefCell<Vec<Value>>,
    now: Cell<Timestamp>,
    /// What happens after the page of this number, counted from 1 since it was set.
    between: RefCell<Option<(u32, Between)>>,
    pages: Cell<u32>,
    reversed: Cell<bool>,
}

impl Source for Tables {
    fn lists(&self, _: &'static Object) -> Result<Lists, Trouble> {
        let (_, list, _) = of_trigger(self.trigger).unwrap();
        Ok(Lists { streams: variants(list, None), date: None })
    }

    fn page(&self, wanted: &Wanted) -> Result<Page, Trouble> {
        self.pages.set(self.pages.get() + 1);
        let by = if wanted.sort == Sort::Created { "createdAt" } else { "updatedAt" };
        let archived = wanted.stream.archived;
        let mut shown: Vec<Value> = self
            .records
            .borrow()
            .iter()
            .filter(|record| record["archivedAt"].is_null() != archived)
            .cloned()
            .collect();
        shown.sort_by_key(|record| (text(record, by), text(record, "id")));
        if !(self.reversed.get() && wanted.sort == Sort::Updated) {
            shown.reverse();
        }
        let after = |record: &Value| format!("{}/{}", text(record, by), text(record, "id"));
        let from = wanted.cursor.map_or(0, |cursor| {
            shown.iter().position(|record| after(record).as_str() < cursor).unwrap_or(shown.len())
        });
        let page: Vec<Value> = shown.iter().skip(from).take(wanted.limit as usize).cloned().collect();
        let next = (from + page.len() < shown.len()).then(|| page.last().map(after)).flatten();
        let mut between = self.between.borrow_mut();
        if between.as_ref().is_some_and(|(page, _)| *page == self.pages.get()) {
            let (_, act) = between.take().unwrap();
            act(&mut self.records.borrow_mut());
        }
        Ok(Page { records: listed(page), date: self.now.get(), next })
    }
}

fn text(record: &Value, key: &str) -> String {
    record[key].as_str().unwrap_or_default().to_string()
}

/// A list, a store, and a hook.
struct Case {
    tables: Tables,
    store: SqliteStore,
    home: PathBuf,
    trigger: &'static str,
    rules: Rules,
}

const START: &str = "2026-03-02T09:00:00Z";

impl Case {
    fn new(trigger: &'static str) -> Case {
        let home = folder(&format!("case-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let store = SqliteStore::open(&home).unwrap();
        let now = Cell::new(START.parse().unwrap());
        let tables = Tables {
            trigger,
            records: RefCell::default(),
            now,
            between: RefCell::default(),
            pages: Cell::new(0),
            reversed: Cell::new(false),
        };
        let case = Case { tables, store, home, trigger, rules: Rules::default() };
        case.listen(trigger);
        case
    }

    fn with(mut self, rules: Rules) -> Case {
        self.rules = rules;
        self
    }

    fn object(&self) -> &'static Object {
        of_trigger(self.trigger).unwrap().0
    }

    fn family(&self) -> vitally_script::store::hooks::Family {
        self.store.family("p", "o", self.object().name).unwrap()
    }

    fn listen(&self, trigger: &'static str) {
        let hook = NewHook {
            family: self.family().number,
            script: trigger.into(),
            name: "hook".into(),
            trigger,
            own: false,
            backfill: None,
        };
        self.store.register(trigger, &[hook], &[]).unwrap();
    }

    /// A record that was made and changed so many seconds after the start.
    fn record(&self, id: &str, created: i64, updated: i64, fields: &Value) {
        let mut record = json!({
            "id": id, "name": id, "createdAt": at(created), "updatedAt": at(updated), "archivedAt": null
        });
        record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let mut records = self.tables.records.borrow_mut();
        records.retain(|other| other["id"] != id);
        records.push(record);
    }

    fn poller(&self) -> Poller<'_> {
        let object = catalogue::object(self.object().name).unwrap();
        Poller::new(&self.tables, &self.store, self.rules.clone(), object, self.family(), Vec::new())
    }

    /// A look at a moment, by a new process.
    fn look(&self, seconds: i64) -> Round {
        self.tables.now.set(at(seconds).parse().unwrap());
        self.tables.pages.set(0);
        self.poller().round().unwrap()
    }

    fn sweep(&self, seconds: i64) {
        self.tables.now.set(at(seconds).parse().unwrap());
        let mut poller = self.poller();
        poller.want_sweep();
        while poller.step_sweep().unwrap() {}
        drop(poller);
        self.store.promote(self.family().number, None).unwrap();
    }

    fn between(&self, page: u32, act: impl Fn(&mut Vec<Value>) + 'static) {
        *self.tables.between.borrow_mut() = Some((page, Box::new(act)));
    }

    /// The ids of the records whose events can be handled, in order.
    fn events(&self) -> Vec<String> {
        let choice = Choice { states: vec![DeliveryState::Pending], ..Choice::default() };
        let mut found = self.store.deliveries(&choice).unwrap();
        found.reverse();
        found.into_iter().map(|delivery| delivery.event.record).collect()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        // It lies in memory or among the target's temporary files.
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn at(seconds: i64) -> String {
    let start: Timestamp = START.parse().unwrap();
    (start + SignedDuration::from_secs(seconds)).to_string()
}

#[test]
fn equal_timestamps_across_a_page_break() {
    let case = Case::new("task_completed").with(Rules { page: 3, ..Rules::default() });
    (0..10).for_each(|n| case.record(&format!("t{n}"), -100, -100, &json!({})));
    case.look(0);
    (0..10).for_each(|n| case.record(&format!("t{n}"), -100, 20, &json!({ "completedAt": at(20) })));
    case.look(30);
    assert_eq!(case.events().len(), 10);
    case.look(60);
    assert_eq!(case.events().len(), 10);
}

#[test]
fn a_record_that_is_touched_while_the_list_is_walked() {
    let case = Case::new("task_completed").with(Rules { page: 2, ..Rules::default() });
    (0..6).for_each(|n| case.record(&format!("t{n}"), -100, -100 + n, &json!({})));
    case.look(0);
    (0..6).for_each(|n| case.record(&format!("t{n}"), -100, 10 + n, &json!({})));
    // The last one of the list is completed when the first page was read: it jumps to the top.
    case.between(1, |records| {
        let touched = records.iter_mut().find(|record| record["id"] == "t0").unwrap();
        touched["updatedAt"] = at(31).into();
        touched["completedAt"] = at(31).into();
    });
    case.look(30);
    case.look(60);
    assert_eq!(case.events(), ["t0"]);
}

#[test]
fn what_changed_back_while_somebody_else_looked_is_seen_though_the_list_reads_as_before() {
    let case = Case::new("task_updated");
    let name = |name: &str| case.record("t", -100, 20, &json!({ "name": name }));
    case.record("t", -100, -100, &json!({ "name": "first" }));
    let mut poller = case.poller();
    let mut look = |seconds: i64| {
        case.tables.now.set(at(seconds).parse().unwrap());
        poller.round().unwrap();
    };
    look(0);
    name("second");
    look(30);
    look(60);
    assert_eq!(case.events().len(), 1);
    // Twice within the second that updatedAt tells, which is the same afterwards.
    name("third");
    case.look(70);
    assert_eq!(case.events().len(), 2);
    name("second");
    look(90);
    assert_eq!(case.events().len(), 3);
}

#[test]
fn what_was_seen_does_not_give_way_to_what_is_older() {
    let case = Case::new("task_updated");
    let family = case.family().number;
    let stream = case.store.stream(family, "all").unwrap().number;
    for (seconds, name) in [(20, "new"), (10, "old")] {
        let content = json!({ "name": name }).as_object().unwrap().clone();
        let seen = Seen { id: "t".into(), updated: at(seconds).parse().unwrap(), content: content.into() };
        let observed = Observed { pages: 1, seen: vec![seen], ..Observed::default() };
        case.store.observe(stream, at(30).parse().unwrap(), observed).unwrap();
    }
    assert_eq!(case.store.seen(family, &["t".into()]).unwrap()[0].content["name"], "new");
}

#[test]
fn a_late_arrival_inside_the_overlap() {
    let case = Case::new("task_completed");
    case.record("late", -100, -100, &json!({}));
    case.look(0);
    case.record("other", -100, 200, &json!({}));
    case.look(200);
    // It was changed before the last look, and shows only now.
    case.record("late", -100, 150, &json!({ "completedAt": at(150) }));
    case.look(230);
    assert_eq!(case.events(), ["late"]);
    let poller = case.store.pollers().unwrap();
    assert_eq!(poller.iter().map(|row| row.late_arrivals).sum::<u64>(), 1);
}

#[test]
fn a_late_arrival_beyond_the_overlap_is_found_by_the_sweep_and_makes_the_overlap_longer() {
    let case = Case::new("task_completed").with(Rules {
        page: 1,
        sweep_after: SignedDuration::MAX,
        ..Rules::default()
    });
    case.record("late", -100, -100, &json!({}));
    case.record("other", -90, -90, &json!({}));
    case.look(0);
    case.record("other", -90, 2_000, &json!({}));
    case.record("third", -80, 1_990, &json!({}));
    case.record("fourth", -70, 1_500, &json!({}));
    case.look(2_000);
    case.record("late", -100, 1_200, &json!({ "completedAt": at(1_200) }));
    case.look(2_030);
    assert_eq!(case.events(), Vec::<String>::new(), "the quick way found it, so the case proves nothing");
    case.sweep(2_060);
    assert_eq!(case.events(), ["late"]);
    let lateness = case.store.pollers().unwrap().iter().map(|row| row.lateness).max().unwrap();
    assert_eq!(lateness, SignedDuration::from_secs(800));
    assert_eq!(Rules::default().overlap_for(lateness), SignedDuration::from_secs(3_200));
}

#[test]
fn a_completion_with_a_date_of_long_ago() {
    let case = Case::new("task_completed");
    case.record("known", -9_000, -100, &json!({}));
    case.look(0);
    case.record("known", -9_000, 20, &json!({ "completedAt": at(-5_000) }));
    case.record("made done", 20, 20, &json!({ "completedAt": at(-5_000) }));
    case.record("was done", -9_000, -50, &json!({ "completedAt": at(-5_000) }));
    case.look(30);
    let mut events = case.events();
    events.sort();
    assert_eq!(events, ["known", "made done"]);
}

#[test]
fn complete_reopen_complete() {
    let case = Case::new("task_completed");
    case.listen("task_reopened");
    case.record("t", -100, -100, &json!({}));
    case.look(0);
    for turn in 0..3 {
        let now = 100 * turn;
        case.record("t", -100, now + 20, &json!({ "completedAt": at(now + 20) }));
        case.look(now + 30);
        case.look(now + 35);
        case.record("t", -100, now + 40, &json!({ "completedAt": null }));
        case.look(now + 50);
    }
    assert_eq!(case.events().len(), 6);
    // Both between two looks: what is there in the end is what happened.
    case.record("t", -100, 420, &json!({ "completedAt": at(420) }));
    case.look(500);
    assert_eq!(case.events().len(), 7);
}

#[test]
fn active_churned_active() {
    let case = Case::new("account_churned");
    case.listen("account_reactivated");
    case.record("a", -100, -100, &json!({}));
    case.look(0);
    case.record("a", -100, 10, &json!({ "churnedAt": at(10) }));
    case.look(20);
    case.record("a", -100, 30, &json!({ "churnedAt": null }));
    case.look(40);
    case.record("a", -100, 50, &json!({ "churnedAt": at(50) }));
    case.look(60);
    assert_eq!(case.events().len(), 3);
}

#[test]
fn what_is_archived_between_two_looks_was_still_completed() {
    let case = Case::new("task_completed");
    case.listen("task_archived");
    case.record("t", -100, -100, &json!({}));
    case.look(0);
    case.record("t", -100, 20, &json!({ "completedAt": at(10), "archivedAt": at(20) }));
    case.look(30);
    case.look(60);
    assert_eq!(case.events().len(), 2);
}

#[test]
fn a_record_from_the_future_hides_nothing() {
    let case = Case::new("task_completed").with(Rules { page: 1, ..Rules::default() });
    case.record("t", -100, -100, &json!({}));
    case.record("filler", -100, -99, &json!({}));
    case.look(0);
    case.record("future", 5, 900_000, &json!({}));
    case.look(10);
    case.record("t", -100, 20, &json!({ "completedAt": at(20) }));
    case.record("filler", -100, 21, &json!({}));
    case.look(30);
    assert_eq!(case.events(), ["t"]);
}

#[test]
fn a_clock_that_jumps() {
    let case = Case::new("task_completed");
    case.record("t", -100, -100, &json!({}));
    case.record("u", -100, -100, &json!({}));
    case.look(0);
    // Vitally's own clock is set back by an hour, and forward again; watermarks never go back.
    case.record("t", -100, 20, &json!({ "completedAt": at(20) }));
    case.look(-3_600);
    case.record("u", -100, 3_000, &json!({ "completedAt": at(3_000) }));
    case.look(7_200);
    assert_eq!(case.events(), ["t", "u"]);
}

#[test]
fn a_list_out_of_order_is_walked_another_way() {
    let case = Case::new("task_completed").with(Rules { page: 2, ..Rules::default() });
    (0..5).for_each(|n| case.record(&format!("t{n}"), -100 + n, -100 + n, &json!({})));
    case.look(0);
    case.record("t2", -98, 700, &json!({ "completedAt": at(700) }));
    case.tables.reversed.set(true);
    let round = case.look(900);
    assert!(round.notice.unwrap().contains("not in the order"));
    assert_eq!(case.events(), ["t2"]);
}

#[test]
fn nothing_happens_and_nothing_is_asked_twice() {
    let case = Case::new("task_completed");
    (0..250).for_each(|n| case.record(&format!("t{n}"), -9_000 + n, -9_000 + n, &json!({})));
    case.look(0);
    for look in 1..20 {
        let round = case.look(30 * look);
        assert_eq!(round.pages, 2, "one request for each side of the list");
    }
}

#[test]
fn a_bulk_change_is_not_read_again_for_ever() {
    let case = Case::new("task_completed");
    (0..500).for_each(|n| case.record(&format!("t{n}"), -9_000, 10, &json!({})));
    case.look(20);
    case.look(1_000);
    assert_eq!(case.look(1_030).pages, 2);
}
