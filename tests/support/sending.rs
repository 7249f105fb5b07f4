//! A tenant, a journal in memory, and changes to send.

use super::memory_store::MemoryStore;
use super::tenant;
use super::wire::{quick, target};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use vitally_script::catalogue;
use vitally_script::client::{ApiKey, Target, Watch, connect};
use vitally_script::gate::apply::{Applied, ApplyError, ApplyOptions, Question, Reply, apply};
use vitally_script::gate::resume::{ResumeOptions, resume};
use vitally_script::gate::send::{Check, Done, Journal, Pipeline, SendOptions, Totals};
use vitally_script::gate::undo::undo_changes;
use vitally_script::gate::{Change, Door, Fields, Limits, Outcome};
use vitally_script::simulator::Simulator;
use vitally_script::stop::Stop;
use vitally_script::store::Store;

struct Deaf;

impl Watch for Deaf {
    fn request(&self, _: &dyn Fn() -> String) {}
    fn notice(&self, _: &str) {}
    fn detail(&self, _: &str) {}
}

/// Everything a pipeline needs, and what it told.
pub struct Bench {
    /// The tenant.
    pub tenant: Simulator,
    /// The journal.
    pub store: Arc<MemoryStore>,
    /// The run.
    pub run: String,
    /// The wish to stop.
    pub stop: Stop,
    /// The flag of the connection.
    pub give_up: Stop,
    /// What was told, in order.
    pub told: Arc<Mutex<Vec<(Change, Outcome)>>>,
}

/// A fresh tenant and an empty journal.
pub fn bench() -> Bench {
    bench_with(MemoryStore::default())
}

/// A fresh tenant and this journal.
pub fn bench_with(store: MemoryStore) -> Bench {
    let run = store.new_run();
    Bench {
        tenant: tenant(),
        store: Arc::new(store),
        run,
        stop: Stop::new(),
        give_up: Stop::new(),
        told: Arc::default(),
    }
}

impl Bench {
    /// A connection to the tenant.
    pub fn door(&self) -> Arc<Door> {
        self.door_to(&self.tenant.origin())
    }

    /// A connection to another server.
    pub fn door_to(&self, origin: &str) -> Arc<Door> {
        let key = ApiKey::parse(super::KEY).expect("the key is well formed");
        let target = Target { key, ..target(origin, quick()) };
        let (client, writer) = connect(target, self.give_up.clone(), Arc::new(Deaf));
        Arc::new(Door::open(client, writer))
    }

    /// Where changes are written down.
    pub fn journal(&self) -> Journal {
        self.journal_of(&self.run)
    }

    /// Where the changes of another run are written down.
    pub fn journal_of(&self, run: &str) -> Journal {
        Journal { store: Arc::clone(&self.store) as Arc<dyn Store>, run: run.into() }
    }

    /// Applies changes in a run, and says yes to everything.
    pub fn apply(&self, run: &str, changes: Vec<Change>) -> Applied {
        self.try_apply(run, changes, |_| {}, &mut |_| Reply::Yes).expect("it is applied")
    }

