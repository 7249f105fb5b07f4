//! Gives every call of a hook or a schedule a gate of its own to every profile that it works with: its own limits, its own run
//! in the journal, and the knowledge of what an earlier try has done.

use super::called::Called;
use super::confirm;
use super::opener::{About, Opener, no_key};
use super::runs::all_changes;
use crate::client::{self, Target, Watch};
use crate::error::Message;
use crate::gate::delivery::{Delivery, Tell, Wrote};
use crate::gate::earlier::Earlier;
use crate::gate::journal::Journal;
use crate::gate::protect::Protect;
use crate::gate::resume::{ResumeError, ResumeOptions, resume};
use crate::gate::send::{self, Check, SendOptions};
use crate::gate::{AskPerson, Door, Gate, Guard, Mode, Planned, Policy, Tally};
use crate::hooks::own;
use crate::report;
use crate::script::hooks::{Cause, Deliveries, Happening};
use crate::settings::Profile;
use crate::stop::Stop;
use crate::store::hooks::OwnWrite;
use crate::store::{NewRun, StoreError};
use jiff::Timestamp;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A record that was seen so long ago is read again before it is changed.
const FRESH: Duration = Duration::from_secs(60);

/// Opens gates for every call, on the script's thread.
pub struct Gates {
    opener: Opener,
    own: Rc<Way>,
    mode: Cell<Mode>,
    door: Arc<Door>,
    protect: Option<Arc<Protect>>,
    /// The other profiles that calls have worked with.
    others: RefCell<BTreeMap<String, Rc<Way>>>,
    /// The call that is made now.
    current: RefCell<Option<Current>>,
    /// Records that were written, and when: what was seen of them before no longer holds.
    written: RefCell<HashMap<String, Instant>>,
}

/// What all calls have in common that work with a profile.
struct Way {
    profile: Profile,
    origin: String,
    ask: AskPerson,
}

/// The call that is made now.
struct Current {
    called: Rc<Called>,
    /// What it does at every profile.
    parts: Vec<Part>,
}

/// What a call does at one profile.
struct Part {
    way: Rc<Way>,
    tally: Tally,
    wrote: Arc<Mutex<Vec<Wrote>>>,
    /// Its run, once something is written down.
    run: Rc<OnceCell<String>>,
}

/// What a gate for a call stands before.
struct Before {
    mode: Mode,
    door: Arc<Door>,
    protect: Option<Arc<Protect>>,
}

impl Gates {
    /// For the profile that a run was started with.
    pub fn new(opener: Opener, target: Option<Target>, protect: Option<Arc<Protect>>) -> Gates {
        let profile = opener.settings.profile.clone();
        let origin = target.as_ref().map(|target| target.origin.clone()).unwrap_or_default();
        let watch = Arc::clone(&opener.console) as Arc<dyn Watch>;
        let door = match target {
            Some(target) => {
                let (client, writer) = client::connect(target, opener.stop.clone(), watch);
                Door::open(client, writer).protecting(protect.clone())
            }
            None => Door::closed(no_key(&profile)),
        };
        let mode = Cell::new(opener.bounds.mode(&profile));
        let ask = once_for_each_kind(&opener, &profile);
        Gates {
            opener,
            own: Rc::new(Way { profile, origin, ask }),
            mode,
            door: Arc::new(door),
            protect,
            others: RefCell::default(),
            current: RefCell::default(),
            written: RefCell::default(),
        }
    }

    /// The way to another profile of the settings.
    fn way(&self, name: &str) -> Result<Rc<Way>, Message> {
        if let Some(way) = self.others.borrow().get(name) {
            return Ok(Rc::clone(way));
        }
        let found = self.opener.settings.other(name).and_then(|profile| Ok((profile.address()?, profile)));
        let (origin, profile) = found.map_err(|error| report::message(&error))?;
        let ask = once_for_each_kind(&self.opener, &profile);
        let way = Rc::new(Way { profile, origin, ask });
        self.others.borrow_mut().insert(name.to_string(), Rc::clone(&way));
        Ok(way)
    }

