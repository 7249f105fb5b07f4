//! A plan is written down whole, guarded, and sent if the records still are as it saw them.

use crate::support::sending::{Bench, bench, change, create, known, new_account};
use serde_json::json;
use vitally_script::gate::apply::{Applied, ApplyError, Question, Reply};
use vitally_script::gate::send::Totals;
use vitally_script::gate::{Change, Status};

fn renames(bench: &Bench, count: u64) -> Vec<Change> {
    let rename = |seq: u64| {
        let before = json!({ "name": bench.record(&format!("/accounts/acct-{seq}"))["name"] });
        known(seq, &format!("acct-{seq}"), before, json!({ "name": format!("New {seq}") }))
    };
    let changes = (1..=count).map(rename).collect();
    bench.tenant.forget_requests();
    changes
}

fn delete(seq: u64, key: &str) -> Change {
    Change { external_id: Some(key.into()), ..change(seq, "delete_account") }
}

fn refused(result: Result<Applied, ApplyError>) -> String {
    match result {
        Err(ApplyError::Refused(message)) => message.text,
        other => panic!("{other:?}"),
    }
}

fn statuses(bench: &Bench) -> Vec<Status> {
    bench.store.all(&bench.run).into_iter().map(|kept| kept.status).collect()
}

#[test]
fn the_whole_plan_is_written_down_before_anything_is_sent() {
    let bench = bench();
    let mut changes = renames(&bench, 20);
    bench.person_edits("/accounts/acct-7", json!({ "name": "By hand" }));
    // Numbers of a plan may have gaps; the run's have none.
    for change in &mut changes {
        change.seq *= 10;
    }
    let applied = bench.apply(&bench.run, changes);
    let totals = Totals { applied: 19, drifted: 1, ..Totals::default() };
    assert_eq!(applied, Applied { totals, remaining: 0 });
    let log = bench.store.log();
    assert_eq!(log[0], (Status::Pending, (1..=20).collect::<Vec<_>>()));
    assert_eq!(bench.record("/accounts/acct-7")["name"], "By hand");
    assert_eq!(bench.record("/accounts/acct-8")["name"], "New 8");
    let name = bench.record("/accounts/acct-7")["name"].clone();
    assert_eq!(name, "By hand");
    assert!(bench.outcome(7).reason.unwrap().ends_with("found \"By hand\"."));
}

#[test]
fn a_long_plan_is_whole_when_its_first_change_is_there() {
    let bench = bench();
    let odd = |seq| known(seq, "acct-1", json!({ "name": "?" }), json!({ "name": "x" }));
    let applied = bench.apply(&bench.run, (1..=450).map(odd).collect());
    assert_eq!(applied.totals.drifted, 450);
    let pieces: Vec<_> =
        bench.store.log().into_iter().filter(|(status, _)| *status == Status::Pending).collect();
    let firsts: Vec<u64> = pieces.iter().map(|(_, seqs)| seqs[0]).collect();
    assert_eq!(firsts, [201, 401, 1]);
}

#[test]
fn more_than_is_allowed_is_refused_whole() {
    let bench = bench();
    let mut changes = renames(&bench, 4);
    changes.extend([delete(5, "acct-5"), delete(6, "acct-6")]);
    let mut never = |question| panic!("{question:?}");
    let most = |most| {
        bench.try_apply(
            &bench.run,
            changes.clone(),
            |options| options.limits.max_changes = Some(most),
            &mut |_| Reply::No,
        )
    };
    assert_eq!(refused(most(5)), "Nothing was sent: 6 changes are more than the 5 that are allowed.");
    let result = bench.try_apply(
        &bench.run,
        changes.clone(),
        |options| options.limits.max_deletes = Some(1),
        &mut never,
    );
    assert_eq!(refused(result), "Nothing was sent: 2 deletes are more than the 1 that are allowed.");
    assert_eq!((bench.tenant.requests().len(), bench.store.all(&bench.run).len()), (0, 0));
    // What a guard counts is what would be sent.
    let set = |options: &mut vitally_script::gate::apply::ApplyOptions<'_>| {
        (options.limits.max_changes, options.limits.max_deletes, options.limit) = (Some(4), Some(0), Some(4));
    };
    let applied = bench.try_apply(&bench.run, changes.clone(), set, &mut never).unwrap();
    assert_eq!((applied.totals.applied, applied.remaining), (4, 2));
    assert_eq!(statuses(&bench)[4..], [Status::Pending, Status::Pending]);
}

#[test]
fn a_refused_long_plan_leaves_nothing_to_send() {
    let bench = bench();
    let odd = |seq| known(seq, "acct-1", json!({ "name": "?" }), json!({ "name": "x" }));
    let changes: Vec<Change> = (1..=450).map(odd).collect();
    let result =
        bench.try_apply(&bench.run, changes, |options| options.limits.max_changes = Some(9), &mut |_| {
            Reply::Yes
        });
    assert_eq!(refused(result), "Nothing was sent: 450 changes are more than the 9 that are allowed.");
    assert!(statuses(&bench).iter().all(|status| *status == Status::Refused));
    assert_eq!(bench.tenant.requests().len(), 0);
}

#[test]
fn deletes_are_asked_for_by_themselves() {
    for (reply, applied, refused) in [(Reply::Yes, 3, 0), (Reply::No, 2, 1)] {
        let bench = bench();
        let mut changes = renames(&bench, 2);
        changes.push(delete(3, "acct-3"));
        let mut asked = Vec::new();
        let result = bench.try_apply(&bench.run, changes, |_| {}, &mut |question| {
            asked.push(question);
            reply
        });
        let totals = Totals { applied, refused, ..Totals::default() };
        assert_eq!(result.unwrap(), Applied { totals, remaining: 0 });
        assert_eq!(asked, [Question::Deletes(1)]);
        assert_eq!(bench.requests("DELETE").len() as u64, 1 - refused);
    }
}

#[test]
fn the_first_few_go_alone() {
    for (reply, applied) in [(Reply::Yes, 10), (Reply::No, 3)] {
        let bench = bench();
        let changes = renames(&bench, 10);
        let mut asked = Vec::new();
        let result =
            bench.try_apply(&bench.run, changes, |options| options.canary = Some(3), &mut |question| {
                asked.push((question, bench.requests("PUT").len()));
                reply
            });
        let done = Totals { applied: 3, ..Totals::default() };
        assert_eq!(asked, [(Question::GoOn { done, left: 7 }, 3)]);
        let totals = Totals { applied, ..Totals::default() };
        assert_eq!(result.unwrap(), Applied { totals, remaining: 10 - applied });
        let pending = statuses(&bench).iter().filter(|status| **status == Status::Pending).count();
        assert_eq!(pending as u64, 10 - applied);
    }
}

#[test]
fn a_plan_file_is_applied_once() {
    let bench = bench();
    let plan = |options: &mut vitally_script::gate::apply::ApplyOptions<'_>| options.plan = Some("1f".into());
    let changes = vec![create(1, "create_account", "new-1", new_account("a-1"))];
    let first = bench.try_apply(&bench.run, changes.clone(), plan, &mut |_| Reply::Yes);
    assert_eq!(first.unwrap().totals.applied, 1);
    let again = bench.store.as_ref();
    let run = again.new_run();
    let second = bench.try_apply(&run, changes, plan, &mut |_| Reply::Yes);
    assert_eq!(refused(second), format!("Run {} applied this plan before; nothing was sent.", bench.run));
    assert_eq!(bench.requests("POST").len(), 1);
}
