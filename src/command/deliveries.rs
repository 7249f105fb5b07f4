//! Gives every call of a hook or a schedule a gate of its own: its own limits, its own run in the journal, and the
//! knowledge of what an earlier try has done.

use super::confirm;
use super::opener::{About, Opener, no_key};
use super::runs::all_changes;
use crate::client::{self, Target, Watch};
use crate::error::Message;
use crate::gate::delivery::{Delivery, Tell, Wrote};
use crate::gate::earlier::Earlier;
use crate::gate::journal::{Journal, OpenJournal, Written};
use crate::gate::protect::Protect;
use crate::gate::resume::{ResumeError, ResumeOptions, resume};
use crate::gate::send::{self, Check, SendOptions};
use crate::gate::{AskPerson, Door, Gate, Guard, Mode, Planned, Policy, Tally};
use crate::hooks::own;
use crate::script::hooks::{Cause, Deliveries, Happening, HookSpec};
use crate::script::schedules::{AboutJob, Tick};
use crate::settings::Profile;
use crate::stop::Stop;
use crate::store::hooks::OwnWrite;
use crate::store::{NewRun, StoreError};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A record that was seen so long ago is read again before it is changed.
const FRESH: Duration = Duration::from_secs(60);

/// Opens a gate for every call, on the script's thread.
pub struct Gates {
    opener: Opener,
    profile: Profile,
    origin: String,
    mode: Cell<Mode>,
    door: Arc<Door>,
    protect: Option<Arc<Protect>>,
    ask: AskPerson,
    /// The call that is made now.
    current: RefCell<Option<Current>>,
    /// Records that were written, and when: what was seen of them before no longer holds.
    written: RefCell<HashMap<String, Instant>>,
}

