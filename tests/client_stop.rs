//! Ctrl-C while something is waited for. A test that fails here hangs, because nothing else ends these waits.

use crate::support::hostile::{Act, Hostile, bare, json};
use crate::support::wire::{Wire, quick, wire, wire_with, write};
use std::time::Duration;
use vitally_script::catalogue::{Envelope, Method};
use vitally_script::client::{Failure, Kind, Timeouts};
use vitally_script::stop::Reason;

const AGES: Duration = Duration::from_secs(24 * 3600);

/// A server that never answers, and a client with all the patience in the world.
fn hung() -> (Hostile, Wire) {
    let server = Hostile::acting(vec![Act::Hang]);
    let wire = wire_with(&server.origin(), Timeouts { total: AGES, ..quick() });
    (server, wire)
}

/// Runs `work` and stops it once the server has seen a request.
fn stopped<T: Send>(server: &Hostile, wire: &Wire, work: impl FnOnce(&Wire) -> T + Send) -> T
where
    Wire: Sync,
{
    std::thread::scope(|scope| {
        let working = scope.spawn(|| work(wire));
        server.wait_for_request();
        wire.stop.set(Reason::Interrupted);
        working.join().expect("it did not panic")
    })
}

fn told(failure: &Failure) -> (Kind, bool, &str) {
    (failure.kind, failure.maybe_applied, failure.message.as_str())
}

#[test]
fn a_hung_read_is_left() {
    let (server, wire) = hung();
    let failure = stopped(&server, &wire, |wire| wire.client.get("/accounts/1", &[])).expect_err("stopped");
    assert_eq!(told(&failure), (Kind::Stopped, false, "stopped before Vitally answered"));
    assert_eq!(failure.path, "/accounts/1");
}

#[test]
fn a_hung_write_is_left_and_may_have_been_done() {
    let (server, wire) = hung();
    let request = write(Method::Put, "/accounts/1", false);
    let failure = stopped(&server, &wire, |wire| wire.writer.send(&request)).expect_err("stopped");
    let message = "stopped while Vitally had not answered yet; it may have done this all the same";
    assert_eq!(told(&failure), (Kind::Stopped, true, message));
}

#[test]
fn a_write_that_did_not_leave_is_never_sent() {
    let server = Hostile::acting(vec![json(200, "{}")]);
    let wire = wire(&server.origin());
    wire.stop.set(Reason::TimedOut);
    let failure = wire.writer.send(&write(Method::Post, "/tasks", false)).expect_err("stopped");
    assert_eq!(told(&failure), (Kind::Stopped, false, "stopped before this was sent"));
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn many_hung_reads_are_left() {
    let (server, wire) = hung();
    let paths = (0..40).map(|number| format!("/accounts/{number}")).collect();
    let results = stopped(&server, &wire, |wire| wire.client.get_many(paths));
    assert_eq!(results.len(), 40);
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|failure| failure.kind == Kind::Stopped)));
}

#[test]
fn a_hung_walk_is_left_and_ends() {
    let (server, wire) = hung();
    let walk = wire.client.walk("/accounts", Vec::new(), Envelope::Results);
    let pages: Vec<_> = stopped(&server, &wire, |_| walk.collect());
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].as_ref().expect_err("stopped").kind, Kind::Stopped);
}

#[test]
fn a_walk_goes_on_once_the_wish_is_taken_back() {
    let server = Hostile::acting(vec![Act::Hang, json(200, r#"{ "results": [], "next": null }"#)]);
    let wire = wire_with(&server.origin(), Timeouts { total: AGES, ..quick() });
    let walk = wire.client.walk("/accounts", Vec::new(), Envelope::Results);
    server.wait_for_request();
    wire.stop.set(Reason::Interrupted);
    wire.stop.clear();
    let pages: Vec<_> = walk.collect();
    assert!(matches!(pages[..], [Ok(_)]), "{:?}", pages.into_iter().map(Result::err).collect::<Vec<_>>());
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn the_wait_before_another_try_is_left() {
    let server = Hostile::acting(vec![json(500, "{}")]);
    let wire = wire_with(&server.origin(), Timeouts { backoff: AGES, ..quick() });
    let failure = stopped(&server, &wire, |wire| wire.client.get("/accounts", &[])).expect_err("stopped");
    assert_eq!(failure.kind, Kind::Stopped);
}

#[test]
fn the_pause_for_the_rate_limit_is_left() {
    let server = Hostile::acting(vec![bare(429, &["Retry-After: 60"])]);
    let wire = wire_with(&server.origin(), Timeouts { second: Duration::from_secs(1), ..quick() });
    let request = write(Method::Post, "/tasks", false);
    let failure = stopped(&server, &wire, |wire| wire.writer.send(&request)).expect_err("stopped");
    // Vitally said that it did not do it.
    assert_eq!(failure.kind, Kind::Stopped);
}

#[test]
fn writes_of_other_threads_are_left_too() {
    let (server, wire) = hung();
    let wire = &wire;
    std::thread::scope(|scope| {
        let path = |number| write(Method::Put, &format!("/accounts/{number}"), false);
        let writing: Vec<_> =
            (1..3).map(|number| scope.spawn(move || wire.writer.send(&path(number)))).collect();
        server.wait_for_request();
        server.wait_for_request();
        wire.stop.set(Reason::Interrupted);
        for thread in writing {
            let failure = thread.join().expect("it did not panic").expect_err("stopped");
            assert_eq!((failure.kind, failure.maybe_applied), (Kind::Stopped, true));
        }
    });
}

#[test]
fn abandoned_reads_leave_room_for_new_ones() {
    let server = Hostile::deciding(|seen| {
        if seen.line.contains("hang") { Act::Hang } else { json(200, r#"{"results":[]}"#) }
    });
    let wire = wire_with(&server.origin(), Timeouts { total: AGES, ..quick() });
    let walk = |path| wire.client.walk(path, Vec::new(), Envelope::Results);
    // More than the widest lane carries at once; each is dropped while it hangs.
    for _ in 0..40 {
        let hanging = walk("/hang");
        server.wait_for_request();
        drop(hanging);
    }
    let hanging: Vec<_> = (0..16).map(|_| walk("/hang")).collect();
    (0..16).for_each(|_| server.wait_for_request());
    let mut queued = walk("/accounts");
    drop(hanging);
    queued.next().expect("a page").expect("its turn comes when those before it are given up");
}