    /// The gate of a call to a profile, and what is to be noted of it afterwards.
    fn gate(&self, called: &Rc<Called>, way: &Rc<Way>, before: Before) -> Result<(Gate, Part), Message> {
        let known = match before.mode {
            Mode::Live | Mode::Confirm => self.run_before(called, way)?,
            Mode::DryRun | Mode::ReadOnly => None,
        };
        let earlier = known.as_ref().map(|run| self.earlier(run, &before.door)).transpose()?;
        // A try that asks for nothing new ends the run of the one before, too.
        let run = Rc::new(known.clone().map_or_else(OnceCell::new, OnceCell::from));
        let tally = Tally::default();
        let wrote = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&wrote);
        let tell: Tell =
            Arc::new(move |record| told.lock().unwrap_or_else(PoisonError::into_inner).push(record));
        let (console, yes) = (Arc::clone(&self.opener.console), self.opener.bounds.yes);
        let other = (!Rc::ptr_eq(way, &self.own)).then_some(way.profile.name.as_str());
        let about = self.about(called, way, before.mode);
        let journal = called.journal(self.opener.shelf.clone(), about, known, Rc::clone(&run));
        let policy = Policy {
            mode: before.mode,
            guard: Rc::new(Guard::new(self.opener.bounds.limits(&way.profile))),
            journal: Some(Journal::new(journal)),
            ask: Rc::clone(&way.ask),
            ask_on: Rc::new(move |counts| confirm::after_the_first(&console, counts, yes)),
            tally: tally.clone(),
            earlier,
            plan: Planned::Nowhere,
            delivery: Some(Delivery { salt: called.salt(other), tell }),
            protect: before.protect,
            runs: Some(self.opener.settings.home.value.join("runs")),
            stop: self.opener.stop.clone(),
            clock: self.opener.clock(),
        };
        let gate = Gate::through(policy, before.door);
        Ok((gate, Part { way: Rc::clone(way), tally, wrote, run }))
    }

    /// The run that an earlier try noted its changes to a profile under.
    fn run_before(&self, called: &Called, way: &Way) -> Result<Option<String>, Message> {
        if matches!(called, Called::Event { runs, .. } if !runs.is_empty()) {
            let store = self.opener.shelf.store().map_err(|error| told(&error))?;
            return called.run_before(&*store, &way.profile.name, &way.origin).map_err(|error| told(&error));
        }
        Ok(None)
    }

    /// What an earlier try has done; what is unclear about it is looked up first.
    fn earlier(&self, run: &str, door: &Arc<Door>) -> Result<Arc<Earlier>, Message> {
        let store = self.opener.shelf.store().map_err(|error| told(&error))?;
        let done: send::Done = Arc::new(|_, _, _| {});
        let options = ResumeOptions {
            only_failed: false,
            send: SendOptions::new(Check::Drift, self.opener.stop.clone(), Stop::new(), done),
        };
        let journal = send::Journal { store: Arc::clone(&store), run: run.to_string() };
        resume(door, journal, options).map_err(|error| match error {
            ResumeError::Store(error) => told(&error),
            ResumeError::NotWhole => Message::new("its run was not written down whole", "replay the event"),
        })?;
        let rows = store.rows(run).map_err(|error| told(&error))?;
        let changes = all_changes(&*store, run).map_err(|error| told(&error))?;
        Ok(Arc::new(Earlier::new(rows, changes, false)))
    }

    fn about(&self, called: &Called, way: &Way, mode: Mode) -> NewRun {
        let (kind, arguments) = called.kind();
        let about = About { kind, code: None, ..self.opener.about.clone() };
        let now = self.opener.clock().now();
        NewRun { arguments, ..about.new_run(&way.profile, way.origin.clone(), mode.word(), now) }
    }

    /// Whether what is known of the record may be relied on.
    fn is_fresh(&self, happening: &Happening) -> bool {
        let age = Timestamp::now().duration_since(happening.noticed).unsigned_abs();
        let id = happening.record["id"].as_str().unwrap_or_default();
        happening.attempt == 1 && age < FRESH && !self.written.borrow().contains_key(id)
    }

    /// Notes what was written, so that it does not fire the script's own hooks.
    fn keep_writes(&self, name: &str, part: &Part) -> Result<(), StoreError> {
        let wrote = std::mem::take(&mut *part.wrote.lock().unwrap_or_else(PoisonError::into_inner));
        if wrote.is_empty() {
            return Ok(());
        }
        let writes: Vec<(String, OwnWrite)> =
            wrote.iter().flat_map(|wrote| own::writes(wrote, &self.opener.about.script, name)).collect();
        let mut written = self.written.borrow_mut();
        written.retain(|_, at| at.elapsed() < FRESH * 2);
        written.extend(writes.iter().map(|(_, write)| (write.record.clone(), Instant::now())));
        let store = self.opener.shelf.hooks()?;
        let (profile, origin) = (&part.way.profile.name, &part.way.origin);
        store.wrote(profile, origin, &writes)?;
        for (object, write) in &writes {
            let family = store.family(profile, origin, object)?;
            let all = store.own_writes(family.number, std::slice::from_ref(&write.record))?;
            if let Some((field, [one, other])) = own::fight(&all) {
                self.opener.console.warn(&format!(
                    "the hooks \"{one}\" and \"{other}\" change {field} of {object} {} back and forth: each undoes the other",
                    write.record
                ));
            }
        }
        Ok(())
    }

    /// Notes how a call ended at one profile.
    fn close_part(&self, name: &str, part: &Part, went_well: bool) -> Result<(), StoreError> {
        self.opener.tally.add(&part.tally.counts());
        self.keep_writes(name, part)?;
        let Some(run) = part.run.get() else { return Ok(()) };
        let outcome = if went_well { "done" } else { "failed" };
        self.opener.shelf.store()?.finish_run(run, outcome, Timestamp::now())
    }
}

