//! Nothing leaves before it is written down, and what is not known is said to be unknown.

use crate::support::hostile::{Hostile, json as answer};
use crate::support::memory_store::MemoryStore;
use crate::support::sending::{bench, bench_with, change, fields, known};
use serde_json::json;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use vitally_script::gate::send::{Check, OnError, Pipeline, SendOptions, Totals};
use vitally_script::gate::{Change, Refusal, Status};
use vitally_script::simulator::{Effect, Fault};
use vitally_script::store::{RowOutcome, Store};

fn renames(count: u64) -> impl Iterator<Item = Change> {
    (1..=count).map(|seq| known(seq, &format!("acct-{seq}"), json!({ "name": "?" }), json!({ "name": "x" })))
}

#[test]
fn every_change_is_in_the_journal_when_it_arrives() {
    let bench = bench();
    let early = Arc::new(Mutex::new(Vec::new()));
    let (store, run, too_early) = (Arc::clone(&bench.store), bench.run.clone(), Arc::clone(&early));
    let server = Hostile::deciding(move |seen| {
        let seq = seen.line.rsplit('-').next().unwrap().parse().unwrap();
        let written = store.kept(&run, seq).map(|kept| kept.status);
        if written != Some(Status::Sending) {
            too_early.lock().unwrap().push((seq, written));
        }
        answer(200, "{}")
    });
    let pipeline =
        Pipeline::start(bench.door_to(&server.origin()), bench.journal(), bench.options(Check::Known));
    renames(200).for_each(|change| pipeline.put(change).unwrap());
    assert_eq!(pipeline.finish(), Totals { applied: 200, ..Totals::default() });
    assert_eq!(*early.lock().unwrap(), Vec::new());
    assert!(bench.store.all(&bench.run).iter().all(|kept| kept.status == Status::Applied));
    // Many changes share a commit.
    assert!(bench.store.log().len() < 200, "{}", bench.store.log().len());
}

#[test]
fn rows_are_noted_at_the_latest_when_everything_has_ended() {
    for changes in [0, 1, 40] {
        let bench = bench();
        let pipeline = bench.pipeline();
        for (row, change) in (1..).zip(renames(changes)) {
            pipeline.put(change).unwrap();
            pipeline.note_rows(vec![ended_row(row)]);
        }
        pipeline.note_rows(vec![ended_row(100), ended_row(101)]);
        assert_eq!(pipeline.finish(), Totals { applied: changes, ..Totals::default() });
        let noted: Vec<u64> = bench.store.rows(&bench.run).unwrap().iter().map(|row| row.row).collect();
        assert_eq!(noted, (1..=changes).chain([100, 101]).collect::<Vec<u64>>());
    }
}

fn ended_row(row: u64) -> RowOutcome {
    RowOutcome { row, key: None, hash: "1".into(), status: "ok".into(), reason: None }
}

#[test]
fn when_the_journal_fails_nothing_more_leaves() {
    for failing in 1..=6 {
        let bench = bench_with(MemoryStore::failing_at(failing));
        let options = SendOptions { lanes: 2, queue: 8, ..bench.options(Check::Known) };
        let pipeline = Pipeline::start(bench.door(), bench.journal(), options);
        let mut taken = 0;
        let refused = renames(40).find_map(|change| match pipeline.put(change) {
            Ok(()) => {
                taken += 1;
                None
            }
            Err(refusal) => Some(refusal),
        });
        let said = "cannot write the journal: the disk is full";
        let Some(Refusal::NotJournalled { message, help, .. }) = refused else { panic!("{refused:?}") };
        let advice = "make sure that the disk has room and may be written to, then try again";
        assert_eq!((message.as_str(), help.as_str()), (said, advice));
        let totals = pipeline.finish();
        assert_eq!(totals.journal.as_deref(), Some(said));
        let written: HashSet<u64> = bench.store.log().into_iter().flat_map(|(_, seqs)| seqs).collect();
        let sent = bench.requests("PUT");
        for path in &sent {
            let seq = path.rsplit('-').next().unwrap().parse().unwrap();
            assert!(written.contains(&seq), "{path} was sent and not written down first");
        }
        assert_eq!((totals.applied, totals.applied + totals.refused), (sent.len() as u64, taken));
        (1..=taken).for_each(|seq| drop(bench.outcome(seq)));
    }
}

#[test]
fn a_lost_answer_is_unknown() {
    let bench = bench();
    bench.tenant.fail(Fault::next(Effect::CloseAfter).method("POST"));
    let account = bench.record("/accounts/acct-1")["id"].clone();
    let task = json!({ "name": "Call", "accountId": account });
    let create = Change { after: Some(fields(task)), ..change(1, "create_task") };
    assert_eq!(bench.send(Check::Known, vec![create]), Totals { unknown: 1, ..Totals::default() });
    let outcome = bench.outcome(1);
    assert_eq!((outcome.status, outcome.kind.as_deref()), (Status::Unknown, Some("maybe_applied")));
    assert_eq!(bench.store.kept(&bench.run, 1).unwrap().status, Status::Unknown);
    // It was not sent again.
    assert_eq!(bench.requests("POST").len(), 1);
}

#[test]
fn a_failure_stops_nothing_unless_asked() {
    for (on_error, applied, pending) in [(OnError::Continue, 9, 0), (OnError::Stop, 0, 9)] {
        let bench = bench();
        bench.tenant.fail(Fault::status(400).method("PUT").path("/accounts/acct-1"));
        let options = SendOptions { lanes: 1, on_error, ..bench.options(Check::Known) };
        let pipeline = Pipeline::start(bench.door(), bench.journal(), options);
        renames(10).for_each(|change| pipeline.put(change).unwrap());
        assert_eq!(pipeline.finish(), Totals { applied, pending, failed: 1, ..Totals::default() });
        assert_eq!(bench.requests("PUT").len() as u64, applied + 1);
    }
}

#[test]
fn an_action_that_does_not_exist_is_not_sent() {
    let bench = bench();
    let mut odd = renames(1).next().unwrap();
    odd.action = "explode_account".into();
    assert_eq!(bench.send(Check::Known, vec![odd]).failed, 1);
    assert_eq!(bench.outcome(1).reason.as_deref(), Some("there is no action explode_account on account"));
    assert_eq!(bench.tenant.requests().len(), 0);
}