/// The call that is made now.
struct Current {
    /// What is called: the hook, or the schedule.
    name: String,
    tally: Tally,
    wrote: Arc<Mutex<Vec<Wrote>>>,
    /// Its run, once something is written down.
    run: Rc<OnceCell<String>>,
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
            profile,
            origin,
            mode,
            door: Arc::new(door),
            protect,
            ask,
            current: RefCell::default(),
            written: RefCell::default(),
        }
    }

    fn is_real(&self) -> bool {
        matches!(self.mode.get(), Mode::Live | Mode::Confirm)
    }

    /// What an earlier try has done; what is unclear about it is looked up first.
    fn earlier(&self, happening: &Happening) -> Result<Option<Arc<Earlier>>, Message> {
        let Some(run) = happening.run.as_ref().filter(|_| self.is_real()) else { return Ok(None) };
        let told = |error: StoreError| {
            let (message, help) = error.words();
            Message::new(message, help)
        };
        let store = self.opener.shelf.store().map_err(told)?;
        let done: send::Done = Arc::new(|_, _, _| {});
        let options = ResumeOptions {
            only_failed: false,
            send: SendOptions::new(Check::Drift, self.opener.stop.clone(), Stop::new(), done),
        };
        let journal = send::Journal { store: Arc::clone(&store), run: run.clone() };
        resume(&self.door, journal, options).map_err(|error| match error {
            ResumeError::Store(error) => told(error),
            ResumeError::NotWhole => Message::new("its run was not written down whole", "replay the event"),
        })?;
        let rows = store.rows(run).map_err(told)?;
        let changes = all_changes(&*store, run).map_err(told)?;
        Ok(Some(Arc::new(Earlier::new(rows, changes, false))))
    }

    /// Notes a run for the event when the first change is about to be sent, or goes on with the one of before.
    fn journal(&self, hook: &HookSpec, happening: &Happening, run: &Rc<OnceCell<String>>) -> OpenJournal {
        let journals = self.opener.shelf.clone();
        let about = self.about("hook", json!({ "hook": hook.name, "event": happening.key }));
        let (known, number, run) = (happening.run.clone(), happening.number, Rc::clone(run));
        Rc::new(move || {
            let store = journals.store()?;
            let id = if let Some(known) = &known {
                store.reopen_run(known)?;
                known.clone()
            } else {
                let id = store.start_run(&about)?;
                // Before anything is sent: the next try must find it.
                journals.hooks()?.delivery_run(number, &id)?;
                id
            };
            let _ = run.set(id.clone());
            Ok(Written { store, run: id })
        })
    }

    /// Notes a run for the time when the first change is about to be sent.
    fn journal_of_tick(&self, tick: &Tick, run: &Rc<OnceCell<String>>) -> OpenJournal {
        let AboutJob { name, scheduled_at, .. } = tick.about.clone();
        let about = self.about("schedule", json!({ "schedule": name, "tick": scheduled_at.to_string() }));
        let (journals, run) = (self.opener.shelf.clone(), Rc::clone(run));
        Rc::new(move || {
            let store = journals.store()?;
            let id = store.start_run(&about)?;
            journals.jobs()?.tick_run(&name, scheduled_at, &id)?;
            let _ = run.set(id.clone());
            Ok(Written { store, run: id })
        })
    }

    fn about(&self, kind: &'static str, arguments: Value) -> NewRun {
        let (origin, mode) = (self.origin.clone(), self.mode.get().word());
        let about = About { kind, code: None, ..self.opener.about.clone() };
        NewRun { arguments, ..about.new_run(&self.profile, origin, mode, self.opener.clock().now()) }
    }

    /// Whether what is known of the record may be relied on.
    fn is_fresh(&self, happening: &Happening) -> bool {
        let age = Timestamp::now().duration_since(happening.noticed).unsigned_abs();
        let id = happening.record["id"].as_str().unwrap_or_default();
        happening.attempt == 1 && age < FRESH && !self.written.borrow().contains_key(id)
    }

    /// Notes what was written, so that it does not fire the script's own hooks.
    fn keep_writes(&self, current: &Current) -> Result<(), StoreError> {
        let wrote = std::mem::take(&mut *current.wrote.lock().unwrap_or_else(PoisonError::into_inner));
        if wrote.is_empty() {
            return Ok(());
        }
        let writes: Vec<(String, OwnWrite)> = wrote
            .iter()
            .flat_map(|wrote| own::writes(wrote, &self.opener.about.script, &current.name))
            .collect();
        let mut written = self.written.borrow_mut();
        written.retain(|_, at| at.elapsed() < FRESH * 2);
        written.extend(writes.iter().map(|(_, write)| (write.record.clone(), Instant::now())));
        let store = self.opener.shelf.hooks()?;
        store.wrote(&self.profile.name, &self.origin, &writes)?;
        for (object, write) in &writes {
            let family = store.family(&self.profile.name, &self.origin, object)?;
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
}

impl Deliveries for Gates {
    fn open(&self, cause: Cause) -> Result<Rc<Gate>, Message> {
        let earlier = match cause {
            Cause::Event(_, happening) => self.earlier(happening)?,
            Cause::Tick(_) => None,
        };
        let (tally, run) = (Tally::default(), Rc::new(OnceCell::new()));
        let wrote = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&wrote);
        let tell: Tell =
            Arc::new(move |record| told.lock().unwrap_or_else(PoisonError::into_inner).push(record));
        let (console, yes) = (Arc::clone(&self.opener.console), self.opener.bounds.yes);
        let (name, journal, salt) = match cause {
            Cause::Event(hook, happening) => {
                let salt = format!("{}\n{}", hook.name, happening.key);
                (hook.name.clone(), self.journal(hook, happening, &run), salt)
            }
            Cause::Tick(tick) => {
                let AboutJob { name, scheduled_at, .. } = &tick.about;
                (name.clone(), self.journal_of_tick(tick, &run), format!("job\n{name}\n{scheduled_at}"))
            }
        };
        let policy = Policy {
            mode: self.mode.get(),
            guard: Rc::new(Guard::new(self.opener.bounds.limits(&self.profile))),
            journal: Some(Journal::new(journal)),
            ask: Rc::clone(&self.ask),
            ask_on: Rc::new(move |counts| confirm::after_the_first(&console, counts, yes)),
            tally: tally.clone(),
            earlier,
            plan: Planned::Nowhere,
            delivery: Some(Delivery { salt, tell }),
            protect: self.protect.clone(),
            runs: Some(self.opener.settings.home.value.join("runs")),
            stop: self.opener.stop.clone(),
            clock: self.opener.clock(),
        };
        let gate = Gate::through(policy, Arc::clone(&self.door));
        if let Cause::Event(_, happening) = cause
            && !self.is_fresh(happening)
            && let Some(id) = happening.record["id"].as_str()
        {
            gate.distrust(id);
        }
        *self.current.borrow_mut() = Some(Current { name, tally, wrote, run });
        Ok(Rc::new(gate))
    }

    fn set_mode(&self, mode: Mode) {
        self.mode.set(mode);
    }

    fn close(&self, went_well: bool) -> Result<(), Message> {
        let Some(current) = self.current.borrow_mut().take() else { return Ok(()) };
        self.opener.tally.add(&current.tally.counts());
        let kept = self.keep_writes(&current).and_then(|()| match current.run.get() {
            Some(run) => {
                let outcome = if went_well { "done" } else { "failed" };
                self.opener.shelf.store()?.finish_run(run, outcome, Timestamp::now())
            }
            None => Ok(()),
        });
        kept.map_err(|error| {
            let (message, help) = error.words();
            Message::new(message, help)
        })
    }
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