impl Deliveries for Gates {
    fn open(&self, cause: Cause) -> Result<Rc<Gate>, Message> {
        let called = Rc::new(Called::of(cause));
        let (mode, door, protect) = (self.mode.get(), Arc::clone(&self.door), self.protect.clone());
        let (gate, part) = self.gate(&called, &self.own, Before { mode, door, protect })?;
        if let Cause::Event(_, happening) = cause
            && !self.is_fresh(happening)
            && let Some(id) = happening.record["id"].as_str()
        {
            gate.distrust(id);
        }
        *self.current.borrow_mut() = Some(Current { called, parts: vec![part] });
        Ok(Rc::new(gate))
    }

    fn open_other(&self, profile: &str, of_run: &Gate) -> Result<Option<Rc<Gate>>, Message> {
        let called = self.current.borrow().as_ref().map(|current| Rc::clone(&current.called));
        let Some(called) = called else { return Ok(None) };
        let before = Before { mode: of_run.mode(), door: of_run.door(), protect: of_run.protect() };
        let (gate, part) = self.gate(&called, &self.way(profile)?, before)?;
        gate.distrust_before();
        if let Some(current) = &mut *self.current.borrow_mut() {
            current.parts.push(part);
        }
        Ok(Some(Rc::new(gate)))
    }

    fn set_mode(&self, mode: Mode) {
        self.mode.set(mode);
    }

    fn close(&self, went_well: bool) -> Result<(), Message> {
        let Some(Current { called, parts }) = self.current.borrow_mut().take() else { return Ok(()) };
        // Whatever one profile's part meets, the others are noted, too.
        let ended = parts.iter().map(|part| self.close_part(called.name(), part, went_well));
        ended.collect::<Vec<_>>().into_iter().collect::<Result<(), _>>().map_err(|error| told(&error))
    }
}

fn told(error: &StoreError) -> Message {
    let (message, help) = error.words();
    Message::new(message, help)
}

/// Asks for the first change of a kind, and remembers the answer for all events.
fn once_for_each_kind(opener: &Opener, profile: &Profile) -> AskPerson {
    let (console, label) = (Arc::clone(&opener.console), profile.label());
    let answers: RefCell<HashMap<&'static str, bool>> = RefCell::default();
    Rc::new(move |action, change| {
        let known = answers.borrow().get(action.name).copied();
        known.unwrap_or_else(|| {
            let answer = confirm::first_of_its_kind(&console, &label, action, change);
            answers.borrow_mut().insert(action.name, answer);
            answer
        })
    })
}
