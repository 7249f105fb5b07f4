//! The wish to stop: nothing new leaves, what is out is waited for, nothing is forgotten.

use crate::support::hostile::{Act, Hostile, json as answer};
use crate::support::sending::{Bench, bench, known};
use serde_json::json;
use std::time::Duration;
use vitally_script::gate::send::{Check, Pipeline, SendOptions, Totals};
use vitally_script::gate::{Change, Status};
use vitally_script::stop::Reason;

fn renames(count: u64) -> impl Iterator<Item = Change> {
    (1..=count).map(|seq| known(seq, &format!("acct-{seq}"), json!({ "name": "?" }), json!({ "name": "x" })))
}

/// Forty changes, the first two of which are out, and then the wish to stop.
fn stopped(bench: &Bench, server: &Hostile, grace: Duration) -> Pipeline {
    let options = SendOptions { lanes: 2, grace, ..bench.options(Check::Known) };
    let pipeline = Pipeline::start(bench.door_to(&server.origin()), bench.journal(), options);
    renames(40).for_each(|change| pipeline.put(change).unwrap());
    (0..2).for_each(|_| server.wait_for_request());
    bench.stop.set(Reason::Interrupted);
    pipeline
}

#[test]
fn what_is_out_is_waited_for_and_the_rest_is_pending() {
    let bench = bench();
    let Act::Answer(bytes) = answer(200, "{}") else { panic!("an answer") };
    let server = Hostile::acting(vec![Act::AnswerWhenReleased(bytes)]);
    let pipeline = stopped(&bench, &server, Duration::from_secs(3600));
    server.release();
    assert_eq!(pipeline.finish(), Totals { applied: 2, pending: 38, ..Totals::default() });
    assert_eq!(server.seen().len(), 2);
    assert_eq!(bench.outcome(40).reason.as_deref(), Some("Stopped before this was sent."));
    // Those that were written down and did not leave are not taken for sent.
    let kept = bench.store.all(&bench.run);
    assert!(kept.iter().all(|kept| matches!(kept.status, Status::Applied | Status::Pending)), "{kept:?}");
}

#[test]
fn what_hangs_is_given_up_after_the_grace() {
    let bench = bench();
    let server = Hostile::acting(vec![Act::Hang]);
    let pipeline = stopped(&bench, &server, Duration::ZERO);
    assert_eq!(pipeline.finish(), Totals { unknown: 2, pending: 38, ..Totals::default() });
    assert!(bench.give_up.is_set());
}

#[test]
fn a_change_that_comes_after_the_wish_to_stop_is_pending() {
    let bench = bench();
    let pipeline = bench.pipeline();
    bench.stop.set(Reason::TimedOut);
    renames(3).for_each(|change| pipeline.put(change).unwrap());
    assert_eq!(pipeline.finish(), Totals { pending: 3, ..Totals::default() });
    assert_eq!(bench.tenant.requests().len(), 0);
    assert_eq!(bench.store.all(&bench.run).len(), 0);
}

#[test]
fn what_is_written_down_already_does_not_leave_after_the_wish_to_stop() {
    let bench = bench();
    let stop = bench.stop.clone();
    let server = Hostile::deciding(move |_| {
        stop.set(Reason::Interrupted);
        answer(200, "{}")
    });
    let options = SendOptions { lanes: 1, ..bench.options(Check::Known) };
    let pipeline = Pipeline::start(bench.door_to(&server.origin()), bench.journal(), options);
    renames(20).for_each(|change| pipeline.put(change).unwrap());
    assert_eq!(pipeline.finish(), Totals { applied: 1, pending: 19, ..Totals::default() });
    assert_eq!(server.seen().len(), 1);
}