    /// Applies changes in a run with other options than none.
    pub fn try_apply(
        &self,
        run: &str,
        changes: Vec<Change>,
        set: impl FnOnce(&mut ApplyOptions<'_>),
        confirm: &mut dyn FnMut(Question) -> Reply,
    ) -> Result<Applied, ApplyError> {
        let send = self.options(Check::Drift);
        let (plan, limit, canary) = (None, None, None);
        let mut options = ApplyOptions { plan, limit, canary, limits: Limits::default(), send, confirm };
        set(&mut options);
        apply(changes.into_iter().map(Ok), self.door(), self.journal_of(run), options)
    }

    /// Goes on with a run.
    pub fn resume(&self, run: &str, only_failed: bool) -> Totals {
        let options = ResumeOptions { only_failed, send: self.options(Check::Drift) };
        resume(&self.door(), self.journal_of(run), options).expect("the journal can be read")
    }

    /// Takes a run back in a run of its own.
    pub fn undo(&self, run: &str) -> Applied {
        let undoing = undo_changes(&*self.store, run, false).expect("the journal can be read");
        self.apply(&self.store.new_run(), undoing.changes)
    }

    /// How to send, with everything told remembered.
    pub fn options(&self, check: Check) -> SendOptions {
        let told = Arc::clone(&self.told);
        let done: Done = Arc::new(move |change, outcome, _| {
            told.lock().expect("no test panicked here").push((change.clone(), outcome.clone()));
        });
        SendOptions::new(check, self.stop.clone(), self.give_up.clone(), done)
    }

    /// A pipeline that trusts what is known.
    pub fn pipeline(&self) -> Pipeline {
        Pipeline::start(self.door(), self.journal(), self.options(Check::Known))
    }

    /// Sends changes to their end.
    pub fn send(&self, check: Check, changes: Vec<Change>) -> Totals {
        let pipeline = Pipeline::start(self.door(), self.journal(), self.options(check));
        for change in changes {
            pipeline.put(change).expect("the journal can be written");
        }
        pipeline.finish()
    }

    /// How the change with this place ended; told exactly once.
    pub fn outcome(&self, seq: u64) -> Outcome {
        let told = self.told.lock().expect("no test panicked here");
        let mut of: Vec<&Outcome> =
            told.iter().map(|(_, outcome)| outcome).filter(|outcome| outcome.seq == seq).collect();
        assert_eq!(of.len(), 1, "change {seq} was told {} times", of.len());
        of.remove(0).clone()
    }

    /// A record as Vitally has it.
    pub fn record(&self, path: &str) -> Value {
        let reply = super::http::exchange(
            &self.tenant,
            "GET",
            &format!("/resources{path}"),
            Some(&super::http::basic(super::KEY)),
            "",
        );
        reply.expect("an answer").json()
    }

    /// What a person does in the app.
    #[allow(clippy::needless_pass_by_value, reason = "called with json!(…)")]
    pub fn person_edits(&self, path: &str, fields: Value) {
        let (status, answer) = self.tenant.backdoor("PUT", path, &fields);
        assert_eq!(status, 200, "{answer}");
    }

    /// The requests of one verb, in order.
    pub fn requests(&self, verb: &str) -> Vec<String> {
        let seen = self.tenant.requests().into_iter().filter(|seen| seen.method == verb);
        seen.map(|seen| seen.path.trim_start_matches("/resources").to_string()).collect()
    }
}

/// A change of nothing in particular; the action names its object.
pub fn change(seq: u64, action: &str) -> Change {
    let (object, action) =
        catalogue::actions().find(|(_, known)| known.name == action).expect("the action exists");
    Change {
        seq,
        row: None,
        action: action.name.into(),
        object: object.name.into(),
        id: None,
        external_id: None,
        provisional: None,
        name: None,
        parent: None,
        query: Vec::new(),
        before: None,
        after: None,
        script: "job.rhai".into(),
        line: 1,
    }
}

/// The fields of a JSON object.
#[allow(clippy::needless_pass_by_value, reason = "called with json!(…)")]
pub fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap_or_else(Map::new)
}

/// An update of the account with this externalId.
pub fn update(seq: u64, external: &str, after: Value) -> Change {
    Change { external_id: Some(external.into()), after: Some(fields(after)), ..change(seq, "update_account") }
}

/// The same with a known before.
pub fn known(seq: u64, external: &str, before: Value, after: Value) -> Change {
    Change { before: Some(fields(before)), ..update(seq, external, after) }
}

/// Any action on a record with this id.
#[allow(clippy::needless_pass_by_value, reason = "called with json!(…)")]
pub fn on(seq: u64, action: &str, id: &str, after: Value) -> Change {
    Change { id: Some(id.into()), after: after.as_object().cloned(), ..change(seq, action) }
}

/// A create with the provisional id `new-…`.
pub fn create(seq: u64, action: &str, provisional: &str, after: Value) -> Change {
    let external_id = after["externalId"].as_str().map(ToString::to_string);
    let provisional = Some(provisional.to_string());
    Change { external_id, provisional, after: Some(fields(after)), ..change(seq, action) }
}

/// The body of an account that can be created.
pub fn new_account(external: &str) -> Value {
    json!({ "externalId": external, "name": format!("Account {external}") })
}
