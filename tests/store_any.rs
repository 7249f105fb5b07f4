//! Whatever is put into the store comes out again.

use crate::support::journal::new_run;
use crate::support::program::Folder;
use proptest::collection::{hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use vitally_script::clock::FixedClock;
use vitally_script::gate::{Change, Fields, Outcome, Status};
use vitally_script::store::{Kept, NewRun, SqliteStore, Store};

const AT: &str = "2026-11-25T09:00:00Z";

#[test]
fn twenty_thousand_runs_have_ids_of_their_own() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.path()).unwrap();
    let ids = std::sync::Mutex::new(HashSet::new());
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    let id = store.start_run(&new_run("a.rhai")).unwrap();
                    assert!((4..=5).contains(&id.len()), "{id}");
                    assert!(id.chars().all(|c| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c)), "{id}");
                    assert!(ids.lock().unwrap().insert(id));
                }
            });
        }
    });
    assert_eq!(store.runs(usize::MAX).unwrap().len(), 20_000);
}

#[test]
fn an_id_may_be_typed_in_any_case_and_with_letters_for_digits() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.path()).unwrap();
    let id = loop {
        let id = store.start_run(&new_run("a.rhai")).unwrap();
        if id.contains('0') && id.contains('1') {
            break id;
        }
    };
    for typed in
        [id.to_lowercase(), id.replace('0', "o").replace('1', "l"), id.replace('0', "O").replace('1', "I")]
    {
        assert_eq!(store.run(&typed).unwrap().unwrap().id, id);
        store.claim_plan(&typed, &typed).unwrap();
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => any::<String>(), 1 => Just(String::new()), 1 => "[\u{0}-\u{1f}'\"\\\\%_;]{0,9}"]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

fn fields() -> impl Strategy<Value = Option<Fields>> {
    option::of(vec((text(), json()), 0..4).prop_map(Map::from_iter))
}

prop_compose! {
    fn any_change()(
        row in option::of(0..=i64::MAX as u64),
        (action, object, script) in (text(), text(), text()),
        (id, external_id, provisional) in (option::of(text()), option::of(text()), option::of(text())),
        (name, parent) in (option::of(text()), option::of(text())),
        query in vec((text(), text()), 0..3),
        (before, after) in (fields(), fields()),
        line in 0..=usize::MAX / 2,
    ) -> Change {
        Change {
            seq: 0, row, action, object, id, external_id, provisional, name, parent, query, before, after, script, line,
        }
    }
}

prop_compose! {
    fn any_outcome()(
        status in prop::sample::select(Status::ALL),
        id in option::of(text()),
        before in fields(),
        (reason, kind) in (option::of(text()), option::of(text())),
    ) -> Outcome {
        Outcome { seq: 0, status, id, before, reason, kind }
    }
}

static STORE: LazyLock<(SqliteStore, Folder)> = LazyLock::new(|| {
    let folder = Folder::new();
    let clock = Arc::new(FixedClock(AT.parse().unwrap()));
    (SqliteStore::open(&folder.path()).unwrap().with_clock(clock), folder)
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn changes_and_runs_come_out_as_they_went_in(
        seqs in hash_set(0..=i64::MAX as u64, 6),
        changes in vec(any_change(), 0..6),
        outcomes in vec(any_outcome(), 0..6),
        status in prop::sample::select(Status::ALL),
        (script, of, arguments) in (text(), option::of(text()), json()),
    ) {
        let (store, folder) = &*STORE;
        let about = NewRun { script, of, arguments, ..new_run("") };
        let run = store.start_run(&about).unwrap();
        let changes: Vec<Change> =
            changes.into_iter().zip(&seqs).map(|(change, seq)| Change { seq: *seq, ..change }).collect();
        store.write_changes(&run, status, &changes).unwrap();
        let outcomes: Vec<Outcome> =
            outcomes.into_iter().zip(&changes).map(|(end, change)| Outcome { seq: change.seq, ..end }).collect();
        store.settle(&run, &outcomes).unwrap();
        let mut expected: Vec<Kept> = changes
            .iter()
            .map(|change| {
                let mut change = change.clone();
                let end = outcomes.iter().find(|end| end.seq == change.seq);
                if let Some(end) = end {
                    change.id = end.id.clone().or(change.id);
                    change.before = end.before.clone().or(change.before);
                }
                Kept {
                    run: run.clone(),
                    change,
                    status: end.map_or(status, |end| end.status),
                    reason: end.and_then(|end| end.reason.clone()),
                    at: AT.parse().unwrap(),
                }
            })
            .collect();
        expected.sort_by_key(|kept| kept.change.seq);
        let reader = SqliteStore::read(&folder.path()).unwrap();
        prop_assert_eq!(&store.changes(&run, 0, 99).unwrap(), &expected);
        prop_assert_eq!(&reader.changes(&run, 0, 99).unwrap(), &expected);
        prop_assert_eq!(reader.run(&run).unwrap().unwrap().about, about);
        for kept in &expected {
            for key in [&kept.change.id, &kept.change.external_id].into_iter().flatten() {
                prop_assert!(reader.history(&kept.change.object, key).unwrap().contains(kept));
            }
        }
    }
}
